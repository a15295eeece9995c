/** How an account is captured: what is left out, what a day may bring, and pauses. */
import type { CaptureRules, CaptureState } from '../../contract/captureRules.ts'
import { AppError } from '../../contract/errors.ts'
import { type MailboxRole, mailboxRole } from '../../contract/types.ts'
import type { Options } from '../args.ts'
import { type Command, type CommandContext, type Outcome, UsageError } from '../command.ts'
import { bytes, count, date, number, printable, table } from '../format.ts'
import { hintLines, sourceOf, whyNone } from '../providers.ts'
import { amount, moment } from '../quantities.ts'
import { findArchive } from '../session.ts'

const LIMITS = ['largest', 'speed', 'per-day', 'connections', 'on-battery', 'on-metered'] as const

export const accountLimits: Command = {
  words: ['account', 'limits'],
  usage: 'NAME [--largest SIZE] [--speed SIZE] [--per-day SIZE] [--connections N] [--on-battery wait|go] [--on-metered wait|go]',
  summary: 'what a capture may take of the line and of the day; shows it, and changes what is named',
  details:
    'Sizes are numbers with k, M or G: 25M, 1.5G. "none" takes a limit away; "provider" goes back to what the provider is known to allow.\n' +
    'A message larger than --largest is named in the ledger as left out, and captured when the limit is raised.\n' +
    'Battery and metered connections are known to the app only, as far as the system tells it.',
  options: LIMITS,
  operands: [1, 1],
  profile: 'needed',
  check: options => {
    changeFrom(options)
  },
  run: context => change(context, changeFrom(context.options)),
}

export const accountLeaveOut: Command = {
  words: ['account', 'leave-out'],
  usage: 'NAME [WHAT…] [--yes]',
  summary: 'do not capture these mailboxes; says first what that costs',
  details:
    'WHAT is the name of a mailbox, a pattern with * in it ("Newsletters/*"), or kind:junk, kind:trash, kind:drafts and so on;\n' +
    'kind:unsubscribed is every mailbox that the account is not subscribed to on the server, INBOX excepted.\n' +
    'Without WHAT, lists which mailboxes are captured and which are not. Without --yes, nothing is changed.\nWhat is stored in the archive is never touched by this.',
  options: ['yes'],
  operands: [1, 1000],
  profile: 'needed',
  check: (_, [, ...what]) => {
    wished(what)
  },
  run: async context => {
    const [, ...what] = context.operands
    const { engine, archives, operands, options } = context
    const archive = withAccount(context)
    const before = await engine.call('account.rules', { archive: archive.id })
    if (what.length === 0) return { json: { rules: before }, text: selectionText(context, before) }
    const { roles, names, unsubscribed } = wished(what)
    const rules = {
      ...(unsubscribed && { onlySubscribed: true }),
      leaveOutRoles: [...new Set([...before.rules.leaveOutRoles, ...roles])],
      leaveOutNames: [...new Set([...before.rules.leaveOutNames, ...names])],
    }
    if (!options.yes) {
      const name = printable(findArchive(archives, operands[0]!).name)
      return {
        json: { rules: before, changed: false },
        text: `${COST}${unsubscribed ? COST_UNSUBSCRIBED : ''}\nNothing was changed. With --yes this is left out of "${name}": ${what.map(text => printable(text)).join(', ')}\n`,
      }
    }
    const after = await engine.call('account.setRules', { archive: archive.id, change: rules })
    return { json: { rules: after, changed: true }, text: selectionText(context, after) }
  },
}

export const accountTakeIn: Command = {
  words: ['account', 'take-in'],
  usage: 'NAME WHAT…',
  summary: 'capture these mailboxes again; WHAT as `account leave-out` took it',
  options: [],
  operands: [2, 1000],
  profile: 'needed',
  check: (_, [, ...what]) => {
    wished(what)
  },
  run: async context => {
    const [, ...what] = context.operands
    const archive = withAccount(context)
    const { rules } = await context.engine.call('account.rules', { archive: archive.id })
    const { roles, names, unsubscribed } = wished(what)
    const unknown = [
      ...(unsubscribed && !rules.onlySubscribed ? [UNSUBSCRIBED] : []),
      ...roles.filter(role => !rules.leaveOutRoles.includes(role)),
      ...names.filter(name => !rules.leaveOutNames.includes(name)),
    ]
    if (unknown.length > 0)
      throw new AppError('not-found', 'it was not left out by these words', { facts: { what: `"${unknown.join('", "')}" among what is left out` } })
    const after = await context.engine.call('account.setRules', {
      archive: archive.id,
      change: {
        ...(unsubscribed && { onlySubscribed: false }),
        leaveOutRoles: rules.leaveOutRoles.filter(role => !roles.includes(role)),
        leaveOutNames: rules.leaveOutNames.filter(name => !names.includes(name)),
      },
    })
    return { json: { rules: after }, text: selectionText(context, after) }
  },
}

