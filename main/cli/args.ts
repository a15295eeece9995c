/** From an argument list to a command, its operands and its options. Nothing secret is ever taken from here. */
import { parseArgs } from 'node:util'
import { type Command, UsageError } from './command.ts'

/** Every option of every command; one name means the same everywhere. `value` is how the help names it; null for a switch. */
export const optionTable = {
  profile: { value: 'DIR', help: 'the profile to use (also MAILCOFFER_PROFILE)' },
  json: { value: null, help: 'print one JSON value on stdout; progress goes to stderr' },
  'password-file': { value: 'FILE', help: "read the profile's password from the first line of a file (also MAILCOFFER_PASSWORD)" },
  help: { value: null, help: 'show this' },
  version: { value: null, help: 'show the version' },
  'archive-password-file': {
    value: 'FILE',
    help: 'read the password or recovery code of the archive that is opened from the first line of a file (also MAILCOFFER_ARCHIVE_PASSWORD)',
  },
  'account-password-file': { value: 'FILE', help: "read the account's password from the first line of a file (also MAILCOFFER_ACCOUNT_PASSWORD)" },
  at: { value: 'DIR', help: 'the folder of the new archive; it must be empty or not exist yet (default: inside the profile)' },
  as: { value: 'NAME', help: 'the name of the archive in this profile' },
  imap: { value: 'HOST:PORT', help: 'the IMAP server; without a port 993, or 143 unless security is tls' },
  pop3: { value: 'HOST:PORT', help: 'the POP3 server; without a port 995, or 110 unless security is tls' },
  user: { value: 'USER', help: 'the name to log in with' },
  security: { value: 'tls|starttls|plain', help: 'how the connection is protected; plain only to this computer, or with --allow-plain' },
  ca: { value: 'FILE', help: 'trust this certificate authority (PEM); "none" takes it away' },
  pin: { value: 'SHA256', help: 'accept exactly the certificate with this SHA-256; "none" takes it away' },
  provider: { value: 'ID', help: 'the server of a provider that is known by name; see `mailcoffer account providers`' },
  'sign-in': { value: 'PROVIDER', help: 'sign in on the page of this provider in place of a password; "none" goes back to a password' },
  'device-code': { value: null, help: 'sign in with a code that is typed on whatever computer' },
  'client-id': { value: 'ID', help: 'what this program is registered as with the provider' },
  'client-secret-file': { value: 'FILE', help: 'the client secret, where the provider wants one, from the first line of a file' },
  'authorize-url': { value: 'URL', help: 'of a provider that is not known here: where people sign in' },
  'token-url': { value: 'URL', help: 'of such a provider: where tokens come from' },
  'device-url': { value: 'URL', help: 'of such a provider: where device codes come from' },
  scope: { value: 'S', help: 'of such a provider: what is asked for, words with blanks between them' },
  largest: { value: 'SIZE', help: 'leave out larger messages, or "none"' },
  speed: { value: 'SIZE', help: 'use at most so many bytes a second of the line, or "none"' },
  'per-day': { value: 'SIZE', help: 'fetch at most so much a day, or "none", or "provider"' },
  connections: { value: 'N', help: 'connections at a time (1 to 8), or "provider"' },
  'on-battery': { value: 'wait|go', help: 'whether the app captures while the computer runs on battery' },
  'on-metered': { value: 'wait|go', help: 'whether the app captures over a metered connection' },
  resume: { value: 'TIME', help: 'when to go on: 12h, 3d, 2026-12-01' },
  note: { value: 'TEXT', help: 'for yourself, shown with the pause' },
  recent: { value: null, help: 'POP3 at Gmail: the mail of the last 30 days, whatever was fetched before' },
  'allow-plain': { value: null, help: 'permit a connection that anybody on the way can read' },
  watch: { value: null, help: 'go on: capture new mail as it comes, until Ctrl-C' },
  interval: { value: 'SECONDS', help: 'with --watch: the longest pause between two looks at all mailboxes (default 60, for POP3 300)' },
  mailbox: { value: 'M', help: 'only this mailbox, as `mailcoffer mailboxes` names it; of a restore also several' },
  'gone-in': { value: 'LOSS', help: 'what disappeared from the server in this loss, as `mailcoffer archive losses` numbers it' },
  seen: { value: 'LOSS', help: 'you know of this loss; the archive stays frozen' },
  intended: { value: 'LOSS', help: 'this loss was meant so; the archive is not frozen by it any more' },
  limit: { value: 'N', help: 'at most so many messages (default 50)' },
  sort: { value: 'date|sender|subject|size', help: 'in which order: the newest, the largest, A first (default: date)' },
  reverse: { value: null, help: 'the other way round' },
  conversations: { value: null, help: 'of each conversation only its newest message' },
  months: { value: null, help: 'how many messages there are from each month' },
  raw: { value: null, help: 'the exact bytes of the message' },
  headers: { value: null, help: 'the header lines as they came' },
  count: { value: null, help: 'only how many there are' },
  why: { value: null, help: 'say how the query was understood, and where each message has it' },
  save: { value: 'NAME', help: 'keep this search under a name' },
  saved: { value: 'NAME', help: 'the search that was kept under this name' },
  to: { value: 'DIR', help: 'where the files go; of a restore, the archive to whose account it goes' },
  part: { value: 'N', help: 'only this attachment, as `mailcoffer attachments` numbers it, such as 0 or 0.1' },
  query: { value: 'Q', help: 'only what this search finds, as `mailcoffer search` understands it' },
  message: { value: 'ID', help: 'only this message, by its id as `mailcoffer list` shows it; may be said several times' },
  since: { value: 'DAY', help: 'only from this day on, such as 2024-03-01' },
  until: { value: 'DAY', help: 'only up to this day, and with it' },
  gone: { value: null, help: 'only what is no longer on the server' },
  present: { value: null, help: 'only what was on the server at the last sync' },
  prefix: { value: 'P', help: 'put everything below this folder on the server' },
  'dry-run': { value: null, help: 'only say what would be done' },
  check: { value: 'all|sample', help: 'how much of what was put back is fetched again and compared (default: all, up to 512 MB)' },
  'become-account': { value: null, help: "the new server becomes the archive's account when nothing failed; its history stays" },
  undo: { value: 'RESTORE', help: 'take away again what this restore put on the server, as far as it is still as it was put there' },
  format: { value: 'eml|mbox|maildir', help: 'the format of the files' },
  zip: { value: null, help: 'one ZIP file in that folder, in place of many' },
  layout: {
    value: 'mailbox|date|thunderbird',
    help: 'folders as the mailboxes are (default), or by year and month, each message once; or, with mbox, as a profile of Thunderbird has them',
  },
  dialect: { value: 'mboxrd|mboxo|mboxcl|mboxcl2', help: 'of an mbox; only mboxrd (default) can always be undone' },
  yes: { value: null, help: 'do it, after you were told what it means' },
  full: { value: null, help: 'open every record, not only the commits; of a copy, read all of it again' },
  wait: { value: null, help: 'wait for a drive, a share, or room on it, in place of failing' },
  from: { value: 'COPY', help: 'the copy to take it from: its folder or id' },
  forget: { value: 'WHICH', help: 'no longer look after this copy (its folder or id), or keep this search' },
} as const

