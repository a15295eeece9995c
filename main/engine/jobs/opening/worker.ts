/** The module the opening thread starts with: one question after the other. */
import { parentPort, workerData } from 'node:worker_threads'
import { giveBack } from '../../base/giveBack.ts'
import { mindGate, type SharedGate } from '../../base/threadGate.ts'
import { openers } from './openers.ts'
import { type Answer, type Question, READY } from './opening.ts'

mindGate((workerData as { gate: SharedGate }).gate)
const port = parentPort!
const say = (answer: Answer) => port.postMessage(answer)

port.on('message', async ({ id, name, args }: Question) => {
  try {
    const open = openers[name] as (...args: readonly unknown[]) => unknown
    say({ id, value: await open(...args) })
  } catch (error) {
    say({ id, failed: error instanceof Error ? error.message : String(error) })
  } finally {
    for (const arg of args) if (arg instanceof Uint8Array) giveBack(arg) // a copy for this thread alone
  }
})
say(READY)
