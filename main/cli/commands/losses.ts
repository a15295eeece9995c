/** What disappeared from the server, much at once: the list of it, and what a person says of it. */

import type { EngineClient } from '../../contract/contract.ts'
import { AppError } from '../../contract/errors.ts'
import type { ArchiveLosses, LossSummary } from '../../contract/losses.ts'
import { wholeNumber } from '../args.ts'
import { type Command, type CommandContext, UsageError } from '../command.ts'
import { count, date, number, printable, table } from '../format.ts'
import { errorOf, failureLines, follow, showJobs } from '../job.ts'
import { findArchive, findMailbox } from '../session.ts'

export const LOSS = { fallback: 0, least: 1, most: 1_000_000 }

export const archiveLosses: Command = {
  words: ['archive', 'losses'],
  usage: 'NAME [--seen LOSS | --intended LOSS]',
  summary: 'what disappeared from the server, much at once; all of it is kept in the archive',
  details:
    'As long as a loss is not said to be intended, and not all of it is on the server again, the archive is frozen: rules of retention remove nothing.\n' +
    '`mailcoffer list NAME --gone-in LOSS` shows the messages.',
  options: ['seen', 'intended'],
  operands: [1, 1],
  profile: 'needed',
  check: ({ seen, intended }) => {
    if (seen !== undefined) wholeNumber('seen', seen, LOSS)
    if (intended !== undefined) wholeNumber('intended', intended, LOSS)
    if (seen !== undefined && intended !== undefined) throw new UsageError('Either --seen or --intended.')
  },
  run: async context => {
    const { archives, engine, operands, options } = context
    const found = findArchive(archives, operands[0]!)
    const archive = found.id
    const end = showJobs(context, archives)
    try {
      const answered = options.seen ?? options.intended
      const answer = options.seen === undefined ? ('intended' as const) : ('seen' as const)
      const losses =
        answered === undefined
          ? await engine.call('archive.losses', { archive })
          : await engine.call('archive.answerLoss', { archive, loss: await findLoss(engine, archive, answered), answer })
      return { json: losses, text: lossTable(losses, context) }
    } finally {
      end()
    }
  },
}

export const archiveRetry: Command = {
  words: ['archive', 'retry'],
  usage: 'NAME [--mailbox M]',
  summary: 'try again now what could not be had, and does not wait for its time',
  options: ['mailbox'],
  operands: [1, 1],
  profile: 'needed',
  run: async context => {
    const { archives, engine, operands, options, terminal } = context
    const { id: archive, name } = findArchive(archives, operands[0]!)
    const end = showJobs(context, archives)
    try {
      const mailbox = options.mailbox === undefined ? null : (await findMailbox(engine, archive, options.mailbox, terminal.signal)).id
      const job = await follow(engine, await engine.call('archive.retryGaps', { archive, mailbox }), terminal.signal)
      const { mailboxes } = await engine.call('archive.status', { archive })
      const left = mailboxes.reduce((sum, { gapCount }) => sum + gapCount, 0)
      const text = `${printable(name)}: ${left === 0 ? 'nothing is missing any more' : `${count(left, 'message')} could not be had`}\n${failureLines(job)}`
      const error = errorOf(job)
      return { json: { job, left }, text, failed: left > 0, ...(error && { error }) }
    } finally {
      end()
    }
  },
}

/** Throws not-found where the archive has no such loss: an empty list would say that nothing disappeared. */
export async function findLoss(engine: EngineClient, archive: string, typed: string): Promise<number> {
  const wanted = Number(typed)
  const { losses } = await engine.call('archive.losses', { archive })
  if (!losses.some(({ loss }) => loss === wanted)) throw new AppError('not-found', `no loss ${wanted}`, { facts: { what: `loss ${wanted}` } })
  return wanted
}

/** What stands in a status and behind a sync while a loss is open; '' where none is. */
export function lossNote(name: string, losses: readonly LossSummary[]): string {
  return losses
    .filter(({ answer }) => answer === null)
    .map(
      loss =>
        `  ! ${sentence(loss)}\n` +
        `    Nothing of it is lost: all of it is in the archive, and stays.  mailcoffer list "${printable(name)}" --gone-in ${loss.loss}\n` +
        movedNote(loss) +
        `    To put exactly these back on the server:  mailcoffer restore "${printable(name)}" --gone-in ${loss.loss}\n` +
        `    If you wanted it so:  mailcoffer archive losses "${printable(name)}" --intended ${loss.loss}\n`,
    )
    .join('')
}

/** What we do not look at may have it. */
function movedNote({ leftOut = [] }: LossSummary): string {
  if (leftOut.length === 0) return ''
  const names = leftOut.slice(0, 3).map(name => printable(name))
  return `    Or it was moved to a mailbox that is left out of the archive: ${names.join(', ')}${leftOut.length > 3 ? ', …' : ''}.\n`
}

const sentence = ({ cause, at, messages, before, returned, mailboxes }: LossSummary): string => {
  const where =
    mailboxes
      .map(({ name }) => printable(name))
      .slice(0, 3)
      .join(', ') + (mailboxes.length > 3 ? ', …' : '')
  const back = returned > 0 ? `, ${number(returned)} of them are back` : ''
  if (cause === 'emptied') return `${date(at)}: the account shows no message any more; there were ${number(before)}${back}.`
  if (cause === 'vanished') return `${date(at)}: a mailbox vanished from the server, with ${count(messages, 'message')} (${where})${back}.`
  return `${date(at)}: ${number(messages)} of ${count(before, 'message')} disappeared from the server (${where})${back}.`
}

function lossTable({ losses, frozen }: ArchiveLosses, { terminal }: CommandContext): string {
  if (losses.length === 0) return 'Nothing disappeared from the server in an unusual measure.\n'
  const rows = losses.map(({ loss, at, cause, messages, before, returned, answer, mailboxes }) => [
    number(loss),
    date(at),
    cause,
    number(messages),
    number(before),
    number(returned),
    answer ?? 'open',
    mailboxes.map(({ name }) => printable(name)).join(', '),
  ])
  return `${table(columns, rows, terminal.columns)}${frozen ? '\nThe archive is frozen: rules of retention remove nothing from it.\n' : ''}`
}

const columns = [
  { title: 'LOSS', align: 'right' as const },
  { title: 'NOTICED' },
  { title: 'WHAT' },
  { title: 'MESSAGES', align: 'right' as const },
  { title: 'OF', align: 'right' as const },
  { title: 'BACK', align: 'right' as const },
  { title: 'ANSWER' },
  { title: 'FROM', flexible: true },
]
