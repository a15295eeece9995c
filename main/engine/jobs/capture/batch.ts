/** Fetched messages on their way to the saver, in batches worth an fsync: 5,400 durable records a second at 100 a batch, 970 at 1. */
import type { FetchedMessage } from '../../mail/types.ts'
import { noteSize, type Place, placedFact } from './facts.ts'
import type { CaptureRun } from './run.ts'

const MOST_MESSAGES = 100
const MOST_BYTES = 2 * 1024 * 1024
/** What has come is on its way to the disk this soon, also when the line is slow, or the next message stops in its middle. */
const MOST_MS = 1000

export interface Batch {
  /** Resolves when there is room for more. */
  add(message: FetchedMessage): Promise<void>
  flush(): Promise<void>
}

/** For messages of one mailbox; a list shows those from the UID `newest` on first. */
export function createBatch(run: CaptureRun, place: Place, newest: number): Batch {
  let messages: FetchedMessage[] = []
  let bytes = 0
  let since = 0
  let timer: NodeJS.Timeout | undefined

  const flush = async () => {
    clearTimeout(timer)
    if (messages.length === 0) return
    const these = messages
    messages = []
    bytes = 0
    await run.saver.messages(
      these.map(message => message.bytes),
      // The bytes are the pool's by now; only what was said about them is kept.
      prepared => these.map((message, i) => placedFact(place, message, prepared[i]!)),
      { newest: these.some(({ uid }) => uid >= newest) },
    )
  }

  return {
    flush,
    add: async message => {
      if (messages.length === 0) {
        since = run.clock.now()
        // What goes wrong with it the saver keeps, and tells whoever comes next.
        timer = setTimeout(() => void flush().catch(() => {}), MOST_MS)
      }
      noteSize(run, message.size, message.bytes.length)
      messages.push(message)
      bytes += message.bytes.length
      if (messages.length >= MOST_MESSAGES || bytes >= MOST_BYTES || run.clock.now() - since >= MOST_MS) await flush()
    },
  }
}
