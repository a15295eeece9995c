/** A message for the reader: first its beginning, and once a person stays with it all of it. */
import { useEffect, useState } from 'react'
import type { MessageView } from '../../main/contract/types.ts'
import { useDoors } from '../state/engine.ts'
import { type Called, useCall } from '../state/useCall.ts'
import { useView } from '../state/view.ts'

/** Who walks through the list has gone on by then, and nothing is worked on that nobody sees. */
const STAYS_MS = 600
/** What is on the screen comes first; then the engine reads what is probably opened next. */
const AHEAD_MS = 80

export function useShown(message: { archive: string; message: string } | null): Called<MessageView> {
  const { engine } = useDoors()
  const first = useCall('message.show', message && { ...message, beginning: true })
  const [stays, setStays] = useState<string | null>(null)
  const cut = first.value?.beginning === true
  const id = message?.message ?? null
  useEffect(() => {
    if (!cut) return
    const timer = setTimeout(() => setStays(id), STAYS_MS)
    return () => clearTimeout(timer)
  }, [cut, id])
  const whole = useCall('message.show', cut && stays === id ? message : null)
  const isIdle = message === null || first.value !== undefined
  useEffect(() => {
    if (!isIdle) return
    let timer: ReturnType<typeof setTimeout>
    const soon = () => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        const [likely, ...others] = useView.getState().expected
        if (!likely) return
        const messages = [likely, ...others.filter(({ archive }) => archive === likely.archive)].map(({ id }) => id)
        // Only a guess: what is wrong with a message is said to who opens it.
        engine.call('message.expect', { archive: likely.archive, messages }).catch(() => {})
      }, AHEAD_MS)
    }
    soon()
    const end = useView.subscribe((now, before) => now.expected !== before.expected && soon())
    return () => {
      clearTimeout(timer)
      end()
    }
  }, [engine, isIdle])

  const reload = () => {
    first.reload()
    whole.reload()
  }
  return { value: whole.value ?? first.value, error: first.error ?? whole.error, loading: first.loading, reload }
}
