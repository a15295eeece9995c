/** Does another program empty the mailbox between two captures? Then it may be faster than we are one day, and a message is lost. */
import type { Pop3Id } from '../../index/types.ts'
import type { Pop3Notice } from './run.ts'

const DAY_MS = 24 * 60 * 60 * 1000
/** Mail that a person reads and deletes on the web page goes by the piece, and not within three days. */
const YOUNG_MS = 3 * DAY_MS
const MANY = 5

export interface Vanished {
  /** What was on the server at the last look. */
  before: readonly Pop3Id[]
  /** What of it is gone now. */
  gone: readonly Pop3Id[]
  /** How many messages are listed now. */
  listed: number
  now: number
}

/** `pop3-emptied`: nothing is left of what was there. `pop3-vanishing`: most of what came lately is gone again. Null: nothing to worry about. */
export function noticeOf({ before, gone, listed, now }: Vanished): Pop3Notice | null {
  if (gone.length > 0 && listed === 0) return 'pop3-emptied'
  const isYoung = ({ firstSeen }: Pop3Id) => firstSeen !== null && now - firstSeen < YOUNG_MS
  const youngGone = gone.filter(isYoung).length
  return youngGone >= MANY && youngGone * 2 >= before.filter(isYoung).length ? 'pop3-vanishing' : null
}
