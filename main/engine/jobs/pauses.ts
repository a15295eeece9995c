/** Which errors pass by themselves, and how long a job waits for that: longer each time, and never in step with others. */
import { AppError, type ErrorCode, groupOf } from '../../contract/errors.ts'
import type { PauseReason } from '../../contract/types.ts'

/** A pause that is nobody's error: what a person wished, or a provider allows. */
const ruled: Partial<Record<ErrorCode, PauseReason>> = {
  'day-budget': 'day-budget',
  'day-budget-up': 'day-budget',
  'on-battery': 'battery',
  'on-metered': 'metered',
  'account-on-hold': 'on-hold',
}

export interface Pause {
  reason: PauseReason
  /** Null: until a person has done something. */
  ms: number | null
}

interface Wait {
  reason: PauseReason
  first: number
  most: number
}

const SECOND = 1000
const MINUTE = 60 * SECOND
/** First and longest wait per class of error; in between it doubles. */
const waits: Partial<Record<ErrorCode, Wait>> = {
  offline: { reason: 'offline', first: 5 * SECOND, most: 60 * SECOND },
  'host-not-found': { reason: 'offline', first: 5 * SECOND, most: 60 * SECOND },
  'connection-refused': { reason: 'offline', first: 5 * SECOND, most: 300 * SECOND },
  'connection-timeout': { reason: 'offline', first: 5 * SECOND, most: 300 * SECOND },
  'connection-lost': { reason: 'offline', first: 2 * SECOND, most: 300 * SECOND },
  'server-unavailable': { reason: 'server-busy', first: 30 * SECOND, most: 900 * SECOND },
  'server-throttled': { reason: 'server-busy', first: 60 * SECOND, most: 3600 * SECOND },
  'disk-full': { reason: 'disk-full', first: 15 * SECOND, most: 60 * SECOND },
  'destination-missing': { reason: 'destination-missing', first: 5 * SECOND, most: 15 * SECOND },
  'destination-other': { reason: 'destination-missing', first: 5 * SECOND, most: 15 * SECOND },
}

/** For a job that ends some day: null where waiting is of no use. */
export function pauseFor(error: unknown, attempt: number): Pause | null {
  if (error instanceof AppError && ruled[error.code]) return untilAllowed(error, ruled[error.code]!)
  const wait = error instanceof AppError ? waits[error.code] : undefined
  return wait ? grown(error, wait, attempt) : null
}

/**
 * For a job that shall never end by itself. What a person has to put right at the provider is not tried again: a wrong password tried every minute
 * gets an account blocked. Whatever else happened may be over in an hour (a captive portal's certificate, a bug met by one odd message),
 * and a capture that ended for good without being noticed is what people lose mail by. Null only where there is nothing left to capture.
 */
export function longPauseFor(error: unknown, attempt: number): Pause | null {
  const code = error instanceof AppError ? error.code : 'internal'
  if (over.has(code)) return null
  if (refusals.has(code)) return { reason: 'account', ms: null }
  return pauseFor(error, attempt) ?? grown(error, longWaits[code] ?? (groupOf(code) === 'server' ? refusing : puzzling), attempt)
}

const over = new Set<ErrorCode>(['cancelled', 'archive-unknown', 'profile-locked', 'account-missing', 'archive-locked'])
export const refusals: ReadonlySet<ErrorCode> = new Set([
  'auth-failed',
  'auth-needs-app-password',
  'imap-disabled',
  'pop3-disabled',
  'account-blocked',
  'plaintext-refused',
  'sign-in-needed',
  'sign-in-no-client',
])
const refusing: Wait = { reason: 'server-busy', first: MINUTE, most: 60 * MINUTE }
const puzzling: Wait = { reason: 'problem', first: 5 * MINUTE, most: 60 * MINUTE }
const longWaits: Partial<Record<ErrorCode, Wait>> = {
  // Another process captures, or reads while it brings the index up to date.
  'archive-in-use': { reason: 'problem', first: 10 * SECOND, most: 60 * SECOND },
}

function grown(error: unknown, { reason, first, most }: Wait, attempt: number): Pause {
  const asked = error instanceof AppError ? Number(error.facts['retryAfterMs'] ?? 0) : 0
  const ms = Math.min(most, first * 2 ** Math.min(attempt, 16))
  return { reason, ms: Math.max(asked, ms * (0.75 + Math.random() / 2)) }
}

/** What a person wished, or a provider allows: nothing to be told of as an error. */
export const isRuled = (error: unknown): boolean => error instanceof AppError && ruled[error.code] !== undefined

/** A timer takes no more than 24.8 days; who has longer to wait looks again then. */
const LONGEST_SLEEP = 20 * 24 * 60 * MINUTE

/** Until the time that is known, and a moment longer: the clocks of two computers differ. Without one, until the computer's state or the rule is another. */
function untilAllowed({ facts }: AppError, reason: PauseReason): Pause {
  const ms = Number(facts['retryAfterMs'] ?? 0)
  return { reason, ms: ms > 0 ? Math.min(LONGEST_SLEEP, ms + SECOND) : null }
}
