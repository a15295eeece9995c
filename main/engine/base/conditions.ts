/** What is known of the computer this runs on: told by the shell, which hears it from the system. */
import type { Conditions } from '../../contract/captureRules.ts'
import { createEmitter } from './emitter.ts'

export interface ComputerConditions {
  now(): Conditions
  set(conditions: Conditions): void
  onChange(listener: () => void): () => void
}

export function createConditions(): ComputerConditions {
  const changes = createEmitter<void>()
  let present: Conditions = { battery: null, metered: null }
  return {
    now: () => present,
    set: next => {
      const changed = next.battery !== present.battery || next.metered !== present.metered
      present = next
      if (changed) changes.emit()
    },
    onChange: listener => changes.subscribe(listener),
  }
}
