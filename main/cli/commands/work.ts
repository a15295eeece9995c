/** Commands that are one job on one archive: export, verify, rebuild. */
import { resolve } from 'node:path'
import { exportFormat, exportLayout, mboxDialect } from '../../contract/export.ts'
import type { Damage, Job } from '../../contract/types.ts'
import { type Command, type CommandContext, UsageError } from '../command.ts'
import { bytes, count, duration, number, printable } from '../format.ts'
import { failureLines, readFewAttachments, showJobs, toEnd, waitingAttachmentsLine } from '../job.ts'
import { checkScope, SCOPE_MANY, SCOPE_OPTIONS, scopeFrom } from '../scope.ts'
import { findArchive } from '../session.ts'

export const exportCommand: Command = {
  words: ['export'],
  usage:
    'ARCHIVE --to DIR --format eml|mbox|maildir [--zip] [--layout mailbox|date|thunderbird] [--mailbox M…] [--query Q] [--since D] [--until D] [--wait] [--dry-run]',
  summary: 'write messages as files in open formats, byte for byte as they were received',
  details:
    'Beside the files come manifest.jsonl (everything about each message), SHA256SUMS, messages.csv, and index.html to browse them. All is read back\n' +
    'before it counts. Into the same folder again, only what is missing or changed is written. --gone takes only what is no longer on the server.',
  options: ['to', 'format', 'zip', 'layout', 'dialect', 'wait', 'dry-run', ...SCOPE_OPTIONS],
  many: SCOPE_MANY,
  operands: [1, 1],
  profile: 'needed',
  check: options => {
    const { to, format, layout, dialect } = options
    if (to === undefined || format === undefined) throw new UsageError('An export needs --to DIR and --format eml, mbox or maildir.')
    oneOf('format', format, exportFormat.options)
    if (layout !== undefined) oneOf('layout', layout, exportLayout.options)
    if (dialect !== undefined) oneOf('dialect', dialect, mboxDialect.options)
    if (dialect !== undefined && format !== 'mbox') throw new UsageError('--dialect goes with --format mbox.')
    if (layout === 'thunderbird' && format !== 'mbox') throw new UsageError('--layout thunderbird goes with --format mbox.')
    checkScope(options)
  },
  run: async context => {
    const { archives, engine, operands, options, terminal } = context
    const archive = findArchive(archives, operands[0]!)
    return withProgress(context, async () => {
      const request = {
        archive: archive.id,
        scope: await scopeFrom(context, archive),
        to: resolve(terminal.cwd, options.to!),
        format: oneOf('format', options.format!, exportFormat.options),
        ...(options.layout !== undefined && { layout: oneOf('layout', options.layout, exportLayout.options) }),
        ...(options.dialect !== undefined && { dialect: oneOf('dialect', options.dialect, mboxDialect.options) }),
        ...(options.zip && { zip: true }),
        ...(options.wait && { patient: true }),
        ...(options['dry-run'] && { dryRun: true }),
      }
      const job = await toEnd(engine, await engine.call('job.export', request), terminal.signal)
      if (options['dry-run']) {
        const { messages, bytes: size, mailboxes } = job.result
        const from = count(Number(mailboxes), 'mailbox', 'mailboxes')
        return {
          json: { job },
          text: `${count(Number(messages), 'message')} (${bytes(Number(size))}) from ${from} would be written to ${printable(request.to)}.\nNothing was written.\n`,
        }
      }
      const { added, unchanged, failed } = job.outcomes
      const parts = [
        `${count(added, 'message')} written`,
        ...(unchanged > 0 ? [`${number(unchanged)} there already`] : []),
        ...(failed > 0 ? [`${number(failed)} failed`] : []),
      ]
      const where = printable(String(job.result['folder'] ?? request.to))
      return { json: { job }, text: `${parts.join(', ')}: ${where}${took(job)}\n${failureLines(job)}`, failed: hasFailed(job) }
    })
  },
}

