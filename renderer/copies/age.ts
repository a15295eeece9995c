import type { CopyState } from '../../main/contract/copies.ts'
import type { Text } from '../text/text.ts'

const DAY = 24 * 60 * 60 * 1000

/** "Proven safe 2 hr ago"; with the date where that is longer ago than a day. */
export function safeLine({ safeAsOf }: CopyState, { t, format }: Text, now: number): string {
  if (safeAsOf === null) return t('copies.never')
  const age = Math.max(0, now - safeAsOf)
  return age < DAY ? t('copies.safeAgo', { time: format.duration(age / 1000) }) : t('copies.safeAt', { time: format.moment(safeAsOf, now) })
}

/** What the copy holds, beside what it lacks. */
export function sizeLine({ bytes, behindBytes, state }: CopyState, { t, format }: Text): string {
  if (behindBytes > 0) return t('copies.behind', { size: format.bytes(behindBytes) })
  return t(state === 'safe' ? 'copies.upToDate' : 'copies.holds', { size: format.bytes(bytes) })
}
