/** Words, in one archive or in all. */
import { wholeNumber } from '../args.ts'
import type { Command } from '../command.ts'
import { count } from '../format.ts'
import { showJobs } from '../job.ts'
import { findArchive } from '../session.ts'
import { LIMIT, messageTable, upTo } from './reading.ts'

const CAP = 10_000_000 // the contract's; more than any archive has

export const search: Command = {
  words: ['search'],
  usage: '[ARCHIVE…] QUERY [--limit N] [--count]',
  summary: 'messages that hold all these words, the newest first',
  details: 'The last operand is the query: put several words in quotation marks. Without an archive, all of them are searched.',
  options: ['limit', 'count'],
  operands: [1, 101],
  profile: 'needed',
  check: ({ limit }) => void wholeNumber('limit', limit, LIMIT),
  run: async context => {
    const { archives, engine, operands, options } = context
    const limit = wholeNumber('limit', options.limit, LIMIT)
    const query = operands.at(-1)!
    const named = operands.slice(0, -1).map(name => findArchive(archives, name).id)
    const wanted = named.length > 0 ? [...new Set(named)] : archives.map(({ id }) => id)
    if (wanted.length === 0) return { json: options.count ? { count: 0, more: false } : { messages: [], more: false }, text: 'No archives yet.\n' }
    const end = showJobs(context, archives)
    try {
      if (options.count) {
        const found = await engine.call('search.count', { archives: wanted, query, cap: CAP })
        return { json: { ...found }, text: `${count(found.count, 'message')}${found.more ? ' or more' : ''}\n` }
      }
      const found = await upTo(limit, (from, limit) => engine.call('search.window', { archives: wanted, query, from, limit }))
      return { json: { messages: found.rows, more: found.more }, text: messageTable(found, context, wanted.length > 1) }
    } finally {
      end()
    }
  },
}