export const accountPause: Command = {
  words: ['account', 'pause'],
  usage: 'NAME [--resume TIME] [--note TEXT]',
  summary: 'do not ask the server, for ever or until then',
  details: 'TIME is a span (90m, 12h, 3d) or a day (2026-12-01) or a day and an hour (2026-12-01T08:00), on the clock of this computer.',
  options: ['resume', 'note'],
  operands: [1, 1],
  profile: 'needed',
  check: ({ resume }) => {
    if (resume !== undefined) moment('resume', resume, 0)
  },
  run: context => {
    const { resume, note = '' } = context.options
    const now = context.terminal.now()
    return change(context, { hold: { reason: note.slice(0, 200), since: now, until: resume === undefined ? null : moment('resume', resume, now) } })
  },
}

export const accountResume: Command = {
  words: ['account', 'resume'],
  usage: 'NAME',
  summary: 'end a pause',
  options: [],
  operands: [1, 1],
  profile: 'needed',
  run: context => change(context, { hold: null }),
}

export const accountProviders: Command = {
  words: ['account', 'providers'],
  usage: '',
  summary: 'the mail providers that are known by name, for `account add --provider`',
  options: [],
  operands: [0, 0],
  profile: 'needed',
  run: async ({ engine, terminal }) => {
    const providers = await engine.call('account.providers', {})
    const rows = providers.map(({ id, name, imap, pop3 }) => [id, name, imap?.host ?? '-', pop3?.host ?? '-'])
    const columns = [{ title: 'ID' }, { title: 'NAME', flexible: true }, { title: 'IMAP', flexible: true }, { title: 'POP3', flexible: true }]
    return { json: { providers }, text: table(columns, rows, terminal.columns) }
  },
}

export const accountFind: Command = {
  words: ['account', 'find'],
  usage: 'ADDRESS',
  summary: 'the mail servers of an e-mail address, by its domain',
  details: 'Asks name servers and connects to what they and the usual names say. No user name and no password is sent.',
  options: [],
  operands: [1, 1],
  profile: 'needed',
  run: async ({ engine, operands, terminal }) => {
    const found = await engine.call('account.discover', { address: operands[0]! })
    const rows = found.servers.map(server => [
      server.protocol.toUpperCase(),
      `${printable(server.host)}:${server.port}`,
      server.security,
      sourceOf(server, found),
    ])
    const columns = [{ title: 'OVER' }, { title: 'SERVER', flexible: true }, { title: 'SECURITY' }, { title: 'BECAUSE', flexible: true }]
    return { json: { ...found }, text: rows.length === 0 ? `${whyNone(found)}\n` : table(columns, rows, terminal.columns) }
  },
}

const COST = [
  'What this costs: mail that arrives there from now on is not kept. If it is deleted on the server, it is lost.',
  'Mail that is moved there before it was captured is not kept either. What was captured before stays in the archive.',
  '',
].join('\n')

const COST_UNSUBSCRIBED =
  'Folders that other programs or other people make are often not subscribed to: they would be left out without anybody being asked.\n'

async function change(context: CommandContext, rules: Partial<CaptureRules>): Promise<Outcome> {
  const archive = withAccount(context)
  const { engine } = context
  const state =
    Object.keys(rules).length === 0
      ? await engine.call('account.rules', { archive: archive.id })
      : await engine.call('account.setRules', { archive: archive.id, change: rules })
  return { json: { rules: state }, text: stateText(state, archive.account!.protocol) }
}

function withAccount({ archives, operands }: CommandContext) {
  const archive = findArchive(archives, operands[0]!)
  if (!archive.account) throw new AppError('account-missing', 'there is no account')
  return archive
}

