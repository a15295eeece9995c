/**
 * A small process that starts others: mounting and unmounting is a dozen of commands, and each that a test's own large process starts takes many times as long
 * as the command itself.
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface Shell {
  /** What the command printed. Throws where it failed. */
  run(...command: string[]): Promise<string>
  /** Whether the command succeeded. */
  try(...command: string[]): Promise<boolean>
  end(): void
}

export function startShell(): Shell {
  const child = spawn('sh', [], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`
  const ask = async (command: string[]): Promise<{ code: number; text: string }> => {
    child.stdin.write(`text=$(${command.map(quoted).join(' ')} 2>&1 </dev/null); echo "$? $(printf %s "$text" | tr '\\n' ' ')"\n`)
    const { value, done } = await lines.next()
    if (done) throw new Error('the shell has ended')
    const [, code, text] = /^(\d+) (.*)$/.exec(value)!
    return { code: Number(code), text: text! }
  }
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = (command: string[]): ReturnType<typeof ask> => {
    const asked = last.then(() => ask(command))
    last = asked.catch(() => {}) // told to who asked
    return asked
  }
  return {
    run: async (...command) => {
      const { code, text } = await inTurn(command)
      if (code !== 0) throw new Error(`${command.join(' ')}: ${code} ${text}`)
      return text
    },
    try: async (...command) => (await inTurn(command)).code === 0,
    end: () => child.stdin.end(),
  }
}
