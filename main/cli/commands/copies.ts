/** Copies on drives and shares: making them, bringing them up to date, and how they stand. */
import { resolve } from 'node:path'
import type { CopyLook, CopyState } from '../../contract/copies.ts'
import { AppError } from '../../contract/errors.ts'
import type { ArchiveSummary, Job } from '../../contract/types.ts'
import { systemClock } from '../../engine/base/clock.ts'
import { type Command, type CommandContext, type Outcome, UsageError } from '../command.ts'
import { bytes, count, date, duration, printable } from '../format.ts'
import { failureLines, showJobs, toEnd } from '../job.ts'
import { findArchive } from '../session.ts'
import { explain } from '../text.ts'

export const copy: Command = {
  words: ['copy'],
  usage: 'ARCHIVE [--to DIR] [--full] [--wait] [--dry-run]',
  summary: 'bring a copy on a drive or share up to date, and prove it by reading it back',
  details:
    'DIR is a drive, a share, an empty folder, or the copy itself; where other things are in it, the copy gets a folder of its own there.\n' +
    'Without --to, every known copy that can be reached now is brought up to date. What is written is read back and compared, and every\n' +
    'record is opened. The copy can be opened like an archive, for reading, on any computer, with the same password or recovery code.',
  options: ['to', 'full', 'wait', 'dry-run'],
  check: options => {
    if (options['dry-run'] && options.to === undefined) throw new UsageError('--dry-run goes with --to DIR; `copies` says how the known ones stand.')
  },
  operands: [1, 1],
  profile: 'needed',
  run: async context => {
    const archive = findArchive(context.archives, context.operands[0]!)
    const end = showJobs(context, context.archives)
    try {
      return context.options.to === undefined ? await copyToAll(context, archive) : await copyTo(context, archive, context.options.to)
    } finally {
      end()
    }
  },
}

export const copies: Command = {
  words: ['copies'],
  usage: 'ARCHIVE [--forget COPY]',
  summary: 'where copies of an archive are, and when each was last proven safe',
  options: ['forget'],
  operands: [1, 1],
  profile: 'needed',
  run: async ({ archives, engine, operands, options, terminal }) => {
    const archive = findArchive(archives, operands[0]!)
    if (options.forget !== undefined) {
      const known = await findCopy(engine, archive, resolve(terminal.cwd, options.forget), options.forget)
      await engine.call('copy.forget', { archive: archive.id, copy: known.id })
      return { json: { copy: known }, text: `The copy at ${known.dir} is not looked after any more. Its folder stays as it is.\n` }
    }
    const found = await engine.call('copy.list', { archive: archive.id })
    const text =
      found.length === 0 ? `There is no copy of "${printable(archive.name)}" yet.\n` : found.map(one => stateText(one, systemClock.now())).join('\n')
    return { json: { copies: found }, text }
  },
}

export const copiesRepair: Command = {
  words: ['copies', 'repair'],
  usage: 'ARCHIVE [--from COPY]',
  summary: 'put back into an archive what is damaged there and whole in a copy',
  details: 'Without --from, the copies that can be reached now are gone through until nothing is damaged any more.',
  options: ['from'],
  operands: [1, 1],
  profile: 'needed',
  run: async context => {
    const { archives, engine, operands, options, terminal } = context
    const archive = findArchive(archives, operands[0]!)
    const wanted =
      options.from === undefined
        ? (await engine.call('copy.list', { archive: archive.id })).filter(({ present }) => present)
        : [await findCopy(engine, archive, resolve(terminal.cwd, options.from), options.from)]
    if (wanted.length === 0) throw new AppError('destination-missing', 'no copy can be reached', { facts: { path: 'of a copy' } })
    const end = showJobs(context, archives)
    const jobs: Job[] = []
    try {
      for (const one of wanted) {
        jobs.push(await toEnd(engine, await engine.call('copy.repair', { archive: archive.id, copy: one.id }), terminal.signal))
        if (jobs.at(-1)!.outcomes.failed === 0) break
      }
    } finally {
      end()
    }
    const repaired = jobs.reduce((sum, { result }) => sum + Number(result['repaired'] ?? 0), 0)
    const last = jobs.at(-1)!
    const text =
      repaired === 0 && last.outcomes.failed === 0
        ? 'Nothing is damaged.\n'
        : `${count(repaired, 'segment')} of the archive ${repaired === 1 ? 'is' : 'are'} whole again.\n`
    return { json: { jobs }, text: text + failureLines(last), failed: last.outcomes.failed > 0 }
  },
}

export const takeOver: Command = {
  words: ['copies', 'take-over'],
  usage: 'ARCHIVE',
  summary: 'make the archive of a copy that was opened, because the archive itself is lost',
  details: 'From then on new mail is captured into it. If the old archive turns up again, do not capture into both.',
  options: [],
  operands: [1, 1],
  profile: 'needed',
  run: async ({ archives, engine, operands }) => {
    const archive = await engine.call('archive.takeOver', { archive: findArchive(archives, operands[0]!).id })
    return { json: { archive }, text: `"${printable(archive.name)}" is an archive of its own now: ${archive.dir}\n` }
  },
}

