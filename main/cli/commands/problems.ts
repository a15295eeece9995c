/** What stands between the archives and being complete, and what the week brought. */
import { fromPlainError } from '../../contract/errors.ts'
import type { Problem, WeekSummary } from '../../contract/problems.ts'
import type { Command, CommandContext } from '../command.ts'
import { count, date, number, printable, table } from '../format.ts'
import { showJobs } from '../job.ts'
import { findArchive, presentValue } from '../session.ts'
import { explain } from '../text.ts'

export const archiveProblems: Command = {
  words: ['archive', 'problems'],
  usage: '[NAME]',
  summary: 'what stands in the way of being complete: since when, what is done about it, and how it ends',
  details: 'A problem is on the list until what it concerns is solved, whatever succeeded since. Exit code 1 while one wants a person.',
  options: [],
  operands: [0, 1],
  profile: 'needed',
  run: async context => {
    const { archives, engine, operands, terminal } = context
    const wanted = operands[0] === undefined ? archives : [findArchive(archives, operands[0])]
    const end = showJobs(context, archives)
    try {
      // What cannot be opened is on the list itself.
      for (const { id } of wanted) await engine.call('archive.status', { archive: id }).catch(() => {})
      const ids = new Set(wanted.map(({ id }) => id))
      const problems = (await presentValue(engine, 'problems', {}, terminal.signal)).filter(({ archive }) => ids.has(archive))
      return { json: { problems }, text: problemTable(problems, context), failed: problems.some(({ urgent }) => urgent) }
    } finally {
      end()
    }
  },
}

export const archiveWeek: Command = {
  words: ['archive', 'week'],
  usage: '[NAME]',
  summary: 'what the last seven days brought, and whether all of it was proven to be here',
  options: [],
  operands: [0, 1],
  profile: 'needed',
  run: async context => {
    const { archives, engine, operands } = context
    const wanted = operands[0] === undefined ? archives : [findArchive(archives, operands[0])]
    const end = showJobs(context, archives)
    try {
      const weeks: WeekSummary[] = []
      for (const { id } of wanted) weeks.push(await engine.call('archive.week', { archive: id }))
      const text = weeks.map(week => weekText(wanted.find(({ id }) => id === week.archive)!.name, week)).join('\n')
      return { json: operands[0] === undefined ? { archives: weeks } : { ...weeks[0] }, text: text || 'No archives yet.\n' }
    } finally {
      end()
    }
  },
}

const ends: Record<Problem['kind'], string> = {
  account: 'when the server accepts the account',
  network: 'by itself, with the network',
  server: 'by itself, when the server answers',
  disk: 'when there is room',
  place: "when the archive's folder can be used",
  mailbox: 'when the mailbox was read',
  missing: 'when they were captured, or left the server',
  stale: 'when everything is proven complete',
  loss: 'when it was intended, or is on the server again',
  damage: 'when `verify --full` finds none',
  copyDamaged: 'when `copy --full` finds it whole',
  copyOld: 'when it is connected and brought up to date',
  job: 'when one comes to its end',
  other: 'when a capture comes to its end',
}

export function problemSentence({ kind, code, what, count: many }: Problem): string {
  if (kind === 'missing') return `${count(many, 'message')} of ${printable(what)} could not be had (${code})`
  if (kind === 'mailbox') return `${printable(what)} is not captured completely (${code})`
  if (kind === 'loss') return `${count(many, 'message')} disappeared from the server${what === '' ? '' : ` (${printable(what)})`}`
  if (kind === 'copyDamaged') return `${count(many, 'place')} in a copy do not open`
  if (kind === 'copyOld') return 'a copy was not brought up to date for a month'
  if (kind === 'damage') return `${count(many, 'place')} in the archive do not open`
  if (kind === 'stale') return 'nothing was proven complete for a day'
  const reason = code === null ? kind : explain(fromPlainError({ code, message: '', facts: {} })).happened
  return kind === 'job' ? `${what}: ${reason}` : reason
}

const doing = ({ doing, next }: Problem): string =>
  doing === 'retry' ? (next === null ? 'tried again' : `tried again ${date(next)}`) : doing === 'person' ? 'waits for you' : '-'

function problemTable(problems: readonly Problem[], { archives, terminal }: CommandContext): string {
  if (problems.length === 0) return 'No problems.\n'
  const names = new Map(archives.map(({ id, name }) => [id, name]))
  const rows = problems.map(problem => [
    printable(names.get(problem.archive) ?? ''),
    `${problem.urgent ? '!' : ' '} ${problemSentence(problem)}`,
    date(problem.since),
    doing(problem),
    ends[problem.kind],
  ])
  const columns = [
    { title: 'ARCHIVE', flexible: true },
    { title: '  PROBLEM', flexible: true },
    { title: 'SINCE' },
    { title: 'NOW' },
    { title: 'ENDS', flexible: true },
  ]
  return table(columns, rows, terminal.columns)
}

function weekText(name: string, week: WeekSummary): string {
  const lines = [
    `${printable(name)}, since ${date(week.since)}`,
    `  captured   ${count(week.captured, 'new message')}`,
    `  changed    ${number(week.flags)} flags, ${number(week.gone)} left their mailbox on the server`,
    `  proven     ${date(week.lastProven)}`,
    `  problems   ${number(week.problems.length)} standing, ${number(week.solved.length)} solved${week.losses > 0 ? `, ${count(week.losses, 'loss', 'losses')} on the server` : ''}`,
    ...week.problems.map(problem => `    ${problem.urgent ? '!' : ' '} since ${date(problem.since)}: ${problemSentence(problem)}`),
  ]
  return `${lines.join('\n')}\n`
}
