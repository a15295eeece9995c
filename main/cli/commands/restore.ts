/** Putting messages back on a server, taking them away again, and what was put back so far. */

import { fromPlainError } from '../../contract/errors.ts'
import type { RestorePlan, RestoreRecord, RestoreRequest, RestoreTarget } from '../../contract/restore.ts'
import type { ArchiveSummary, Job } from '../../contract/types.ts'
import { ACCOUNT_OPTIONS, checkNew, settingsFrom } from '../accountSettings.ts'
import { type Command, type CommandContext, type Outcome, UsageError } from '../command.ts'
import { bytes, count, date, duration, number, printable } from '../format.ts'
import { failureLines, follow, showJobs, toEnd } from '../job.ts'
import { checkScope, SCOPE_MANY, SCOPE_OPTIONS, scopeFrom } from '../scope.ts'
import { findArchive } from '../session.ts'
import { explain } from '../text.ts'

export const restore: Command = {
  words: ['restore'],
  usage: 'ARCHIVE [--mailbox M…] [--query Q] [--since D] [--until D] [--gone] [--to ARCHIVE | --imap HOST:PORT --user U] [--prefix P] [--dry-run]',
  summary: "put messages back on a server: the archive's own, another archive's, or a new one",
  details:
    'Without a choice it is about everything in the archive; what is on the server already is found and left alone. --gone takes what is no longer\n' +
    'there, --present what was there at the last sync, --gone-in what one loss took. A restore that was cut off goes on when the same is started again,\n' +
    'and puts nothing in twice. `restore --undo RESTORE` takes away again what it put there; `jobs` lists them.\n' +
    "With --imap and --become-account the new server becomes the archive's account when all of it is there: a move to another provider.",
  options: [...SCOPE_OPTIONS, 'to', 'prefix', 'dry-run', 'check', 'become-account', 'undo', ...ACCOUNT_OPTIONS],
  many: SCOPE_MANY,
  operands: [0, 1],
  profile: 'needed',
  check: (options, operands) => {
    if (options.undo !== undefined) {
      if (operands.length > 0) throw new UsageError('--undo takes the number of a restore, and no archive.')
      return
    }
    if (operands.length === 0) throw new UsageError('A restore needs an archive, or --undo RESTORE.')
    if (options.imap !== undefined && options.to !== undefined) throw new UsageError('Either --to or --imap.')
    if (options.pop3 !== undefined) throw new UsageError('Nothing can be put back over POP3; it takes --imap.')
    if (options.imap !== undefined) checkNew(options)
    if (options['become-account'] && options.imap === undefined) throw new UsageError('--become-account goes with --imap.')
    if (options.check !== undefined && options.check !== 'all' && options.check !== 'sample') throw new UsageError('--check takes all or sample.')
    checkScope(options)
  },
  run: async context => {
    const end = showJobs(context, context.archives)
    try {
      if (context.options.undo !== undefined) return await undo(context, context.options.undo)
      const archive = findArchive(context.archives, context.operands[0]!)
      const request = await requestFrom(context, archive)
      return await (context.options['dry-run'] ? dryRun(context, request) : putBack(context, request))
    } finally {
      end()
    }
  },
}

export const jobs: Command = {
  words: ['jobs'],
  usage: '[ARCHIVE]',
  summary: 'exports, imports, copies, restores and verifications: when, what, how it ended, and which restores can be taken back',
  options: [],
  operands: [0, 1],
  profile: 'needed',
  run: async ({ engine, archives, operands }) => {
    const archive = operands[0] === undefined ? undefined : findArchive(archives, operands[0]).id
    const which = archive === undefined ? {} : { archive }
    const [restores, history] = await Promise.all([engine.call('restores', which), engine.call('job.history', which)])
    const names = new Map(archives.map(({ id, name }) => [id, name]))
    const nameOf = (id: string | null) => (id === null ? '' : (names.get(id) ?? id))
    // A restore is told by its journal, which knows also what a kill left unfinished.
    const lines = [
      ...restores.map(one => ({ at: one.at, line: recordLine(one, nameOf(one.archive)) })),
      ...history
        .filter(({ kind }) => kind !== 'restore' && kind !== 'undoRestore')
        .map(job => ({ at: job.startedAt, line: jobLine(job, nameOf(job.archive)) })),
    ]
    const text = lines.length === 0 ? 'Nothing was exported, imported, copied or put back from here yet.\n' : ''
    return {
      json: { restores, jobs: history },
      text:
        text +
        lines
          .sort((a, b) => b.at - a.at)
          .map(({ line }) => line)
          .join(''),
    }
  },
}

async function requestFrom(context: CommandContext, archive: ArchiveSummary): Promise<RestoreRequest> {
  const { prefix } = context.options
  return { archive: archive.id, scope: await scopeFrom(context, archive), target: await targetFrom(context), ...(prefix !== undefined && { prefix }) }
}

async function targetFrom(context: CommandContext): Promise<RestoreTarget> {
  const { options, archives, secrets } = context
  if (options.to !== undefined) return { kind: 'archive', archive: findArchive(archives, options.to).id }
  if (options.imap === undefined) return { kind: 'own' }
  const settings = await settingsFrom(context, null)
  return { kind: 'server', settings, password: await secrets.password('account', `Password of ${settings.user} at ${settings.host}: `) }
}

async function dryRun({ engine, terminal }: CommandContext, request: RestoreRequest): Promise<Outcome> {
  const job = await toEnd(engine, await engine.call('job.restorePlan', request), terminal.signal)
  const plan = await engine.call('restore.planned', { job: job.id })
  return { json: { plan }, text: planText(plan), failed: plan.mailboxes.some(({ problem }) => problem) }
}

