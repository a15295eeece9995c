/** What a command is, and what it is given. One file per group of commands in commands/. */
import type { EngineClient } from '../contract/contract.ts'
import type { AppError } from '../contract/errors.ts'
import type { ArchiveSummary } from '../contract/types.ts'
import type { OptionName, Options } from './args.ts'
import type { Progress } from './progress.ts'
import type { Secrets } from './secrets.ts'
import type { Terminal } from './terminal.ts'

export interface Command {
  /** What is typed: ['archive', 'create']. */
  words: readonly string[]
  /** The rest of the usage line: 'NAME [--at DIR]'. */
  usage: string
  summary: string
  /** More for --help, lines as they shall stand. */
  details?: string
  /** Options beside the global ones. */
  options: readonly OptionName[]
  /** Options of these that may be said more than once. */
  many?: readonly OptionName[]
  /** How many operands. */
  operands: readonly [least: number, most: number]
  /** `create`: a profile is made where there is none. */
  profile: 'needed' | 'create'
  /** Throws UsageError for what can be seen without the engine: nobody is asked for a password only to hear that an option is missing. */
  check?(options: Options, operands: readonly string[]): void
  run(context: CommandContext): Promise<Outcome>
}

export interface CommandContext {
  terminal: Terminal
  engine: EngineClient
  options: Options
  operands: readonly string[]
  secrets: Secrets
  progress: Progress
  archives: readonly ArchiveSummary[]
}

export interface Outcome {
  /** What --json prints. */
  json: Readonly<Record<string, unknown>>
  /** What a person reads; null where the command has written its output itself. */
  text: string | null
  /** Done, but with items that failed: exit code 1. */
  failed?: boolean
  /** Could not: exit code 3, after what there is to say has been said; --json has it as `error` beside the rest. */
  error?: AppError
}

/** The command line itself is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
