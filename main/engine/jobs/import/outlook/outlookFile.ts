/**
 * Outlook's files in an import. They are read in a thread with a limit of memory, and of time for each message: a file that was made to
 * harm, or a message that ends the thread, costs that message, and the next one is read by a new thread.
 */
import { Worker } from 'node:worker_threads'
import type { MailboxRole } from '../../../../contract/types.ts'
import { threadEntry } from '../../../base/threads.ts'
import { unreadable } from '../files.ts'
import type { Reader } from '../types.ts'

export interface OutlookTask {
  path: string
  kind: 'pst' | 'msg'
  /** How many messages to pass over. */
  from: number
}

export type OutlookAnswer =
  | { kind: 'ready' }
  | {
      kind: 'message'
      path: readonly string[]
      role: MailboxRole | null
      where: string
      bytes: Uint8Array
      flags: string[]
      /** Unix ms. */
      received: number | null
    }
  | { kind: 'passed'; where: string }
  | { kind: 'unreadable'; where: string; why: string }
  /** Nothing more can be read of the file. */
  | { kind: 'broken'; why: string }
  | { kind: 'end' }

export interface OutlookLimits {
  /** For one message, and for the tree of a file. */
  timeoutMs: number
  memoryMb: number
}

const LIMITS: OutlookLimits = { timeoutMs: 60_000, memoryMb: 1024 }
/** A file on which so many messages end the thread is not read to its end. */
const ENDS_MAX = 20

export async function* outlookFile(
  path: string,
  kind: OutlookTask['kind'],
  mailbox: readonly string[],
  where: string,
  limits: OutlookLimits = LIMITS,
): Reader {
  const place = (below: string) => (below === '' ? where : `${where}/${below}`)
  let from = 0
  for (let ends = 0; ; ends++) {
    const thread = startThread({ path, kind, from }, limits)
    try {
      for (;;) {
        const answer = await thread.next()
        if (answer.kind === 'end') return
        if (answer.kind === 'broken') {
          yield { kind: 'unreadable', where: from === 0 ? where : `${where}, after message ${from}`, error: unreadable(where, answer.why) }
          return
        }
        from++
        if (answer.kind === 'message') {
          const { bytes, flags, received, role } = answer
          const levels = [...mailbox, ...answer.path]
          const mailboxes = [levels.length > 0 ? levels : ['Mail']]
          const internalDate = received === null ? null : Math.floor(received / 1000)
          yield { kind: 'message', mailboxes, bytes, flags, internalDate, zone: internalDate === null ? null : 0, role, where: place(answer.where) }
        } else if (answer.kind === 'unreadable') {
          yield { kind: 'unreadable', where: place(answer.where), error: unreadable(place(answer.where), answer.why) }
        } else if (answer.kind === 'passed') yield { kind: 'passed', where: place(answer.where) }
      }
    } catch (error) {
      const lost = error instanceof ThreadEnded ? error : null
      if (!lost) throw error
      from++
      const name = kind === 'msg' ? where : `${where}, message ${from}`
      yield { kind: 'unreadable', where: name, error: unreadable(name, lost.message) }
      // It ended before the first message: the file itself is what it cannot read.
      if (kind === 'msg' || ends >= ENDS_MAX || !lost.ready) return
    } finally {
      await thread.close()
    }
  }
}

class ThreadEnded extends Error {
  readonly ready: boolean
  constructor(message: string, ready: boolean) {
    super(message)
    this.ready = ready
  }
}

interface Thread {
  /** Throws ThreadEnded. */
  next(): Promise<Exclude<OutlookAnswer, { kind: 'ready' }>>
  close(): Promise<void>
}

function startThread(task: OutlookTask, { timeoutMs, memoryMb }: OutlookLimits): Thread {
  const worker = new Worker(threadEntry('outlook'), {
    name: 'outlook',
    workerData: task,
    // What the libraries write of messages they cannot read is for nobody.
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 },
  })
  worker.stdout.resume()
  worker.stderr.resume()
  let answered = false
  let settle: ((answer: OutlookAnswer) => void) | null = null
  let fail: ((error: Error) => void) | null = null
  let gone: string | null = null
  worker.on('message', (answer: OutlookAnswer) => {
    if (answer.kind === 'ready') return
    answered = true
    settle?.(answer)
  })
  const ended = (why: string) => {
    gone ??= why
    fail?.(new ThreadEnded(gone, answered))
  }
  worker.on('error', error =>
    ended((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it takes more memory than mail does' : 'reading it fails'),
  )
  worker.on('exit', () => ended('reading it fails'))
  return {
    next: async () => {
      let timer: NodeJS.Timeout | undefined
      try {
        return (await new Promise<OutlookAnswer>((done, failed) => {
          settle = done
          fail = failed
          if (gone !== null) return failed(new ThreadEnded(gone, answered))
          timer = setTimeout(() => ended(`reading it takes longer than ${timeoutMs / 1000} s`), timeoutMs)
          worker.postMessage('next')
        })) as Exclude<OutlookAnswer, { kind: 'ready' }>
      } finally {
        clearTimeout(timer)
        settle = fail = null
      }
    },
    close: async () => void (await worker.terminate()),
  }
}