function planText(plan: RestorePlan): string {
  const lines = [
    `${printable(plan.target)}: ${count(plan.add, 'message')} (${bytes(plan.bytes)}) will be added, ${number(plan.there)} are already there`,
  ]
  if (plan.tooBig > 0) lines[0] += `, ${number(plan.tooBig)} are too big for this server`
  for (const { from, to, create, add, there, tooBig, problem } of plan.mailboxes) {
    const parts = problem
      ? [explain(fromPlainError(problem)).happened]
      : [`${number(add)} added`, `${number(there)} there`, ...(tooBig > 0 ? [`${number(tooBig)} too big`] : [])]
    lines.push(`  ${printable(from)}${from === to ? '' : ` → ${printable(to)}`}: ${parts.join(', ')}${create ? ', will be made' : ''}`)
  }
  if (plan.quota) {
    const free = Math.max(0, plan.quota.limit - plan.quota.used)
    lines.push(`  Room on the server: ${bytes(free)}${free < plan.bytes ? ', which is not enough' : ''}`)
  }
  return `${lines.join('\n')}\nNothing was changed.\n`
}

async function putBack({ engine, terminal, options }: CommandContext, request: RestoreRequest): Promise<Outcome> {
  const check = options.check as 'all' | 'sample' | undefined
  const job = await toEnd(
    engine,
    await engine.call('job.restore', { ...request, ...(check && { verify: check }), ...(options['become-account'] && { adopt: true }) }),
    terminal.signal,
  )
  const captured = job.result['adopted']
    ? request.archive
    : request.target.kind === 'archive'
      ? request.target.archive
      : request.target.kind === 'own'
        ? request.archive
        : null
  // Only then does the archive know these places of its messages.
  if (captured !== null) await follow(engine, await engine.call('job.capture', { archive: captured }), terminal.signal)
  return { json: { job }, text: `${doneLine(job)}\n${failureLines(job)}`, failed: job.outcomes.failed > 0 }
}

function doneLine({ result, outcomes, startedAt, endedAt }: Job): string {
  const parts = [`${count(outcomes.added, 'message')} put back`]
  if (outcomes.unchanged > 0) parts.push(`${number(outcomes.unchanged)} were there already`)
  if (outcomes.failed > 0) parts.push(`${number(outcomes.failed)} failed`)
  if (endedAt !== null) parts.push(duration((endedAt - startedAt) / 1000))
  const verified = Number(result['verified'] ?? 0)
  const proof =
    verified === 0
      ? ''
      : ` Fetched back and the same, byte for byte: ${result['verify'] === 'all' ? `all ${number(verified)}` : `a sample of ${number(verified)}`}.`
  const moved = result['adopted'] ? "\nThis server is the archive's account now." : ''
  return `${parts.join(', ')}.${proof}${moved}\nTo take it back: mailcoffer restore --undo ${result['restore']}`
}

async function undo({ engine, terminal, secrets, archives }: CommandContext, id: string): Promise<Outcome> {
  const record = (await engine.call('restores', {})).find(one => one.id === id)
  const password = record && !record.passwordKnown ? { password: await secrets.password('account', `Password of ${record.target}: `) } : {}
  const job = await toEnd(engine, await engine.call('job.undoRestore', { restore: id, ...password }), terminal.signal)
  const own = archives.find(({ id: archive, account }) => archive === record?.archive && account)
  if (own && record?.passwordKnown) await follow(engine, await engine.call('job.capture', { archive: own.id }), terminal.signal)
  const { removed, already, left } = job.result
  const parts = [`${count(Number(removed), 'message')} taken away again`]
  if (Number(already) > 0) parts.push(`${number(Number(already))} had gone before`)
  if (Number(left) > 0) parts.push(`${number(Number(left))} left, because they are not as they were put there`)
  return { json: { job }, text: `${parts.join(', ')}.\n${failureLines(job)}`, failed: job.outcomes.failed > 0 }
}

const KINDS: Partial<Record<Job['kind'], string>> = {
  export: 'export',
  import: 'import',
  copy: 'copy',
  repair: 'repair from a copy',
  verify: 'verification',
  rebuild: 'index made anew',
}

function jobLine({ id, kind, state, startedAt, outcomes, result, error }: Job, archive: string): string {
  const { added, unchanged, failed } = outcomes
  const folder = result['folder']
  const counted =
    kind === 'copy'
      ? [`${bytes(Number(result['written'] ?? 0))} written`]
      : kind === 'export' || kind === 'import'
        ? [`${count(added, 'message')} ${kind === 'export' ? 'written' : 'taken'}`, ...(unchanged > 0 ? [`${number(unchanged)} there already`] : [])]
        : []
  const ended = state === 'done' ? 'done' : state === 'cancelled' ? 'stopped' : error ? explain(fromPlainError(error)).happened : 'failed'
  const parts = [...counted, ...(failed > 0 ? [`${number(failed)} failed`] : []), ended]
  const where = typeof folder === 'string' ? ` → ${printable(folder)}` : ''
  return `${id}  ${date(startedAt)}  ${printable(archive)}, ${KINDS[kind] ?? kind}${where}: ${parts.join(', ')}\n`
}

const STATES: Record<RestoreRecord['state'], string> = {
  done: 'done',
  undone: 'taken back',
  unfinished: 'not finished; start the same again to go on',
}

function recordLine(one: RestoreRecord, archive: string): string {
  const to = `${printable(one.target)}${one.prefix === '' ? '' : `, ${printable(one.prefix)}`}`
  const taken = one.undone > 0 ? `, ${number(one.undone)} taken back` : ''
  return `${one.id}  ${date(one.at)}  ${printable(archive)} → ${to}: ${count(one.added, 'message')} put back${taken}, ${STATES[one.state]}\n`
}
