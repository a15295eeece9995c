/**
 * V8 counts buffers against a heap but lets them grow by 64 MB before it collects them: those that outlived their first collections, mostly the blocks that
 * small buffers share. Whoever works through a lot of mail asks now and then whether it is time.
 */
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const MB = 1024 * 1024

/** After so long without a collection the work is new, and has twice the room: a day's mail is through before it is collected for, at a sixth of its time. */
const ANEW_MS = 3000

/** The thread's own collector. Called often, it collects when so many MB of buffers have come to what was left the last time; at first, twice as many. */
export function createCollector(mostMb: number): () => void {
  setFlagsFromString('--expose-gc')
  // A runtime that has closed its flags has none: then V8 collects as it likes.
  const collect = (globalThis.gc ?? runInNewContext('typeof gc === "function" ? gc : null')) as (() => void) | null
  if (!collect) return () => {}
  const buffers = () => getHeapStatistics().external_memory
  let least = buffers()
  let last = Number.NEGATIVE_INFINITY
  return () => {
    const now = buffers()
    least = Math.min(least, now)
    if (now - least < (performance.now() - last < ANEW_MS ? 1 : 2) * mostMb * MB) return
    collect()
    least = buffers()
    last = performance.now()
  }
}