export type OptionName = keyof typeof optionTable
export type Options = { [N in OptionName]?: (typeof optionTable)[N]['value'] extends null ? boolean : string } & {
  /** Every value of an option that may be said more than once. */
  each?: Partial<Record<OptionName, string[]>>
}

/** They stand before or behind the command. */
export const globalOptions: readonly OptionName[] = ['profile', 'json', 'password-file', 'account-password-file', 'help', 'version']

export interface Parsed {
  /** Null when no command was named: help or version was asked for. */
  command: Command | null
  /** The words that were typed, for the help of a group. */
  words: readonly string[]
  operands: readonly string[]
  options: Options
}

/** Throws UsageError. */
export function parse(argv: readonly string[], commands: readonly Command[]): Parsed {
  const { values, positionals } = split(argv)
  const command = findCommand(positionals, commands)
  if (!command) {
    const group = commands.some(({ words }) => words[0] === positionals[0])
    if (values.help || values.version) {
      if (positionals.length > 0 && !group) throw new UsageError(`There is no command "${positionals[0]}".`)
      return { command: null, words: positionals, operands: [], options: values }
    }
    if (positionals.length === 0) throw new UsageError('Which command?')
    throw new UsageError(group ? `Which of the "${positionals[0]}" commands?` : `There is no command "${positionals[0]}".`)
  }
  const operands = positionals.slice(command.words.length)
  if (!values.help) {
    checkOptions(command, values)
    checkOperands(command, operands)
    command.check?.(values, operands)
  }
  return { command, words: command.words, operands, options: values }
}

