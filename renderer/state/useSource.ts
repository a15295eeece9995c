import { useMemo } from 'react'
import { useCall } from './useCall.ts'

const SHOWN_MAX = 512 * 1024

/** The beginning of a message's bytes as text: what is not UTF-8 is shown a character a byte. */
export function useSource(message: { archive: string; message: string } | null): {
  value: { text: string; cut: boolean } | undefined
  error: unknown
} {
  const { value, error } = useCall('message.raw', message && { ...message, offset: 0 })
  const source = useMemo(() => {
    if (!value) return undefined
    const bytes = value.bytes.subarray(0, SHOWN_MAX)
    const utf8 = new TextDecoder().decode(bytes)
    return { text: utf8.includes('\ufffd') ? new TextDecoder('latin1').decode(bytes) : utf8, cut: value.total > bytes.length }
  }, [value])
  return { value: source, error }
}
