/** Words and operators, in one archive or in all. */
import type { SearchInside, SearchWhy } from '../../contract/search.ts'
import type { MessageSummary } from '../../contract/types.ts'
import { wholeNumber } from '../args.ts'
import { type Command, type CommandContext, UsageError } from '../command.ts'
import { count, printable } from '../format.ts'
import { showJobs } from '../job.ts'
import { termsText } from '../searchTerms.ts'
import { findArchive } from '../session.ts'
import { LIMIT, messageTable, upTo } from './reading.ts'
import { savedQuery } from './searches.ts'

const CAP = 10_000_000 // the contract's; more than any archive has
const WHY_AT_ONCE = 50 // the contract's
const REASONS: Record<SearchWhy['reasons'][number]['where'], string> = {
  subject: 'subject',
  from: 'sender',
  to: 'recipients',
  cc: 'copies to',
  body: 'text',
  filename: 'names of attachments',
  'attachment-text': 'text of attachments',
}

export const search: Command = {
  words: ['search'],
  usage: '[ARCHIVE…] QUERY [--limit N] [--count] [--why]',
  summary: 'messages that match, the newest first',
  details: [
    'The last operand is the query: put several words in quotation marks. Without an archive, all of them are searched.',
    '',
    'Words stand anywhere in the message, in any order; capitals and accents do not matter. "some words" in this order; begin*; -without; one OR other; ( ).',
    'from: to: cc: with: (a person)  subject: body: filename: attachment:  type:pdf  has:attachment|link|image  in:MAILBOX  account:ARCHIVE',
    'after: before: on: a day, month or year (2024-03-05, 2024-03, 2024, yesterday, "last week", march)  older: newer: an age (3d, 2w, 6m, 1y)',
    'larger: smaller: 10M, 500k  is:unread|read|flagged|answered|gone|duplicate|unindexed  list:  message-id:',
    'Operators can be negated and grouped: -from:anna, subject:(one OR other). What is no operator is looked for as it stands.',
    '',
    '--why says how the query was understood and where each message has it. --save NAME keeps it; --saved NAME searches what was kept.',
  ].join('\n'),
  options: ['limit', 'count', 'why', 'save', 'saved'],
  operands: [0, 101],
  profile: 'needed',
  check: ({ limit, saved, save }, operands) => {
    wholeNumber('limit', limit, LIMIT)
    if (saved !== undefined && save !== undefined) throw new UsageError('Either --save or --saved.')
    if (saved === undefined && operands.length === 0) throw new UsageError('Something is missing after "search": a query.')
  },
  run: async context => {
    const { archives, engine, operands, options } = context
    const limit = wholeNumber('limit', options.limit, LIMIT)
    const query = options.saved === undefined ? operands.at(-1)! : await savedQuery(engine, options.saved)
    const places = options.saved === undefined ? operands.slice(0, -1) : operands
    const named = places.map(name => findArchive(archives, name).id)
    const wanted = named.length > 0 ? [...new Set(named)] : archives.map(({ id }) => id)
    if (options.save !== undefined) await engine.call('search.save', { name: options.save, query })
    if (wanted.length === 0) return { json: options.count ? { count: 0, more: false } : { messages: [], more: false }, text: 'No archives yet.\n' }
    const end = showJobs(context, archives)
    try {
      // Who finds nothing wants to know what was looked for: perhaps an operator was none.
      const understand = async (found: number) => {
        if (!options.why && found > 0) return { terms: [], understood: '' }
        const { terms } = await engine.call('search.understand', { query })
        return { terms, understood: `Looking for: ${terms.length > 0 ? termsText(terms) : 'nothing'}\n` }
      }
      if (options.count) {
        const found = await engine.call('search.count', { archives: wanted, query, cap: CAP })
        const { terms, understood } = await understand(found.count)
        return {
          json: { ...found, ...(options.why && { terms }) },
          text: `${understood}${count(found.count, 'message')}${found.more ? ' or more' : ''}\n`,
        }
      }
      const found = await upTo(limit, (from, limit) => engine.call('search.window', { archives: wanted, query, from, limit }))
      const { terms, understood } = await understand(found.rows.length)
      const several = wanted.length > 1
      if (!options.why) return { json: { messages: found.rows, more: found.more }, text: understood + messageTable(found, context, several) }
      const why = await whyOf(context, query, found.rows)
      return {
        json: { messages: found.rows, more: found.more, terms, why: found.rows.map(row => why.get(row) ?? null) },
        text: understood + messageTable(found, context, several, row => reasonText(why.get(row))),
      }
    } finally {
      end()
    }
  },
}

type Why = SearchWhy & { inside?: SearchInside['files'] }

async function whyOf({ engine }: CommandContext, query: string, rows: readonly MessageSummary[]): Promise<Map<MessageSummary, Why>> {
  const found = new Map<MessageSummary, Why>()
  for (const [archive, here] of Map.groupBy(rows, row => row.archive))
    for (let at = 0; at < here.length; at += WHY_AT_ONCE) {
      const piece = here.slice(at, at + WHY_AT_ONCE)
      const { why } = await engine.call('search.why', { archive, query, messages: piece.map(({ id }) => id) })
      for (const row of piece) {
        const reason = why.find(({ id }) => id === row.id)
        if (!reason) continue
        const isInside = reason.reasons.some(({ where }) => where === 'attachment-text')
        const { inside } = isInside ? await engine.call('search.inside', { archive, query, messages: [row.id] }) : { inside: [] }
        found.set(row, { ...reason, ...(inside[0] && { inside: inside[0].files }) })
      }
    }
  return found
}

/** In a line of its own below the row: where, and the text around it. */
function reasonText(why: Why | undefined): string {
  if (!why || why.reasons.length === 0) return ''
  const files = why.inside ?? []
  const name = (where: keyof typeof REASONS) =>
    where === 'attachment-text' && files.length > 0 ? `attachment ${files.map(file => file.name).join(', ')}` : REASONS[where]
  const where = why.reasons.map(({ where, words }) => `${name(where)}: ${words.join(', ')}`).join('; ')
  const around = (why.snippet.length > 0 ? why.snippet : (files[0]?.text ?? [])).map(({ text, hit }) => (hit ? `[${text}]` : text)).join('')
  return printable(around === '' ? where : `${where} — ${around}`)
}
