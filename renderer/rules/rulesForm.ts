/** The form of an account's rules: what is typed, what becomes of it, and what it would leave out. */
import type { CaptureRules, CaptureState } from '../../main/contract/captureRules.ts'
import type { MailboxRole } from '../../main/contract/types.ts'

export interface LimitsDraft {
  /** Millions of bytes; empty: no limit. */
  largest: string
  /** Thousands of bytes a second. */
  speed: string
  day: 'provider' | 'none' | 'own'
  /** Millions of bytes. */
  dayAmount: string
  /** Empty: as the provider bears. */
  connections: string
  waitOnBattery: boolean
  waitOnMetered: boolean
}

const MB = 1_000_000
const KB = 1_000

export function limitsDraft({ largestMessage, bytesPerSecond, bytesPerDay, connections, waitOnBattery, waitOnMetered }: CaptureRules): LimitsDraft {
  return {
    largest: inUnits(largestMessage, MB),
    speed: inUnits(bytesPerSecond, KB),
    day: bytesPerDay === 'provider' ? 'provider' : bytesPerDay === null ? 'none' : 'own',
    dayAmount: inUnits(typeof bytesPerDay === 'number' ? bytesPerDay : null, MB),
    connections: connections === null ? '' : String(connections),
    waitOnBattery,
    waitOnMetered,
  }
}

/** What is typed as rules; null where something is no number. */
export function limitsOf(draft: LimitsDraft): Partial<CaptureRules> | null {
  const largestMessage = fromUnits(draft.largest, MB, 1_000)
  const bytesPerSecond = fromUnits(draft.speed, KB, 10_000)
  const own = fromUnits(draft.dayAmount, MB, MB)
  if (largestMessage === undefined || bytesPerSecond === undefined || (draft.day === 'own' && typeof own !== 'number')) return null
  return {
    largestMessage,
    bytesPerSecond,
    bytesPerDay: draft.day === 'own' ? (own as number) : draft.day === 'none' ? null : 'provider',
    connections: draft.connections === '' ? null : Number(draft.connections),
    waitOnBattery: draft.waitOnBattery,
    waitOnMetered: draft.waitOnMetered,
  }
}

export const isAmount = (text: string, unit: 'MB' | 'kB'): boolean =>
  fromUnits(text, unit === 'MB' ? MB : KB, unit === 'MB' ? 1_000 : 10_000) !== undefined

function inUnits(bytes: number | null, unit: number): string {
  return bytes === null ? '' : String(Math.round((bytes / unit) * 1000) / 1000)
}

/** Null for nothing, undefined for what is no number or too small. A comma is a decimal point in most of Europe. */
function fromUnits(text: string, unit: number, least: number): number | null | undefined {
  if (text.trim() === '') return null
  const value = /^\d+([.,]\d+)?$/.test(text.trim()) ? Math.round(Number(text.trim().replace(',', '.')) * unit) : Number.NaN
  return value >= least ? value : undefined
}

export type Selection = Pick<CaptureRules, 'leaveOutRoles' | 'leaveOutNames' | 'onlySubscribed'>
type Listed = CaptureState['mailboxes'][number]

/** Kinds a person may want to leave out at once. The inbox is not among them: it can be left out by its name. */
export const kinds: readonly MailboxRole[] = ['junk', 'trash', 'drafts', 'sent', 'archive', 'all']

export const namesOf = (lines: string): string[] => [
  ...new Set(
    lines
      .split('\n')
      .map(line => line.trim())
      .filter(Boolean),
  ),
]

/** Whether a mailbox is left out, and by what. The engine decides; this is the same rule for what is being typed. */
export function leftOutBy(
  { name, role, subscribed }: Pick<Listed, 'name' | 'role' | 'subscribed'>,
  { leaveOutRoles, leaveOutNames, onlySubscribed }: Selection,
): 'kind' | 'unsubscribed' | 'name' | null {
  if (role !== null && leaveOutRoles.includes(role)) return 'kind'
  if (onlySubscribed && !subscribed && role !== 'inbox') return 'unsubscribed'
  return leaveOutNames.some(pattern => isLike(name, pattern)) ? 'name' : null
}

function isLike(name: string, pattern: string): boolean {
  const expression = folded(pattern)
    .split('*')
    .map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^]*')
  return new RegExp(`^${expression}$`).test(folded(name))
}

const folded = (text: string) => text.normalize('NFC').toLowerCase()

/** Mailboxes that would be left out from now on and are captured now: what has to be said before it is saved. */
export function newlyLeftOut(mailboxes: readonly Listed[], before: Selection, after: Selection): Listed[] {
  return mailboxes.filter(mailbox => leftOutBy(mailbox, after) !== null && leftOutBy(mailbox, before) === null)
}

/** What a wider rule would leave out beyond the mailboxes that are there: then it has a price, too. */
export const isWider = (before: Selection, after: Selection): boolean =>
  (after.onlySubscribed && !before.onlySubscribed) ||
  after.leaveOutRoles.some(role => !before.leaveOutRoles.includes(role)) ||
  after.leaveOutNames.some(name => !before.leaveOutNames.includes(name))
