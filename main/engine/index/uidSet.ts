/** IMAP sequence sets as facts carry them: "1:4,9" (RFC 9051 section 9, without "*"). */
import { AppError } from '../../contract/errors.ts'

/** Ranges from and to, both included. Throws index-damaged on anything else: a commit was authenticated, so this is our own mistake. */
export function uidRanges(set: string): [number, number][] {
  if (set === '') return []
  return set.split(',').map(part => {
    const match = /^(\d{1,10})(?::(\d{1,10}))?$/.exec(part)
    if (!match) throw new AppError('index-damaged', 'a commit has a UID set that cannot be read')
    const from = Number(match[1])
    const to = Number(match[2] ?? match[1])
    return from <= to ? [from, to] : [to, from]
  })
}