/** Only what was named. Throws UsageError. */
function changeFrom(options: Options): Partial<CaptureRules> {
  const { largest, speed, connections } = options
  const perDay = options['per-day']
  const wait = (name: 'on-battery' | 'on-metered') => {
    const given = options[name]
    if (given !== undefined && given !== 'wait' && given !== 'go') throw new UsageError(`--${name} is wait or go.`)
    return given === undefined ? undefined : given === 'wait'
  }
  const waitOnBattery = wait('on-battery')
  const waitOnMetered = wait('on-metered')
  if (connections !== undefined && connections !== 'provider' && !/^[1-8]$/.test(connections))
    throw new UsageError('--connections takes a number from 1 to 8, or "provider".')
  return {
    ...(largest !== undefined && { largestMessage: amount('largest', largest, 1_000) }),
    ...(speed !== undefined && { bytesPerSecond: amount('speed', speed, 10_000) }),
    ...(perDay !== undefined && { bytesPerDay: perDay === 'provider' ? 'provider' : amount('per-day', perDay, 1_000_000) }),
    ...(connections !== undefined && { connections: connections === 'provider' ? null : Number(connections) }),
    ...(waitOnBattery !== undefined && { waitOnBattery }),
    ...(waitOnMetered !== undefined && { waitOnMetered }),
  }
}

const KIND = /^kind:(\w+)$/i
const UNSUBSCRIBED = 'unsubscribed'

function wished(what: readonly string[]): { roles: MailboxRole[]; names: string[]; unsubscribed: boolean } {
  const given = what.flatMap(text => KIND.exec(text)?.[1]?.toLowerCase() ?? [])
  const kinds = given.filter(kind => kind !== UNSUBSCRIBED)
  const roles = kinds.map(kind => {
    const role = mailboxRole.safeParse(kind)
    if (!role.success) throw new UsageError(`There is no kind "${kind}"; the kinds are ${[...mailboxRole.options, UNSUBSCRIBED].join(', ')}.`)
    return role.data
  })
  return { roles, names: what.filter(text => !KIND.test(text)), unsubscribed: given.includes(UNSUBSCRIBED) }
}

function stateText({ rules, provider, connections, bytesPerDay, today, refused }: CaptureState, protocol: 'imap' | 'pop3'): string {
  const lines = [
    ['Provider', provider?.name ?? 'not known by name'],
    [
      'A day may bring',
      bytesPerDay === null ? 'as much as it can' : `${bytes(bytesPerDay)}${rules.bytesPerDay === 'provider' ? ' (the provider)' : ''}`,
    ],
    ...(today ? [['Used today', `${bytes(today.bytes)}; the next day begins ${date(today.endsAt)}`]] : []),
    ['The line', rules.bytesPerSecond === null ? 'as fast as the server gives' : `at most ${bytes(rules.bytesPerSecond)}/s`],
    ['Messages', rules.largestMessage === null ? 'of any size' : `up to ${bytes(rules.largestMessage)}`],
    ['Connections', `${connections}${rules.connections === null ? (provider ? ' (the provider)' : ' (usual)') : ''}`],
    ['On battery', rules.waitOnBattery ? 'waits' : 'goes on'],
    ['Metered', rules.waitOnMetered ? 'waits' : 'goes on'],
    ['Paused', pauseText(rules)],
    ...(refused
      ? [['Refused', `by the server, ${date(refused.at)} (${refused.code}); it is not asked again before the account was changed or tested`]]
      : []),
  ]
  const width = Math.max(...lines.map(([title]) => title!.length))
  return `${lines.map(([title, value]) => `${title!.padEnd(width)}  ${value}`).join('\n')}\n${provider ? hintLines(provider.hints, protocol) : ''}`
}

function pauseText({ hold }: CaptureRules): string {
  if (!hold) return 'no'
  const why = hold.reason === '' ? '' : ` (${printable(hold.reason)})`
  return `since ${date(hold.since)}${hold.until === null ? '' : ` until ${date(hold.until)}`}${why}`
}

function selectionText({ terminal }: CommandContext, { rules, mailboxes }: CaptureState): string {
  const out = mailboxes.filter(({ leftOut }) => leftOut)
  const words = [
    ...(rules.onlySubscribed ? [`kind:${UNSUBSCRIBED}`] : []),
    ...rules.leaveOutRoles.map(role => `kind:${role}`),
    ...rules.leaveOutNames.map(name => printable(name)),
  ]
  const head = words.length === 0 ? 'Every mailbox is captured.\n' : `Left out: ${words.join(', ')} (${count(out.length, 'mailbox', 'mailboxes')})\n`
  if (mailboxes.length === 0) return head
  const rows = mailboxes.map(({ name, role, messages, leftOut }) => [leftOut ? 'no' : 'yes', printable(name), role ?? '', number(messages)])
  const columns = [{ title: 'CAPTURED' }, { title: 'MAILBOX', flexible: true }, { title: 'KIND' }, { title: 'KEPT', align: 'right' as const }]
  return head + table(columns, rows, terminal.columns)
}
