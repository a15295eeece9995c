/** Looking into an archive: its mailboxes, lists of messages, one message. */
import type { OutputOf } from '../../contract/contract.ts'
import { AppError } from '../../contract/errors.ts'
import { type ListOrder, orderBy } from '../../contract/order.ts'
import type { Cursor, Mailbox, MessageSummary, MessageView } from '../../contract/types.ts'
import { wholeNumber } from '../args.ts'
import { type Command, type CommandContext, UsageError } from '../command.ts'
import { bytes, type Column, cut, date, number, person, printable, table } from '../format.ts'
import { showJobs } from '../job.ts'
import { findArchive, findMailbox, presentValue } from '../session.ts'
import { findLoss, LOSS } from './losses.ts'

export const LIMIT = { fallback: 50, least: 1, most: 1_000_000 }
const WINDOW = 500 // the contract's bound for one answer
const SHORT_ID = 12 // digits shown: among a million messages two begin alike with a chance of one in 500

export const mailboxes: Command = {
  words: ['mailboxes'],
  usage: 'ARCHIVE',
  summary: 'the mailboxes of an archive, with counts',
  options: [],
  operands: [1, 1],
  profile: 'needed',
  run: async context => {
    const archive = findArchive(context.archives, context.operands[0]!)
    const end = showJobs(context, context.archives)
    const found = await presentValue(context.engine, 'mailboxes', { archive: archive.id }, context.terminal.signal).finally(end)
    const text = found.length === 0 ? 'No mailboxes yet.\n' : table(mailboxColumns, found.map(mailboxRow), context.terminal.columns)
    return { json: { mailboxes: found }, text }
  },
}

export const list: Command = {
  words: ['list'],
  usage: 'ARCHIVE [--mailbox M | --gone-in LOSS] [--sort BY] [--reverse] [--conversations] [--limit N] | --months',
  summary: 'messages, the newest first where nothing else is said',
  details: 'Marks: N not read, ! flagged, @ has attachments, x gone from the server (and kept here).',
  options: ['mailbox', 'gone-in', 'sort', 'reverse', 'conversations', 'months', 'limit'],
  operands: [1, 1],
  profile: 'needed',
  check: ({ limit, mailbox, 'gone-in': loss, sort, reverse, conversations, months }) => {
    wholeNumber('limit', limit, LIMIT)
    orderOf(sort, reverse)
    if (loss !== undefined && (sort || reverse || conversations || months)) throw new UsageError('What disappeared in a loss is listed by date.')
    if (conversations && sort !== undefined && sort !== 'date') throw new UsageError('Conversations are listed by date.')
    if (loss !== undefined) wholeNumber('gone-in', loss, LOSS)
    if (loss !== undefined && mailbox !== undefined) throw new UsageError('Either --mailbox or --gone-in.')
  },
  run: async context => {
    const { archives, engine, operands, options, terminal } = context
    const limit = wholeNumber('limit', options.limit, LIMIT)
    const archive = findArchive(archives, operands[0]!).id
    const end = showJobs(context, archives)
    try {
      const mailbox = options.mailbox === undefined ? null : (await findMailbox(engine, archive, options.mailbox, terminal.signal)).id
      const loss = options['gone-in'] === undefined ? undefined : await findLoss(engine, archive, options['gone-in'])
      if (options.months) return monthTable(await engine.call('message.months', { archive, mailbox }))
      const conversations = options.conversations === true
      const place = { archive, mailbox, ...(loss === undefined ? { order: orderOf(options.sort, options.reverse), conversations } : { loss }) }
      const found = await upTo(limit, (from, limit) => engine.call('message.window', { ...place, from, direction: 'after', limit }))
      return { json: { messages: found.rows, more: found.more }, text: messageTable(found, context) }
    } finally {
      end()
    }
  },
}

