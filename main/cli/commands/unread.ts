/** Attachments whose text cannot be searched; and reading those that were not read yet. */
import type { UnreadAttachment } from '../../contract/unread.ts'
import { wholeNumber } from '../args.ts'
import type { Command } from '../command.ts'
import { bytes, count, date, number, printable, table } from '../format.ts'
import { showJobs, toEnd } from '../job.ts'
import { findArchive } from '../session.ts'
import { LIMIT } from './reading.ts'

export const REASONS: Record<UnreadAttachment['why'], string> = {
  encrypted: 'encrypted',
  'image-only': 'a scan without text',
  'too-large': 'too large to be read as a whole',
  damaged: 'damaged',
  'gave-up': 'took too long to read',
  format: 'a format that is not read',
}

const PAGE = 500

export const unread: Command = {
  words: ['attachments', 'unread'],
  usage: 'ARCHIVE [--limit N]',
  summary: 'attachments that searches cannot look into, and why',
  details: 'The same messages are found by "is:unindexed". All of these attachments are saved, and can be opened.',
  options: ['limit'],
  operands: [1, 1],
  profile: 'needed',
  check: ({ limit }) => {
    wholeNumber('limit', limit, LIMIT)
  },
  run: async ({ archives, engine, operands, options, terminal }) => {
    const archive = findArchive(archives, operands[0]!)
    const limit = wholeNumber('limit', options.limit, LIMIT)
    const rows: UnreadAttachment[] = []
    let after: number | null = null
    do {
      const page: { rows: UnreadAttachment[]; next: number | null } = await engine.call('archive.unreadAttachments', {
        archive: archive.id,
        after,
        limit: Math.min(PAGE, limit - rows.length),
      })
      rows.push(...page.rows)
      after = page.next
    } while (after !== null && rows.length < limit)
    const text =
      rows.length === 0
        ? 'There is none.\n'
        : table(
            [
              { title: 'MESSAGE' },
              { title: 'DATE' },
              { title: 'ATTACHMENT', flexible: true },
              { title: 'SIZE', align: 'right' as const },
              { title: 'WHY' },
            ],
            rows.map(({ id, sortTime, name, size, why }) => [id.slice(0, 12), date(sortTime), printable(name), bytes(size), REASONS[why]]),
            terminal.columns,
          )
    return { json: { attachments: rows, more: after !== null }, text: `${text}${after === null ? '' : 'There are more; --limit N shows them.\n'}` }
  },
}

export const read: Command = {
  words: ['attachments', 'read'],
  usage: 'ARCHIVE',
  summary: 'read the attachments that searches cannot look into yet',
  details:
    'The app and --watch do it by themselves, a sync at its end where few wait. Ctrl-C ends it; what was read is kept, and the next time goes on from there.',
  options: [],
  operands: [1, 1],
  profile: 'needed',
  run: async context => {
    const { archives, engine, operands, terminal } = context
    const archive = findArchive(archives, operands[0]!)
    const end = showJobs(context, archives)
    try {
      const job = await toEnd(engine, await engine.call('job.attachments', { archive: archive.id }), terminal.signal)
      const { attachmentsUnread } = await engine.call('archive.status', { archive: archive.id })
      return {
        json: { job, unread: attachmentsUnread },
        text: `${count(Number(job.result['read'] ?? 0), 'message')} read.\n${unreadLines(attachmentsUnread)}`,
      }
    } finally {
      end()
    }
  },
}

/** One line for each reason. */
export function unreadLines(counts: readonly { reason: UnreadAttachment['why']; count: number }[]): string {
  return counts.map(({ reason, count }) => `  ${number(count)} ${REASONS[reason]}\n`).join('')
}