export const importCommand: Command = {
  words: ['import'],
  usage: 'ARCHIVE PATH… [--prefix P] [--dry-run]',
  summary: 'take mail of other programs into the archive',
  details:
    'mbox in all its dialects, EML files and folders of them, Maildir, mailboxes of Thunderbird and Apple Mail, Outlook (PST, OST, MSG), Google Takeout,\n' +
    'ZIP files of these, and exports of this program with all they know. What is in the archive already is not stored twice. Beside an account it goes below "Imported".',
  options: ['prefix', 'dry-run'],
  operands: [2, 1000],
  profile: 'needed',
  run: async context => {
    const { archives, engine, operands, options, terminal } = context
    const archive = findArchive(archives, operands[0]!)
    return withProgress(context, async () => {
      const paths = operands.slice(1).map(path => resolve(terminal.cwd, path))
      const dryRun = options['dry-run'] === true
      const request = { archive: archive.id, paths, ...(options.prefix !== undefined && { prefix: options.prefix }), ...(dryRun && { dryRun }) }
      const job = await toEnd(engine, await engine.call('job.import', request), terminal.signal)
      const waiting = dryRun ? 0 : await readFewAttachments(engine, archive.id, terminal.signal)
      const { added, unchanged } = job.outcomes
      const failed = job.failures.length
      const parts = [
        `${count(Number(job.result['found'] ?? 0), 'message')} found`,
        `${number(added)} ${dryRun ? 'would be taken' : 'taken'}`,
        ...(unchanged > 0 ? [`${number(unchanged)} there already`] : []),
        ...(failed > 0 ? [`${number(failed)} could not be read`] : []),
        ...(Number(job.result['passed'] ?? 0) > 0 ? [`${count(Number(job.result['passed']), 'file is', 'files are')} no mail`] : []),
      ]
      return {
        json: { job, ...(waiting > 0 && { attachmentsWaiting: waiting }) },
        text: `${parts.join(', ')}${took(job)}\n${failureLines(job)}${waitingAttachmentsLine(archive.name, waiting)}`,
        failed: hasFailed(job),
      }
    })
  },
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find(one => one === value)
  if (found === undefined) throw new UsageError(`--${name} takes ${allowed.join(', ')}.`)
  return found
}

export const verify: Command = {
  words: ['verify'],
  usage: 'ARCHIVE [--full]',
  summary: 'prove that nothing is damaged or missing; --full opens every record',
  options: ['full'],
  operands: [1, 1],
  profile: 'needed',
  run: async context => {
    const { archives, engine, operands, options, terminal } = context
    const archive = findArchive(archives, operands[0]!)
    return withProgress(context, async () => {
      const full = options.full === true
      const job = await toEnd(engine, await engine.call('job.verify', { archive: archive.id, full }), terminal.signal)
      const damage = await engine.call('job.damage', { job: job.id })
      const found =
        damage.length > 0 ? `${count(damage.length, 'place is', 'places are')} damaged:\n${damage.map(damageLine).join('')}` : `Nothing is damaged.\n`
      const hint = !full && damage.length === 0 ? 'Every commit was checked; --full opens every record as well.\n' : ''
      return { json: { job, damage }, text: `${found}${resultLine(job)}${hint}`, failed: hasFailed(job) || damage.length > 0 }
    })
  },
}

export const rebuild: Command = {
  words: ['rebuild'],
  usage: 'ARCHIVE',
  summary: 'make the local index anew from the archive',
  options: [],
  operands: [1, 1],
  profile: 'needed',
  run: async context => {
    const { archives, engine, operands, terminal } = context
    const archive = findArchive(archives, operands[0]!)
    return withProgress(context, async () => {
      const job = await toEnd(engine, await engine.call('job.rebuild', { archive: archive.id }), terminal.signal)
      const waiting = await readFewAttachments(engine, archive.id, terminal.signal)
      return {
        json: { job, ...(waiting > 0 && { attachmentsWaiting: waiting }) },
        text: `The index of "${printable(archive.name)}" was made anew${took(job)}\n${resultLine(job)}${failureLines(job)}${waitingAttachmentsLine(archive.name, waiting)}`,
        failed: hasFailed(job),
      }
    })
  },
}

function withProgress<T>(context: CommandContext, work: () => Promise<T>): Promise<T> {
  const end = showJobs(context, context.archives)
  return work().finally(end)
}

const hasFailed = (job: Job) => job.outcomes.failed > 0 || job.failures.length > 0

function took({ startedAt, endedAt }: Job): string {
  return endedAt === null ? '' : ` (${duration((endedAt - startedAt) / 1000)})`
}

/** The job's numbers, in its own words: 'messages 2,000, commits 21'. */
function resultLine({ result }: Job): string {
  const parts = Object.entries(result).flatMap(([name, value]) => {
    if (typeof value !== 'number') return []
    return `${name} ${/bytes/i.test(name) ? bytes(value) : number(value)}`
  })
  return parts.length === 0 ? '' : `${parts.join(', ')}\n`
}

function damageLine({ what, segment, offset, length, detail }: Damage): string {
  return `  ${what}, segment ${segment} at ${number(offset)}${length > 0 ? ` (${bytes(length)})` : ''}: ${printable(detail)}\n`
}
