/** Rates over the last few seconds, and the time left that follows from them and from how much a day may bring. */
import type { JobProgress } from '../../../contract/types.ts'
import type { Clock } from '../../base/clock.ts'

const WINDOW_MS = 10_000
const SAMPLE_MS = 250
const SETTLED_MS = 2_000 // before that a rate says nothing, and no time left is shown

interface Sample {
  at: number
  done: number
  bytes: number
}

/** What a day may bring: bytes left of this one, bytes of each that follows, and when the next begins (Unix ms). */
export interface DayLimit {
  left: number
  perDay: number
  endsAt: number
}

export function createPace(clock: Clock) {
  let samples: Sample[] = []
  let phase = ''
  let limit: DayLimit | null = null
  return {
    /** What the samples say now; call it with each progress. */
    measure(progress: JobProgress): Pick<JobProgress, 'rate' | 'byteRate' | 'secondsLeft' | 'endsAt'> {
      const now = clock.now()
      if (phase !== progress.phase) samples = []
      phase = progress.phase
      const last = samples.at(-1)
      if (!last || now - last.at >= SAMPLE_MS) samples.push({ at: now, done: progress.done, bytes: progress.bytesDone })
      while (samples.length > 2 && now - samples[0]!.at > WINDOW_MS) samples.shift()
      const first = samples[0]!
      const seconds = (now - first.at) / 1000
      if (seconds <= 0) return { rate: 0, byteRate: 0, secondsLeft: null }
      const rate = Math.max(0, progress.done - first.done) / seconds
      const byteRate = Math.max(0, progress.bytesDone - first.bytes) / seconds
      if (seconds * 1000 < SETTLED_MS) return { rate, byteRate, secondsLeft: null }
      if (!limit) return { rate, byteRate, secondsLeft: secondsLeft(progress, rate, byteRate) }
      const left = withinDays(progress, byteRate, limit, now)
      return { rate, byteRate, secondsLeft: left, ...(left !== null && { endsAt: now + Math.round(left * 1000) }) }
    },
    /** From now on a day may bring so much; null: as much as it can. */
    limit(next: DayLimit | null) {
      limit = next
    },
    /** After a pause: the time in between says nothing about the rate. */
    restart() {
      samples = []
    },
  }
}

function secondsLeft({ done, total, bytesDone, bytesTotal }: JobProgress, rate: number, byteRate: number): number | null {
  // Bytes tell more than counts where both are known: the last messages may be the large ones.
  if (bytesTotal !== null && byteRate > 0) return Math.max(0, (bytesTotal - bytesDone) / byteRate)
  if (total !== null && rate > 0) return Math.max(0, (total - done) / rate)
  return null
}

const DAY_SECONDS = 24 * 60 * 60

/** Of what is still to come, the rest of today, whole days of waiting, and the hours of the last one. Null while the size of it cannot be told. */
export function withinDays(progress: JobProgress, byteRate: number, { left, perDay, endsAt }: DayLimit, now: number): number | null {
  const bytes = bytesLeft(progress)
  if (bytes === null || byteRate <= 0) return null
  if (bytes <= left) return bytes / byteRate
  const later = bytes - left
  const whole = Math.ceil(later / perDay) - 1
  return (endsAt - now) / 1000 + whole * DAY_SECONDS + Math.min(DAY_SECONDS, (later - whole * perDay) / byteRate)
}

/** As the server states it, else by what the messages so far were like. */
function bytesLeft({ done, total, bytesDone, bytesTotal }: JobProgress): number | null {
  if (bytesTotal !== null) return Math.max(0, bytesTotal - bytesDone)
  if (total === null || done === 0) return null
  return Math.max(0, total - done) * (bytesDone / done)
}
