/** Commands that are one job on one archive: export, verify, rebuild. */
import { resolve } from 'node:path'
import type { Damage, Job } from '../../contract/types.ts'
import { type Command, type CommandContext, UsageError } from '../command.ts'
import { bytes, count, duration, number, printable } from '../format.ts'
import { failureLines, showJobs, toEnd } from '../job.ts'
import { findArchive, findMailbox } from '../session.ts'

export const exportCommand: Command = {
  words: ['export'],
  usage: 'ARCHIVE --to DIR --format eml [--mailbox M]',
  summary: 'write the messages as files, byte for byte as they were received',
  options: ['to', 'format', 'mailbox'],
  operands: [1, 1],
  profile: 'needed',
  check: ({ to, format }) => {
    if (to === undefined || format === undefined) throw new UsageError('An export needs --to DIR and --format eml.')
    if (format !== 'eml') throw new UsageError('--format takes eml.')
  },
  run: async context => {
    const { archives, engine, operands, options, terminal } = context
    const archive = findArchive(archives, operands[0]!)
    return withProgress(context, async () => {
      const mailbox = options.mailbox === undefined ? null : (await findMailbox(engine, archive.id, options.mailbox, terminal.signal)).id
      const dir = resolve(terminal.cwd, options.to!)
      const job = await toEnd(engine, await engine.call('job.export', { archive: archive.id, to: dir, format: 'eml', mailbox }), terminal.signal)
      const { added, unchanged, failed } = job.outcomes
      const parts = [
        `${count(added, 'message')} written`,
        ...(unchanged > 0 ? [`${number(unchanged)} there already`] : []),
        ...(failed > 0 ? [`${number(failed)} failed`] : []),
      ]
      return { json: { job }, text: `${parts.join(', ')}: ${dir}${took(job)}\n${failureLines(job)}`, failed: hasFailed(job) }
    })
  },
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
      return {
        json: { job },
        text: `The index of "${printable(archive.name)}" was made anew${took(job)}\n${resultLine(job)}${failureLines(job)}`,
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
