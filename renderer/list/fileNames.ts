import type { MessageSummary } from '../../main/contract/types.ts'

const LONGEST = 80

/** A name that every system takes, that sorts by time, and that no other message has. */
export function messageFileName({ id, subject, sortTime }: MessageSummary, ending: 'eml' | 'pdf' = 'eml'): string {
  const day = new Date(sortTime).toISOString().slice(0, 10)
  const words = [...subject.normalize('NFC').replace(/[\p{C}<>:"/\\|?*]+/gu, ' ')].slice(0, LONGEST).join('').replace(/\s+/g, ' ').trim()
  return `${day} ${words.replace(/^\.+|\.+$/g, '')} ${id.slice(0, 8)}.${ending}`.replace(/ +/g, ' ')
}