export const show: Command = {
  words: ['show'],
  usage: 'ARCHIVE ID [--raw|--headers]',
  summary: 'one message; the first digits of its id will do',
  details: '--raw writes the exact bytes as they were received (with --json: in base64).',
  options: ['raw', 'headers'],
  operands: [2, 2],
  profile: 'needed',
  check: ({ raw, headers }, [, id]) => {
    if (raw && headers) throw new UsageError('Either --raw or --headers.')
    checkId(id!)
  },
  run: async context => {
    const { archives, engine, operands, options } = context
    const archive = findArchive(archives, operands[0]!).id
    const end = showJobs(context, archives)
    try {
      const message = await wholeId(context, archive, operands[1]!)
      end()
      if (options.raw) return await raw(context, archive, message)
      if (options.headers) {
        const { headers } = await engine.call('message.headers', { archive, message })
        return { json: { id: message, headers }, text: `${printable(headers, { lines: true }).trimEnd()}\n` }
      }
      const view = await engine.call('message.show', { archive, message })
      return { json: { message: view }, text: viewText(view) }
    } finally {
      end()
    }
  },
}

function orderOf(sort: string | undefined, reverse: boolean | undefined): ListOrder {
  const by = orderBy.safeParse(sort ?? 'date')
  if (!by.success) throw new UsageError('--sort is date, sender, subject or size.')
  return { by: by.data, ...(reverse && { reverse }) }
}

function monthTable({ months }: OutputOf<'message.months'>) {
  const rows = months.map(({ at, count }) => [date(at).slice(0, 7), number(count)])
  const text = rows.length === 0 ? 'No messages.\n' : table([{ title: 'MONTH' }, { title: 'MESSAGES', align: 'right' }], rows, null)
  return { json: { months }, text }
}

/** Window after window, until there are `limit` rows or no more. */
export async function upTo(
  limit: number,
  ask: (from: Cursor | null, limit: number) => Promise<OutputOf<'message.window'>>,
): Promise<{ rows: MessageSummary[]; more: boolean }> {
  const rows: MessageSummary[] = []
  for (;;) {
    const window = await ask(rows.at(-1)?.cursor ?? null, Math.min(WINDOW, limit - rows.length))
    rows.push(...window.rows)
    if (!window.after || window.rows.length === 0 || rows.length >= limit) return { rows, more: window.after }
  }
}

export function messageTable(
  { rows, more }: { rows: readonly MessageSummary[]; more: boolean },
  { archives, terminal }: CommandContext,
  several = false,
  /** A line of its own below a row; '' for none. */
  below: (row: MessageSummary) => string = () => '',
): string {
  if (rows.length === 0) return 'No messages.\n'
  const names = new Map(archives.map(({ id, name }) => [id, name]))
  const columns: Column[] = [
    { title: 'ID' },
    { title: 'DATE' },
    { title: '' },
    { title: 'SIZE', align: 'right' },
    ...(several ? [{ title: 'ARCHIVE', flexible: true }] : []),
    { title: 'FROM', flexible: true },
    { title: 'SUBJECT', flexible: true },
  ]
  const cells = rows.map(row => [
    row.id.slice(0, SHORT_ID),
    date(row.sortTime),
    marks(row),
    bytes(row.size),
    ...(several ? [printable(names.get(row.archive) ?? '')] : []),
    printable(row.from.map(({ name, address }) => name || address).join(', ')),
    printable(row.subject) || (row.parse === 'blank' ? '…' : '-'),
  ])
  const lines = table(columns, cells, terminal.columns).trimEnd().split('\n')
  const shown = lines.flatMap((line, at) => {
    const note = at === 0 ? '' : below(rows[at - 1]!)
    return note === '' ? [line] : [line, `    ${terminal.columns === null ? note : cut(note, Math.max(20, terminal.columns - 4))}`]
  })
  return `${shown.join('\n')}\n${more ? `… and more; --limit ${rows.length * 2} shows them\n` : ''}`
}

function marks({ flags, attachments, gone }: MessageSummary): string {
  const has = (flag: string) => flags.some(one => one.toLowerCase() === flag)
  return `${has('\\seen') ? '' : 'N'}${has('\\flagged') ? '!' : ''}${attachments > 0 ? '@' : ''}${gone === null ? '' : 'x'}`
}

export function checkId(id: string): void {
  if (!/^[0-9a-f]{4,64}$/i.test(id)) throw new UsageError('The id of a message is made of the digits 0-9 and a-f; at least four of them.')
}

