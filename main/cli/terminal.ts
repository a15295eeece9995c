/** What the command line is run in: streams, variables, a person or none, and the engine it talks to. Tests put their own in its place. */
import type { EngineClient } from '../contract/contract.ts'
import { AppError } from '../contract/errors.ts'

export interface EngineHandle {
  client: EngineClient
  /** Cancels what runs and closes every archive. */
  close(): Promise<void>
}

export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Where a profile is when neither --profile nor a variable says so. */
  readonly defaultProfile: string
  /** Resolves when it is on its way; whoever reads slowly is waited for. */
  out(data: string | Uint8Array): Promise<void>
  err(text: string): void
  readonly outIsTty: boolean
  readonly errIsTty: boolean
  /** Width of the terminal behind stdout; null where there is none. */
  readonly columns: number | null
  /** A person is there who can be asked. */
  readonly canAsk: boolean
  /** One line from that person, not echoed. Throws cancelled. */
  askSecret(question: string): Promise<string>
  /** Ctrl-C, or a scheduler's request to stop. */
  readonly signal: AbortSignal
  openEngine(profileDir: string): Promise<EngineHandle>
  now(): number
}

type Streams = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr'>

export function streamsOf({ stdin, stdout, stderr }: Streams) {
  return {
    outIsTty: stdout.isTTY === true,
    errIsTty: stderr.isTTY === true,
    columns: stdout.isTTY === true ? stdout.columns : null,
    canAsk: stdin.isTTY === true && stderr.isTTY === true,
    out: (data: string | Uint8Array) =>
      new Promise<void>((resolve, reject) => {
        stdout.write(data, error => (error ? reject(error) : resolve()))
      }),
    err: (text: string) => {
      stderr.write(text)
    },
    askSecret: (question: string) => askSecret({ stdin, stderr }, question),
  }
}

/** Raw mode, so that nothing of it shows; the question goes to stderr, so that stdout stays clean. */
function askSecret({ stdin, stderr }: Pick<Streams, 'stdin' | 'stderr'>, question: string): Promise<string> {
  // First the silence, then the question: whoever answers at once must not see it either.
  stdin.setRawMode(true)
  stderr.write(question)
  stdin.setEncoding('utf8')
  stdin.resume()
  let typed = ''
  return new Promise((resolve, reject) => {
    const end = (finish: () => void) => {
      stdin.off('data', onData)
      stdin.setRawMode(false)
      stdin.pause()
      stderr.write('\n')
      finish()
    }
    const onData = (text: string) => {
      for (const symbol of text) {
        if (symbol === '\r' || symbol === '\n') return end(() => resolve(typed))
        // Raw mode delivers Ctrl-C and Ctrl-D as characters.
        if (symbol === '\u0003' || symbol === '\u0004') return end(() => reject(new AppError('cancelled', 'cancelled at the prompt')))
        if (symbol === '\u007f' || symbol === '\b') typed = [...typed].slice(0, -1).join('')
        else if (symbol >= ' ') typed += symbol
      }
    }
    stdin.on('data', onData)
  })
}
