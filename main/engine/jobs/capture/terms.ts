/** On which terms an account is captured now: its provider's and the person's rules, the state of the computer, and what is left of the day. */
import { type CaptureRules, usualRules } from '../../../contract/captureRules.ts'
import { AppError } from '../../../contract/errors.ts'
import type { AccountSettings } from '../../../contract/types.ts'
import type { ComputerConditions } from '../../base/conditions.ts'
import type { ConnectPop3 } from '../../mail/pop3/types.ts'
import { connectionsFor, recognise, showsOnlyNewest } from '../../mail/provider.ts'
import type { Provider } from '../../mail/providers.ts'
import type { Connect } from '../../mail/types.ts'
import { type DayBudget, openDayBudget } from '../traffic/dayBudget.ts'
import { politeConnect } from '../traffic/politeConnect.ts'
import { politePop3 } from '../traffic/politePop3.ts'
import { createTraffic, restOfDay } from '../traffic/traffic.ts'
import type { JobContext } from '../types.ts'
import { type LeavesOut, leavesOut } from './selection.ts'

export interface Terms {
  imap(connect: Connect): Connect
  pop3(connect: ConnectPop3): ConnectPop3
  /** Bytes that may be asked for together now. */
  room(): number
  leavesOut: LeavesOut
  /** It matters to which mailboxes the account is subscribed. */
  onlySubscribed: boolean
  /** Messages larger than so many bytes are named and not captured. */
  largest: number | null
  /** So many of a folder are all that the server shows; null: everything. */
  showsOnly: number | null
  /** A day has its budget: how many bytes are to come says how long it takes. */
  countsDays: boolean
  /** What is fetched from now on: a part of each day is kept for what is new. Throws day-budget where nothing of that may be fetched now. */
  bring(what: 'new' | 'rest'): void
  connections: number
  /** What was used of the day is written down. */
  close(): Promise<void>
}

export interface TermsDeps {
  rules: Partial<CaptureRules>
  settings: AccountSettings
  conditions: ComputerConditions
  /** A person has asked for mail now, whatever the rules say about the state of the computer. */
  regardless: boolean
  /** Where the day's use is counted. */
  trafficFile: string
  /** Connections that somebody else has to the account now. */
  borrowed: number
}

/** Throws account-on-hold, on-battery, on-metered and day-budget where nothing is to be captured now. */
export async function openTerms(
  { rules: given, settings, conditions, regardless, trafficFile, borrowed }: TermsDeps,
  job: JobContext,
): Promise<Terms> {
  const rules = { ...usualRules, ...given }
  const { clock, signal } = job
  const provider = recognise(settings)
  const perDay = dayBytes(rules, settings, provider)
  const check = () => {
    refuseOnHold(rules, clock.now())
    if (!regardless) refuseConditions(rules, conditions)
  }
  check()
  const budget = perDay === null ? null : await openDayBudget({ file: trafficFile, perDay, zone: provider?.dayZone, clock })
  const onBudget = ({ left, endsAt }: DayBudget) => {
    const most = restOfDay(perDay ?? 0)
    job.limit?.({ left: Math.max(0, left() - ((perDay ?? 0) - most)), perDay: most, endsAt: endsAt() })
  }
  const traffic = createTraffic({ clock, signal, budget, bytesPerSecond: rules.bytesPerSecond, check, onBudget })
  return {
    imap: connect => politeConnect(connect, traffic),
    pop3: connect => politePop3(connect, traffic),
    room: traffic.portion,
    leavesOut: leavesOut(rules),
    onlySubscribed: rules.onlySubscribed,
    largest: largestOf(rules, perDay),
    showsOnly: showsOnlyNewest(settings, provider),
    countsDays: perDay !== null,
    bring: traffic.bring,
    connections: Math.max(1, (rules.connections ?? connectionsFor(provider)) - borrowed),
    close: async () => budget?.close(),
  }
}

/** In force for a day; null where nothing limits it. */
export function dayBytes({ bytesPerDay }: CaptureRules, { protocol }: AccountSettings, provider: Provider | null): number | null {
  return bytesPerDay === 'provider' ? (provider?.dayBytes?.[protocol] ?? null) : bytesPerDay
}

/** A message that is larger than all of a day can never come; better it is named than that everything waits for it. */
const OF_A_DAY = 0.9

function largestOf({ largestMessage }: CaptureRules, perDay: number | null): number | null {
  const most = Math.min(largestMessage ?? Number.POSITIVE_INFINITY, perDay === null ? Number.POSITIVE_INFINITY : Math.floor(perDay * OF_A_DAY))
  return Number.isFinite(most) ? most : null
}

/** Throws account-on-hold. */
export function refuseOnHold({ hold }: Pick<CaptureRules, 'hold'>, now: number): void {
  if (!hold || (hold.until !== null && hold.until <= now)) return
  throw new AppError('account-on-hold', 'the account is paused', {
    facts: { why: hold.reason, ...(hold.until !== null && { until: hold.until, retryAfterMs: hold.until - now }) },
  })
}

function refuseConditions({ waitOnBattery, waitOnMetered }: CaptureRules, conditions: ComputerConditions): void {
  const { battery, metered } = conditions.now()
  if (waitOnBattery && battery) throw new AppError('on-battery', 'this computer runs on battery')
  if (waitOnMetered && metered) throw new AppError('on-metered', 'the connection is metered')
}
