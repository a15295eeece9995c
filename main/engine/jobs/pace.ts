/** Rates over the last few seconds, and the time left that follows from them. */
import type { JobProgress } from '../../contract/types.ts'
import type { Clock } from '../base/clock.ts'

const WINDOW_MS = 10_000
const SAMPLE_MS = 250
const SETTLED_MS = 2_000 // before that a rate says nothing, and no time left is shown

interface Sample {
  at: number
  done: number
  bytes: number
}

export function createPace(clock: Clock) {
  let samples: Sample[] = []
  let phase = ''
  return {
    /** What the samples say now; call it with each progress. */
    measure(progress: JobProgress): Pick<JobProgress, 'rate' | 'byteRate' | 'secondsLeft'> {
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
      return { rate, byteRate, secondsLeft: seconds * 1000 < SETTLED_MS ? null : secondsLeft(progress, rate, byteRate) }
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
