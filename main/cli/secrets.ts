/** Where passwords come from: a file, a variable, or a person at the terminal. Never an argument, which everybody on the computer can read. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { AppError } from '../contract/errors.ts'
import type { Options } from './args.ts'
import { UsageError } from './command.ts'
import type { Terminal } from './terminal.ts'

export interface Secrets {
  /** From file or variable; null when a person has to be asked. */
  given(which: Which): Promise<string | null>
  /** Asks where nothing was given. Throws profile-locked or account-missing when there is nobody to ask. */
  password(which: Which, question: string): Promise<string>
  /** The same, and a person types it twice. */
  newPassword(which: Which, question: string): Promise<string>
}

export type Which = 'profile' | 'account' | 'archive'

const sources = {
  profile: { option: 'password-file', variable: 'MAILCOFFER_PASSWORD', missing: 'profile-locked' },
  account: { option: 'account-password-file', variable: 'MAILCOFFER_ACCOUNT_PASSWORD', missing: 'account-missing' },
  /** Of an archive from elsewhere: its own password, or its recovery code. */
  archive: { option: 'archive-password-file', variable: 'MAILCOFFER_ARCHIVE_PASSWORD', missing: 'archive-locked' },
} as const

const TRIES = 3

export function createSecrets(terminal: Terminal, options: Options): Secrets {
  const given = async (which: Which): Promise<string | null> => {
    const { option, variable } = sources[which]
    const file = options[option]
    if (file !== undefined) return firstLine(resolve(terminal.cwd, file), option)
    return terminal.env[variable] || null
  }
  const ask = (which: Which, question: string): Promise<string> => {
    const { option, variable, missing } = sources[which]
    if (!terminal.canAsk)
      throw new AppError(missing, `no password: neither --${option} nor ${variable}, and nobody to ask`, { facts: { option, variable } })
    return terminal.askSecret(question)
  }
  return {
    given,
    password: async (which, question) => (await given(which)) ?? ask(which, question),
    newPassword: async (which, question) => {
      const known = await given(which)
      if (known !== null) return known
      for (let n = 1; ; n++) {
        const first = await ask(which, n === 1 ? question : `These were not the same. ${question}`)
        if (first === (await ask(which, 'Once more: '))) return first
        if (n === TRIES) throw new AppError('cancelled', 'the two passwords were not the same')
      }
    },
  }
}

/** Only the first line counts, so that a file made with an editor, and its line end, will do. */
async function firstLine(path: string, option: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(error => {
    throw new UsageError(`The file of --${option} cannot be read: ${path}`, { cause: error })
  })
  const [line = ''] = text.replace(/^\ufeff/, '').split(/\r?\n/, 1)
  if (line === '') throw new UsageError(`The file of --${option} has an empty first line: ${path}`)
  return line
}