/** Finds --json even in a line that cannot be parsed: the error has to come out as JSON, too. */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return (end < 0 ? argv : argv.slice(0, end)).includes('--json')
}

function split(argv: readonly string[]): { values: Options; positionals: string[] } {
  const options = Object.fromEntries(
    Object.entries(optionTable).map(([name, { value }]) => [name, { type: value === null ? ('boolean' as const) : ('string' as const) }]),
  )
  try {
    const { values, positionals, tokens } = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true, tokens: true })
    const each: NonNullable<Options['each']> = {}
    for (const token of tokens) {
      if (token.kind !== 'option' || token.value === undefined) continue
      const name = token.name as OptionName
      each[name] = [...(each[name] ?? []), token.value]
    }
    return { values: { ...(values as Options), each }, positionals }
  } catch (error) {
    throw new UsageError(plainReason(error), { cause: error })
  }
}

/** Node's words, without its advice about positional arguments, which would repeat what was typed: perhaps somebody tried to pass a password. */
function plainReason(error: unknown): string {
  const { code, message } = error as { code?: string; message: string }
  const option = /'(-[\w-]*)/.exec(message)?.[1] ?? ''
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    if (/^--(account-)?password$/.test(option))
      return `${option} does not exist: an argument can be read by everybody on this computer. Use ${option}-file.`
    return `There is no option ${option}.${option.startsWith('--') ? '' : ` What begins with - and is no option, such as a query, goes after --, with the options before it.`}`
  }
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') return `The option ${option} is not used like that.`
  return 'The arguments cannot be understood.'
}

function findCommand(positionals: readonly string[], commands: readonly Command[]): Command | null {
  const meant = commands.filter(({ words }) => words.every((word, at) => positionals[at] === word))
  // "attachments read" is a command, and not the attachments of an archive called "read".
  return meant.sort((one, other) => other.words.length - one.words.length)[0] ?? null
}

function checkOptions(command: Command, options: Options): void {
  const { each = {}, ...named } = options
  for (const name of Object.keys(named) as OptionName[])
    if (!globalOptions.includes(name) && !command.options.includes(name))
      throw new UsageError(`"${command.words.join(' ')}" has no option --${name}.`)
  for (const [name, values] of Object.entries(each) as [OptionName, string[]][])
    if (values.length > 1 && !command.many?.includes(name)) throw new UsageError(`The option --${name} is said more than once.`)
}

function checkOperands({ words, usage, operands: [least, most] }: Command, given: readonly string[]): void {
  if (given.length >= least && given.length <= most) return
  throw new UsageError(
    given.length < least ? `Something is missing after "${words.join(' ')}": ${usage}` : `Too much after "${words.join(' ')}": ${usage}`,
  )
}

/** A whole number, or UsageError. */
export function wholeNumber(
  name: OptionName,
  text: string | undefined,
  { fallback, least, most }: { fallback: number; least: number; most: number },
): number {
  if (text === undefined) return fallback
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= least && value <= most)) throw new UsageError(`--${name} takes a whole number from ${least} to ${most}.`)
  return value
}
