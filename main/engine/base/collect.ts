/**
 * V8 counts buffers against a heap but lets them grow by 64 MB before it collects them: those that outlived their first collections, mostly the blocks that
 * small buffers share. Whoever works through a lot of mail asks now and then whether it is time.
 */
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const MB = 1024 * 1024

/** The thread's own collector. Called often, it collects when so many MB of buffers have come to what was left the last time. */
export function createCollector(mostMb: number): () => void {
  setFlagsFromString('--expose-gc')
  // A runtime that has closed its flags has none: then V8 collects as it likes.
  const collect = (globalThis.gc ?? runInNewContext('typeof gc === "function" ? gc : null')) as (() => void) | null
  if (!collect) return () => {}
  const buffers = () => getHeapStatistics().external_memory
  let least = buffers()
  return () => {
    const now = buffers()
    least = Math.min(least, now)
    if (now - least < mostMb * MB) return
    collect()
    least = buffers()
  }
}
