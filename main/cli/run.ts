/** One run of the command line: from an argument list to an exit code. A public interface; docs of it: README and --help. */
import { resolve } from 'node:path'
import { AppError, toPlainError } from '../contract/errors.ts'
import { type Parsed, parse, wantsJson } from './args.ts'
import { type Command, type Outcome, UsageError } from './command.ts'
import { commands } from './commands/all.ts'
import { helpOf, overview, usageLine } from './help.ts'
import { createProgress } from './progress.ts'
import { createSecrets } from './secrets.ts'
import { interruptible, openProfile, presentValue } from './session.ts'
import type { Terminal } from './terminal.ts'
import { explain } from './text.ts'

export const EXIT = { done: 0, doneWithFailures: 1, wrongUsage: 2, couldNot: 3 } as const

/** Never throws; the returned code is the process's. With --json, exactly one JSON value has been written to stdout. */
export async function run(argv: readonly string[], terminal: Terminal, version: string): Promise<number> {
  const json = wantsJson(argv)
  try {
    const parsed = parse(argv, commands)
    if (parsed.options.version) return await say(terminal, json, { version }, `mailcoffer ${version}\n`)
    if (parsed.options.help || !parsed.command) {
      const help = parsed.command ? helpOf(parsed.command) : overview(commands, parsed.words)
      return await say(terminal, json, { help }, help)
    }
    return await finish(terminal, json, await execute(parsed.command, parsed, terminal))
  } catch (error) {
    return await fail(terminal, json, error, argv)
  }
}

async function execute(command: Command, { operands, options }: Parsed, terminal: Terminal): Promise<Outcome> {
  const secrets = createSecrets(terminal, options)
  const progress = createProgress(terminal)
  const profileDir = resolve(terminal.cwd, options.profile ?? terminal.defaultProfile)
  const handle = await terminal.openEngine(profileDir)
  try {
    const engine = interruptible(handle.client, terminal.signal)
    await openProfile(engine, terminal, secrets, command.profile === 'create')
    const archives = await presentValue(engine, 'archives', {}, terminal.signal)
    return await command.run({ terminal, engine, options, operands, secrets, progress, archives })
  } finally {
    progress.clear()
    await handle.close()
  }
}

async function finish(terminal: Terminal, json: boolean, outcome: Outcome): Promise<number> {
  const { error } = outcome
  if (json) await writeJson(terminal, error ? { error: plain(error), ...outcome.json } : outcome.json)
  else if (outcome.text !== null) await terminal.out(outcome.text)
  if (error) {
    if (!json) terminal.err(errorText(error))
    return EXIT.couldNot
  }
  return outcome.failed ? EXIT.doneWithFailures : EXIT.done
}

async function fail(terminal: Terminal, json: boolean, error: unknown, argv: readonly string[]): Promise<number> {
  // Whoever read our output has closed it (`| head`): there is nobody to tell, and nothing went wrong.
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') return EXIT.done
  const usage = error instanceof UsageError
  const known =
    error instanceof AppError ? error : usage ? new AppError('invalid-input', error.message, { facts: { problem: error.message } }) : internal(error)
  if (json)
    await writeJson(terminal, { error: plain(known) }).catch(() => {}) // Closed as well.
  else terminal.err(usage ? `mailcoffer: ${error.message}\n${hint(argv)}` : errorText(known))
  return usage ? EXIT.wrongUsage : EXIT.couldNot
}

function internal(error: unknown): AppError {
  const { code, message, facts } = toPlainError(error)
  return new AppError(code, message, { facts, cause: error })
}

function hint(argv: readonly string[]): string {
  const named = commands.find(({ words }) => words.every(word => argv.includes(word)))
  return named ? `Usage: ${usageLine(named)}\n` : 'See: mailcoffer --help\n'
}

/** The three sentences, and the code that scripts and the manual know it by. */
function errorText(error: AppError): string {
  const { happened, safe, todo } = explain(error)
  const detail = error.code === 'internal' ? `  ${error.message}\n` : ''
  return `mailcoffer: ${happened} (${error.code})\n  ${safe}\n  ${todo}\n${detail}`
}

function plain({ code, message, facts }: AppError) {
  return { code, message, facts }
}

async function say(terminal: Terminal, json: boolean, value: object, text: string): Promise<number> {
  if (json) await writeJson(terminal, value)
  else await terminal.out(text)
  return EXIT.done
}

function writeJson(terminal: Terminal, value: object): Promise<void> {
  return terminal.out(`${JSON.stringify(value)}\n`)
}
