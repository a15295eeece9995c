/** The account of an archive: where its mail comes from. */
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { AppError, fromPlainError } from '../../contract/errors.ts'
import type { AccountSettings, AccountTest, Security } from '../../contract/types.ts'
import type { Options } from '../args.ts'
import { type Command, type CommandContext, UsageError } from '../command.ts'
import { printable, table } from '../format.ts'
import { findArchive } from '../session.ts'

const OPTIONS = ['imap', 'user', 'security', 'ca', 'pin', 'allow-plain'] as const
const PORTS: Record<Security, number> = { tls: 993, starttls: 143, plain: 143 }

export const accountAdd: Command = {
  words: ['account', 'add'],
  usage: 'NAME --imap HOST:PORT --user U --security tls|starttls|plain [--ca FILE|--pin SHA256] [--allow-plain]',
  summary: 'say where the mail of the archive NAME comes from',
  options: OPTIONS,
  operands: [1, 1],
  profile: 'needed',
  check: options => {
    if (options.imap === undefined || options.user === undefined) throw new UsageError('An account needs --imap HOST:PORT and --user.')
    securityFrom(options.security, null, hostAndPort(options.imap)[1])
    checkTrust(options)
  },
  run: async context => {
    const { archives, engine, operands, secrets } = context
    const archive = findArchive(archives, operands[0]!)
    if (archive.account)
      throw new AppError('invalid-input', 'there is an account already', {
        facts: { problem: `The archive "${archive.name}" has an account already; use \`mailcoffer account change\`.` },
      })
    const settings = await settingsFrom(context, null)
    const password = await secrets.password('account', `Password of ${settings.user} at ${settings.host}: `)
    const changed = await engine.call('account.set', { archive: archive.id, settings, password })
    return {
      json: { archive: changed },
      text: `The account was added. Next: mailcoffer account test "${archive.name}", then mailcoffer sync "${archive.name}"\n`,
    }
  },
}

export const accountChange: Command = {
  words: ['account', 'change'],
  usage: 'NAME [--imap HOST:PORT] [--user U] [--security tls|starttls|plain] [--ca FILE|--pin SHA256] [--allow-plain]',
  summary: 'change what is named; without any option, the password is asked for',
  details:
    'What is stored in the archive is never touched by this.\nThe password is also changed where --account-password-file or MAILCOFFER_ACCOUNT_PASSWORD gives one.',
  options: OPTIONS,
  operands: [1, 1],
  profile: 'needed',
  check: options => {
    if (options.imap !== undefined) hostAndPort(options.imap)
    if (options.security !== undefined) securityFrom(options.security, null, null)
    checkTrust(options)
  },
  run: async context => {
    const { archives, engine, operands, options, secrets } = context
    const archive = findArchive(archives, operands[0]!)
    if (!archive.account) throw new AppError('account-missing', 'there is no account to change')
    const settings = await settingsFrom(context, archive.account)
    const named = OPTIONS.some(name => options[name] !== undefined)
    const password = named
      ? await secrets.given('account')
      : await secrets.password('account', `New password of ${settings.user} at ${settings.host}: `)
    const changed = await engine.call('account.set', { archive: archive.id, settings, ...(password !== null && { password }) })
    return { json: { archive: changed }, text: `The account of "${archive.name}" was changed.\n` }
  },
}

export const accountTest: Command = {
  words: ['account', 'test'],
  usage: 'NAME',
  summary: 'connect, log in and look, without storing anything; says what is wrong',
  options: [],
  operands: [1, 1],
  profile: 'needed',
  run: async ({ archives, engine, operands }) => {
    const archive = findArchive(archives, operands[0]!)
    const test = await engine.call('account.test', { archive: archive.id })
    if (!test.ok)
      return {
        json: { ...test },
        text: testText(test),
        error: test.error ? fromPlainError(test.error) : new AppError('server-refused', 'no reason was given'),
      }
    return { json: { ...test }, text: testText(test) }
  },
}

export const accountList: Command = {
  words: ['account', 'list'],
  usage: '',
  summary: 'the accounts of this profile',
  options: [],
  operands: [0, 0],
  profile: 'needed',
  run: async ({ archives, terminal }) => {
    const accounts = archives.flatMap(({ id, name, account }) => (account ? [{ archive: id, name, account }] : []))
    const rows = accounts.map(({ name, account }) => [
      printable(name),
      printable(account.user),
      `${printable(account.host)}:${account.port}`,
      account.security,
    ])
    const columns = [
      { title: 'ARCHIVE', flexible: true },
      { title: 'USER', flexible: true },
      { title: 'SERVER', flexible: true },
      { title: 'SECURITY' },
    ]
    return { json: { accounts }, text: rows.length === 0 ? 'No accounts yet.\n' : table(columns, rows, terminal.columns) }
  },
}