/** The one message whose id begins with what was typed. */
export async function wholeId({ engine }: CommandContext, archive: string, typed: string): Promise<string> {
  const prefix = typed.toLowerCase()
  if (prefix.length === 64) return prefix
  const { ids } = await engine.call('message.find', { archive, prefix })
  if (ids.length > 1)
    throw new AppError('invalid-input', 'ambiguous id', { facts: { problem: `More than one message begins with ${prefix}; type more of it.` } })
  if (ids[0] === undefined) throw new AppError('message-unknown', `no message ${prefix}`)
  return ids[0]
}

async function raw({ engine, options, terminal }: CommandContext, archive: string, message: string) {
  const kept: Uint8Array[] = []
  let offset = 0
  for (;;) {
    const piece = await engine.call('message.raw', { archive, message, offset })
    offset += piece.bytes.length
    if (options.json) kept.push(piece.bytes)
    else await terminal.out(piece.bytes)
    if (offset >= piece.total) break
    if (piece.bytes.length === 0) throw new AppError('byte-check-failed', `the message ended at ${offset} of ${piece.total}`)
  }
  return { json: { id: message, size: offset, base64: Buffer.concat(kept).toString('base64') }, text: null }
}

function viewText(view: MessageView): string {
  const { summary } = view
  const lines = [`Date:     ${date(summary.date ?? summary.sortTime)}`]
  for (const [title, people] of [
    ['From:    ', summary.from],
    ['To:      ', summary.to],
    ['Cc:      ', view.cc],
    ['Bcc:     ', view.bcc],
    ['Reply-To:', view.replyTo],
  ] as const)
    if (people.length > 0) lines.push(`${title} ${printable(people.map(person).join(', '))}`)
  lines.push(`Subject:  ${printable(summary.subject)}`)
  for (const { mailboxName, uid, flags, gone } of view.placements)
    lines.push(
      `In:       ${printable(mailboxName)} (UID ${uid}${flags.length > 0 ? `, ${printable(flags.join(' '))}` : ''}${gone === null ? '' : `, gone since ${date(gone)}`})`,
    )
  for (const { index, name, type, size } of view.attachments)
    lines.push(`Attached: ${index} ${printable(name) || '(no name)'}, ${printable(type)}, ${bytes(size)}`)
  if (view.authentication) lines.push(`Sender:   ${printable(authenticationText(view.authentication))}`)
  for (const { summary: what, start, location } of view.events)
    lines.push(
      `Event:    ${printable([what, start?.written || (start?.time == null ? '' : date(start.time)), start?.zone ?? '', location].filter(part => part !== '').join(', '))}`,
    )
  for (const { name, emails, phones } of view.contacts) lines.push(`Contact:  ${printable([name, ...emails, ...phones].join(', '))}`)
  if (view.links.mismatched + view.links.lookalike > 0)
    lines.push(`Beware:   links that do not lead where they say: ${view.links.mismatched}; to names that imitate others: ${view.links.lookalike}`)
  lines.push(`Size:     ${bytes(summary.size)}`, `SHA-256:  ${view.sha256}`, `Id:       ${summary.id}`)
  if (view.problem) lines.push('', '(The text could not be read in full; --raw shows the message as it came.)')
  lines.push('', printable(view.text, { lines: true }).trimEnd())
  if (view.truncated) lines.push('', '(… cut here, because it is very long.)')
  return `${lines.join('\n')}\n`
}

/** What the receiving server says, and that it is the one who says it. */
const authenticationText = ({ server, results }: NonNullable<MessageView['authentication']>): string =>
  `${results.map(({ method, result }) => `${method} ${result}`).join(', ') || 'nothing'} (said by ${server}, not checked here)`

const mailboxColumns: readonly Column[] = [
  { title: 'MAILBOX', flexible: true },
  { title: 'MESSAGES', align: 'right' },
  { title: 'UNREAD', align: 'right' },
  { title: 'GONE', align: 'right' },
  { title: 'MISSING', align: 'right' },
  { title: 'COMPLETE AS OF' },
]

function mailboxRow(mailbox: Mailbox): string[] {
  const notes = [...(mailbox.selectable ? [] : ['not selectable']), ...(mailbox.present || mailbox.imported ? [] : ['not on the server any more'])]
  const name = printable(mailbox.name) + (notes.length > 0 ? ` (${notes.join(', ')})` : '')
  return [name, number(mailbox.messages), number(mailbox.unread), number(mailbox.gone), number(mailbox.gaps), date(mailbox.completeAsOf)]
}
