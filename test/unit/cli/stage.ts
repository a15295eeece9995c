/** A stage for the command line: its terminal is recorded, and its engine is a table of answers that a test writes. */

import { run } from '../../../main/cli/run.ts'
import type { Terminal } from '../../../main/cli/terminal.ts'
import type { CallName, EngineClient, InputOf, OutputOf, WatchName } from '../../../main/contract/contract.ts'
import { AppError } from '../../../main/contract/errors.ts'
import type { ArchiveSummary, Job, MessageSummary } from '../../../main/contract/types.ts'

type Answers = { [N in CallName]?: (input: InputOf<N>) => OutputOf<N> | Promise<OutputOf<N>> }
type Values = { [N in WatchName]?: OutputOf<N> }

export interface Stage {
  answers?: Answers
  values?: Values
  env?: Record<string, string>
  /** What a person types, one answer a question; absent: there is no person. */
  typed?: string[]
  tty?: boolean
  columns?: number
  signal?: AbortSignal
}

export interface Played {
  code: number
  out: string
  err: string
  /** stdout, which must be exactly one JSON value. */
  json(): unknown
  calls: { name: CallName; input: unknown }[]
  asked: string[]
  /** The engine was closed as often as it was opened. */
  closed: boolean
}

export async function play(argv: string[], stage: Stage = {}): Promise<Played> {
  const out: Buffer[] = []
  let err = ''
  let opened = 0
  let closed = 0
  const calls: Played['calls'] = []
  const asked: string[] = []
  const typed = [...(stage.typed ?? [])]
  const terminal: Terminal = {
    env: stage.env ?? { MAILCOFFER_PASSWORD: 'the password' },
    cwd: '/somewhere',
    defaultProfile: '/profile',
    out: async data => {
      out.push(Buffer.from(data))
    },
    err: text => {
      err += text
    },
    outIsTty: stage.tty ?? false,
    errIsTty: stage.tty ?? false,
    columns: stage.columns ?? null,
    canAsk: stage.typed !== undefined,
    askSecret: async question => {
      asked.push(question)
      const answer = typed.shift()
      if (answer === undefined) throw new AppError('cancelled', 'nothing more is typed')
      return answer
    },
    signal: stage.signal ?? new AbortController().signal,
    openEngine: async () => {
      opened++
      return {
        client: client(stage, calls),
        close: async () => {
          closed++
        },
      }
    },
    now: () => performance.now(),
  }
  const code = await run(argv, terminal, '9.9.9')
  const text = Buffer.concat(out).toString()
  return { code, out: text, err, json: () => JSON.parse(text), calls, asked, closed: opened === closed }
}

function client({ answers = {}, values = {} }: Stage, calls: Played['calls']): EngineClient {
  const usual: Answers = {
    'profile.status': () => status(false),
    'profile.unlock': ({ password }) => {
      if (password !== 'the password') throw new AppError('wrong-password', 'wrong')
      return status(true)
    },
    'job.wait': ({ job }) => ({ ...aJob(), id: job }),
    'job.cancel': ({ job }) => ({ ...aJob(), id: job }),
  }
  return {
    call: async (name, input) => {
      calls.push({ name, input })
      const answer = (answers[name] ?? usual[name]) as ((input: unknown) => never) | undefined
      if (!answer) throw new AppError('internal', `the test has no answer to ${name}`)
      return answer(input)
    },
    watch: (name, _input, onValue, onError) => {
      const present: Values = { archives: [anArchive()], jobs: [], mailboxes: [], ...values }
      queueMicrotask(() => {
        if (present[name]) (onValue as (value: unknown) => void)(present[name])
        else onError?.(new AppError('internal', `the test has no value of ${name}`))
      })
      return () => {}
    },
    on: () => () => {},
  }
}

const status = (unlocked: boolean) => ({ exists: true, unlocked, keychain: false, dir: '/profile' })

export const ID = 'ab'.repeat(16)
export const MESSAGE = 'cd'.repeat(32)

export function anArchive(change: Partial<ArchiveSummary> = {}): ArchiveSummary {
  return {
    id: ID,
    name: 'Work',
    dir: '/archives/work',
    state: 'open',
    writable: true,
    recoveryConfirmed: true,
    demo: false,
    watch: false,
    lastProven: null,
    ...change,
  }
}

export const anAccount = { protocol: 'imap', host: 'mail.example.org', port: 993, security: 'tls', user: 'ada' } as const

export function aJob(change: Partial<Job> = {}): Job {
  return {
    id: 'job1',
    kind: 'capture',
    archive: ID,
    state: 'done',
    pause: null,
    progress: { phase: 'finishing', done: 3, total: 3, bytesDone: 3000, bytesTotal: 3000, rate: 0, byteRate: 0, secondsLeft: null, current: '' },
    outcomes: { added: 3, unchanged: 0, failed: 0 },
    failures: [],
    startedAt: 0,
    endedAt: 2000,
    result: {},
    ...change,
  }
}

export function aMessage(change: Partial<MessageSummary> = {}): MessageSummary {
  return {
    archive: ID,
    id: MESSAGE,
    cursor: { row: 1, placement: 1 },
    subject: 'Lunch on Friday',
    from: [{ name: 'Ada', address: 'ada@example.org' }],
    to: [],
    date: 0,
    sortTime: Date.UTC(2026, 0, 2, 12),
    size: 2048,
    flags: ['\\Seen'],
    attachments: 0,
    gone: null,
    snippet: '',
    parse: 'ok',
    ...change,
  }
}

/** A promise that settles when the signal fires; for answers that take until Ctrl-C. */
export const whenAborted = (signal: AbortSignal) => new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
