/** One message of any size through one worker: pieces go in as fast as records are put away, and little is held anywhere. */
import { AppError } from '../../../contract/errors.ts'
import { giveBackAll } from '../../base/giveBack.ts'
import type { Unsealed } from '../../log/types.ts'
import type { Prepared, PreparedAndRead } from './types.ts'
import { unread } from './unread.ts'
import type { WorkerLost, WorkerThread } from './workerThread.ts'

const PIECE = 512 * 1024
const WINDOW = 2 * 1024 * 1024 // given to the worker and not worked off

export async function streamThrough(
  thread: WorkerThread,
  task: number,
  pieces: AsyncIterable<Uint8Array>,
  put: (records: Unsealed[]) => Promise<void>,
): Promise<PreparedAndRead> {
  let under = 0
  let working = 0
  let putting: Promise<void> = Promise.resolve()
  let assembled: Omit<Prepared, 'parsed'> | null = null
  let result: PreparedAndRead | null = null
  let failure: unknown = null
  let wake: (() => void) | null = null

  const stir = () => {
    wake?.()
    wake = null
  }
  const fail = (error: unknown) => {
    failure ??= error
    stir()
  }
  const until = async (ready: () => boolean) => {
    while (!ready()) {
      if (failure) throw failure
      await new Promise<void>(go => {
        wake = go
      })
    }
    if (failure) throw failure
  }

  // A worker waits for the network and the disk in between: only while it has work is it watched.
  let listening = false
  const listen = () => {
    if (listening) return
    listening = true
    thread.listen(message => {
      if (!('task' in message) || message.task !== task) return
      if (message.type === 'taken') {
        const { records, bytes } = message
        working -= bytes
        if (working === 0) pause()
        // The window opens again when the records are put away, not when the worker has made them.
        putting = putting
          .then(() => (records.length > 0 && !failure ? put(records) : undefined))
          .then(() => {
            for (const record of records) giveBackAll(record.bytes)
            under -= bytes
            stir()
          }, fail)
      } else if (message.type === 'assembled') assembled = message.prepared
      else if (message.type === 'streamParsed') {
        result = { ...assembled!, parsed: message.parsed }
        stir()
      } else if (message.type === 'failed') fail(new AppError('internal', `a worker could not take a large message: ${message.message}`))
    }, lost)
  }
  const pause = () => {
    if (!listening) return
    listening = false
    thread.rest()
  }
  const lost = (error: WorkerLost) => {
    // Everything is stored by then; only its text is not known.
    if (assembled) result = { ...assembled, parsed: unread(error.why) }
    else fail(new AppError('internal', 'the worker of a large message was lost', { cause: error }))
    stir()
  }

  try {
    thread.post({ type: 'stream', task })
    for await (const piece of pieces) {
      for (let from = 0; from < piece.length; from += PIECE) {
        await until(() => under < WINDOW)
        // A copy of its own to transfer: the caller may hold several pieces in one buffer.
        const bytes = new Uint8Array(piece.subarray(from, from + PIECE))
        listen()
        under += bytes.length
        working += bytes.length
        thread.post({ type: 'chunk', task, bytes }, [bytes.buffer])
      }
    }
    await until(() => under === 0)
    listen()
    thread.post({ type: 'chunksEnd', task })
    await until(() => result !== null)
    return result!
  } catch (error) {
    // What the worker holds of it is worth nothing any more.
    await thread.close()
    throw error
  } finally {
    await putting
    pause()
  }
}