/** The settings that were there, with what the options change. */
async function settingsFrom({ options, terminal }: CommandContext, before: AccountSettings | null): Promise<AccountSettings> {
  const [host, port] = options.imap === undefined ? [before!.host, keptPort(before!, options.security)] : hostAndPort(options.imap)
  const security = securityFrom(options.security, before, port)
  const allowPlain = options['allow-plain'] ?? before?.allowPlain ?? false
  // The engine refuses it as well; here it is said before a password is asked for.
  if (security === 'plain' && !allowPlain && !isLoopback(host)) throw new AppError('plaintext-refused', `plain to ${host}`, { facts: { host } })
  return {
    protocol: 'imap',
    host,
    port: port ?? PORTS[security],
    security,
    user: options.user ?? before!.user,
    ...(await trustFrom(options, terminal.cwd, before)),
    ...(allowPlain && { allowPlain }),
  }
}

/** The usual port of one kind of security moves with it; an unusual one was chosen, and stays. */
function keptPort({ port, security }: AccountSettings, wanted: string | undefined): number | null {
  return wanted !== undefined && wanted !== security && port === PORTS[security] ? null : port
}

/** One replaces the other; "none" takes one away; nothing said keeps what was there. */
async function trustFrom({ ca, pin }: Options, cwd: string, before: AccountSettings | null): Promise<Pick<AccountSettings, 'ca' | 'pin'>> {
  if (pin !== undefined && pin !== 'none') return { pin: fingerprint(pin) }
  if (ca !== undefined && ca !== 'none') return { ca: await certificateAuthority(resolve(cwd, ca)) }
  return {
    ...(before?.ca !== undefined && ca === undefined && { ca: before.ca }),
    ...(before?.pin !== undefined && pin === undefined && { pin: before.pin }),
  }
}

function checkTrust({ ca, pin }: Options): void {
  if (ca !== undefined && pin !== undefined && ca !== 'none' && pin !== 'none') throw new UsageError('Either --ca or --pin.')
  if (pin !== undefined && pin !== 'none') fingerprint(pin)
}

function securityFrom(given: string | undefined, before: AccountSettings | null, port: number | null): Security {
  if (given === 'tls' || given === 'starttls' || given === 'plain') return given
  if (given !== undefined) throw new UsageError('--security is one of tls, starttls, plain.')
  if (before) return before.security
  // The two ports that leave no doubt. Never plain without having been asked for.
  if (port === PORTS.tls || port === null) return 'tls'
  if (port === PORTS.starttls) return 'starttls'
  throw new UsageError('Say how the connection is protected: --security tls|starttls|plain.')
}

function hostAndPort(text: string): [string, number | null] {
  const match = /^(?:\[([^\]]+)\]|([^:\s/@]+))(?::(\d{1,5}))?$/.exec(text)
  const host = match?.[1] ?? match?.[2]
  const port = match?.[3] === undefined ? null : Number(match[3])
  if (!host || (port !== null && (port < 1 || port > 65535)))
    throw new UsageError('--imap takes HOST:PORT, such as imap.example.org:993; an IPv6 address in [brackets].')
  return [host, port]
}

async function certificateAuthority(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(error => {
    throw new UsageError(`The file of --ca cannot be read: ${path}`, { cause: error })
  })
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new UsageError(`The file of --ca holds no certificate in PEM: ${path}`)
  if (text.includes('PRIVATE KEY-----')) throw new UsageError(`The file of --ca holds a private key, which has no place in the settings: ${path}`)
  return text
}

/** As openssl and browsers print it, too: upper case, colons, a name in front. */
function fingerprint(text: string): string {
  const digits = text
    .replace(/^.*[=\s]/, '')
    .replace(/^sha256:/i, '')
    .replaceAll(':', '')
    .toLowerCase()
  if (!/^[0-9a-f]{64}$/.test(digits)) throw new UsageError('--pin takes a SHA-256 fingerprint: 64 hexadecimal digits.')
  return digits
}

export function isLoopback(host: string): boolean {
  if (host.toLowerCase() === 'localhost') return true
  return (isIP(host) === 4 && host.startsWith('127.')) || (isIP(host) === 6 && /^(0*:)*:?0*1$/.test(host))
}

function testText(test: AccountTest): string {
  const rows = test.steps.map(({ step, ok, detail }) => [ok ? 'ok' : 'FAILED', step, printable(detail)])
  const lines = [
    table([{ title: '' }, { title: 'STEP' }, { title: '' }], rows)
      .split('\n')
      .slice(1)
      .join('\n'),
  ]
  if (test.certificate) {
    const { sha256, subject, issuer, validTo } = test.certificate
    lines.push(
      `The server's certificate: ${printable(subject)}, issued by ${printable(issuer)}, valid to ${printable(validTo)}\n  SHA-256 ${sha256}\n`,
    )
  }
  if (test.ok)
    lines.push(
      `It works${test.mailboxes === undefined ? '' : `: ${test.mailboxes} mailboxes`}${test.messages === undefined ? '' : `, ${test.messages} messages`}.\n`,
    )
  return lines.join('')
}
