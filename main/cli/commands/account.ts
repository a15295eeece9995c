/** The account of an archive: where its mail comes from. */
import { AppError, fromPlainError } from '../../contract/errors.ts'
import type { AccountTest } from '../../contract/types.ts'
import { ACCOUNT_OPTIONS, checkChange, checkNew, limitsOf, settingsFrom } from '../accountSettings.ts'
import type { Command } from '../command.ts'
import { count, printable, table } from '../format.ts'
import { hintLines, withProvider, withServer } from '../providers.ts'
import { findArchive } from '../session.ts'
import { signInAt } from '../signIn.ts'

export const accountAdd: Command = {
  words: ['account', 'add'],
  usage:
    'NAME --user U [--provider ID|--imap HOST:PORT|--pop3 HOST:PORT] [--security tls|starttls|plain] [--ca FILE|--pin SHA256] [--allow-plain] [--recent] [--sign-in PROVIDER [--device-code]]',
  summary: 'say where the mail of the archive NAME comes from',
  details:
    'IMAP shows every folder; POP3 only the inbox, without sent mail. Where the provider has both, IMAP is better.\nWithout a server, one is looked for by the domain of U, which must then be an e-mail address.',
  options: ACCOUNT_OPTIONS,
  operands: [1, 1],
  profile: 'needed',
  check: options => {
    checkNew(options)
  },
  run: async context => {
    const { archives, engine, operands, secrets } = context
    const archive = findArchive(archives, operands[0]!)
    if (archive.account)
      throw new AppError('invalid-input', 'there is an account already', {
        facts: { problem: `The archive "${archive.name}" has an account already; use \`mailcoffer account change\`.` },
      })
    const { options, hints, said } = await withServer(engine, context.options)
    const settings = await settingsFrom({ ...context, options }, null)
    if (said !== '') context.terminal.err(said)
    const secret = settings.signIn
      ? { signIn: await signInAt(context, settings.signIn, settings.user) }
      : { password: await secrets.password('account', `Password of ${settings.user} at ${settings.host}: `) }
    const changed = await engine.call('account.set', { archive: archive.id, settings, ...secret })
    const next = `The account was added. Next: mailcoffer account test "${archive.name}", then mailcoffer sync "${archive.name}"\n`
    return { json: { archive: changed }, text: next + hintLines(hints, settings.protocol) + limitsOf(settings) }
  },
}

export const accountChange: Command = {
  words: ['account', 'change'],
  usage:
    'NAME [--provider ID|--imap HOST:PORT|--pop3 HOST:PORT] [--user U] [--security tls|starttls|plain] [--ca FILE|--pin SHA256] [--allow-plain] [--recent] [--sign-in PROVIDER|none [--device-code]]',
  summary: 'change what is named; without any option, the password is asked for',
  details:
    'What is stored in the archive is never touched by this.\nThe password is also changed where --account-password-file or MAILCOFFER_ACCOUNT_PASSWORD gives one.',
  options: ACCOUNT_OPTIONS,
  operands: [1, 1],
  profile: 'needed',
  check: options => {
    checkChange(options)
  },
  run: async context => {
    const { archives, engine, operands, options, secrets } = context
    const archive = findArchive(archives, operands[0]!)
    if (!archive.account) throw new AppError('account-missing', 'there is no account to change')
    const settings = await settingsFrom({ ...context, options: (await withProvider(engine, options)).options }, archive.account)
    const named = ACCOUNT_OPTIONS.some(name => options[name] !== undefined)
    /** Of the kind that the account wants now; nothing where the one that is stored stays good. */
    const newSecret = async () => {
      const { signIn, user, host } = settings
      if (signIn !== undefined) return named && options['sign-in'] === undefined ? {} : { signIn: await signInAt(context, signIn, user) }
      const needed = !named || archive.account?.signIn !== undefined
      const password = needed ? await secrets.password('account', `New password of ${user} at ${host}: `) : await secrets.given('account')
      return password === null ? {} : { password }
    }
    const changed = await engine.call('account.set', { archive: archive.id, settings, ...(await newSecret()) })
    const moved = settings.protocol !== archive.account.protocol
    return { json: { archive: changed }, text: `The account of "${archive.name}" was changed.\n${moved ? limitsOf(settings) : ''}` }
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
      account.protocol.toUpperCase(),
      `${printable(account.host)}:${account.port}`,
      account.security,
    ])
    const columns = [
      { title: 'ARCHIVE', flexible: true },
      { title: 'USER', flexible: true },
      { title: 'OVER' },
      { title: 'SERVER', flexible: true },
      { title: 'SECURITY' },
    ]
    return { json: { accounts }, text: rows.length === 0 ? 'No accounts yet.\n' : table(columns, rows, terminal.columns) }
  },
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
      `It works${test.mailboxes === undefined ? '' : `: ${count(test.mailboxes, 'mailbox', 'mailboxes')}`}${test.messages === undefined ? '' : `, ${count(test.messages, 'message')}`}.\n`,
    )
  return lines.join('')
}