async function copyTo(context: CommandContext, archive: ArchiveSummary, to: string): Promise<Outcome> {
  const { engine, options, terminal } = context
  const dir = resolve(terminal.cwd, to)
  if (options['dry-run']) {
    const look = await engine.call('copy.look', { archive: archive.id, to: dir })
    return { json: { plan: look }, text: lookText(look) }
  }
  const started = await engine.call('copy.start', { archive: archive.id, to: dir, full: options.full === true, patient: options.wait === true })
  const job = await toEnd(engine, started, terminal.signal)
  return { json: { job }, text: doneText(job), failed: job.outcomes.failed > 0 }
}

/** Those that are away are said to be, and are no failure: a drive in a drawer is meant to be there. */
async function copyToAll(context: CommandContext, archive: ArchiveSummary): Promise<Outcome> {
  const { engine, options, terminal } = context
  const known = await engine.call('copy.list', { archive: archive.id })
  if (known.length === 0) throw new UsageError(`There is no copy of "${archive.name}" yet: say where it shall be with --to DIR.`)
  const jobs: Job[] = []
  const texts: string[] = []
  let failed = false
  for (const one of known) {
    if (!one.present && options.wait !== true) {
      texts.push(`${one.dir} is not connected.\n`)
      continue
    }
    try {
      const started = await engine.call('copy.run', {
        archive: archive.id,
        copy: one.id,
        full: options.full === true,
        patient: options.wait === true,
      })
      const job = await toEnd(engine, started, terminal.signal)
      jobs.push(job)
      texts.push(doneText(job))
      failed ||= job.outcomes.failed > 0
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'cancelled') throw error
      failed = true
      texts.push(`${one.dir}: ${explain(error).happened}\n`)
    }
  }
  return { json: { jobs, copies: await engine.call('copy.list', { archive: archive.id }) }, text: texts.join(''), failed }
}

async function findCopy(engine: CommandContext['engine'], archive: ArchiveSummary, dir: string, wanted: string): Promise<CopyState> {
  const found = (await engine.call('copy.list', { archive: archive.id })).find(one => one.dir === dir || one.id === wanted)
  if (!found) throw new AppError('not-found', `no copy ${wanted}`, { facts: { what: `copy ${wanted}` } })
  return found
}

function lookText({ dir, fresh, sameDisk, bytes: whole, toWrite, free }: CopyLook): string {
  const lines = [
    `${fresh ? 'A new copy' : 'The copy'}: ${printable(dir)}`,
    `${bytes(toWrite)} of ${bytes(whole)} would be written and read back.`,
    ...(free === null ? [] : [`Room there: ${bytes(free)}${free < toWrite ? ', which is not enough' : ''}.`]),
    ...(sameDisk === 'same' ? ['Note: it is on the same disk as the archive; if that disk fails, both are lost.'] : []),
  ]
  return `${lines.join('\n')}\nNothing was written.\n`
}

function doneText(job: Job): string {
  const { folder, written, bytes: whole, segments, repaired, damaged, archiveDamaged, sameDisk } = job.result
  const lines = [
    Number(written) > 0 ? `${bytes(Number(written))} written and read back: ${folder}` : `The copy was up to date: ${folder}`,
    `It holds ${bytes(Number(whole))} in ${count(Number(segments), 'segment')}.`,
  ]
  if (Number(repaired) > 0) lines.push(`${count(Number(repaired), 'segment')} of it had been damaged, and is whole again.`)
  if (Number(damaged) > 0) lines.push(`${count(Number(damaged), 'place')} in it cannot be opened, here or in the archive.`)
  if (Number(archiveDamaged) > 0) lines.push('The archive itself is damaged; `mailcoffer copies repair` puts back what the copy has whole.')
  if (sameDisk === 'same') lines.push('Note: it is on the same disk as the archive; if that disk fails, both are lost.')
  return `${lines.join('\n')}\n${failureLines(job)}`
}

const STATES: Record<CopyState['state'], string> = {
  never: 'not finished yet',
  safe: 'safe',
  behind: 'safe, and the archive went on since',
  damaged: 'damaged',
  problem: 'the last run did not come to its end',
}

function stateText(copy: CopyState, now: number): string {
  const { dir, present, state, safeAsOf, oldestProof, behindBytes, auto, damaged, sameDisk, error } = copy
  const lines = [
    `${dir}${present ? '' : ' (not connected)'}`,
    `  state      ${STATES[state]}`,
    `  safe as of ${date(safeAsOf)}${safeAsOf === null ? '' : `, ${duration((now - safeAsOf) / 1000)} ago`}`,
    `  holds      ${bytes(copy.bytes)}${behindBytes > 0 ? `, ${bytes(behindBytes)} are not in it yet` : ''}`,
    `  proven     every byte read from it and every record opened on ${date(oldestProof)} or later`,
  ]
  if (damaged > 0) lines.push(`  damaged    ${count(damaged, 'place')}`)
  if (error) lines.push(`  problem    ${explain(new AppError(error.code, error.message, { facts: error.facts })).happened}`)
  if (sameDisk === 'same') lines.push('  It is on the same disk as the archive: if that disk fails, both are lost.')
  if (sameDisk === 'unknown') lines.push('  Whether it is on another disk than the archive could not be told.')
  if (!auto) lines.push('  It does not run by itself.')
  return `${lines.join('\n')}\n`
}
