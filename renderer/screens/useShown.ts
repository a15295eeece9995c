/** A message for the reader: first its beginning, and once a person stays with it all of it. */
import { useEffect, useState } from 'react'
import type { MessageView } from '../../main/contract/types.ts'
import { type Called, useCall } from '../state/useCall.ts'

/** Who walks through the list has gone on by then, and nothing is worked on that nobody sees. */
const STAYS_MS = 250

export function useShown(message: { archive: string; message: string } | null): Called<MessageView> {
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
  const reload = () => {
    first.reload()
    whole.reload()
  }
  return { value: whole.value ?? first.value, error: first.error ?? whole.error, loading: first.loading, reload }
}
