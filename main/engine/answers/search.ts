/** Queries to messages: their rows, their number, how the query was understood, and why a message was found. */
import type { MonthCount } from '../../contract/order.ts'
import type { SearchWhy } from '../../contract/search.ts'
import type { ArchiveSummary, Cursor, MessageWindow } from '../../contract/types.ts'
import type { OpenArchive } from '../archive/openArchive.ts'
import type { EngineContext } from '../context.ts'
import type { Wanted } from '../index/wanted.ts'
import { parseView } from '../log/message.ts'
import type { RecordId } from '../log/types.ts'
import { markedText, rangesOf, snippetAround } from '../search/highlight.ts'
import { plan } from '../search/plan.ts'
import { readQuery, type Tree } from '../search/query.ts'
import { askedWords, phrasesFor, reasonsOf } from '../search/reasons.ts'
import { searchMany } from '../search/searchMany.ts'
import { termsOf } from '../search/terms.ts'
import type { CallAnswers } from '../serve.ts'

type SearchCalls = 'search.window' | 'search.at' | 'search.count' | 'search.months' | 'search.understand' | 'search.why'

interface Asked {
  archives: readonly string[]
  query: string
  mailbox?: number | null | undefined
  typing?: boolean | undefined
  locale?: string | undefined
}

/** One archive with the query as conditions on it. */
interface Place {
  open: OpenArchive
  wanted: Wanted
  mailbox: number | null
}

const EMPTY: MessageWindow = { rows: [], before: false, after: false }
const SYSTEM_LOCALE = Intl.DateTimeFormat().resolvedOptions().locale

export function searchCalls({ archives, clock }: EngineContext): Pick<CallAnswers, SearchCalls> {
  const read = ({ query, typing = false, locale = SYSTEM_LOCALE }: Pick<Asked, 'query' | 'typing' | 'locale'>): Tree | null =>
    readQuery(query, { typing, locale, now: clock.now() })

  const places = async (asked: Asked, signal: AbortSignal): Promise<Place[]> => {
    const tree = read(asked)
    if (!tree) return []
    return Promise.all(
      asked.archives.map(async id => {
        const open = await archives.open(id)
        return { open, wanted: await planFor(tree, open, await archives.summary(id), signal), mailbox: asked.mailbox ?? null }
      }),
    )
  }

  const windowOf = (found: readonly Place[], from: Cursor | null, limit: number, direction: 'after' | 'before', signal: AbortSignal) => {
    const asks = found.map(
      ({ open, wanted, mailbox }) =>
        (start: Cursor | null) =>
          open.ask('search', [{ wanted, mailbox, from: start, direction, limit }], signal),
    )
    if (asks.length === 0) return EMPTY
    return asks.length === 1 ? asks[0]!(from) : searchMany(asks, from, limit, direction)
  }

  return {
    'search.window': async ({ from, direction = 'after', limit, ...asked }, { signal }) =>
      windowOf(await places(asked, signal), from, limit, direction, signal),

    'search.at': async ({ position, limit, ...asked }, { signal }) => {
      const found = await places(asked, signal)
      const row = await rowAt(found, position, signal)
      if (row === null) return { ...(await windowOf(found, null, limit, 'before', signal)), position }
      // The cursor is what the row stands behind: one newer than it.
      const window = await windowOf(found, { row: row + 1, placement: 0 }, limit, 'after', signal)
      return { ...window, before: position > 0, position }
    },

    'search.count': async ({ cap, ...asked }, { signal }) => {
      const found = await places(asked, signal)
      const counts = await Promise.all(found.map(place => countIn(place, cap, signal)))
      const count = counts.reduce((sum, one) => sum + one.count, 0)
      return { count: Math.min(count, cap), more: count > cap || counts.some(({ more }) => more) }
    },

    'search.months': async (asked, { signal }) => {
      const found = await places(asked, signal)
      return { months: sumOfMonths(await Promise.all(found.map(place => monthsIn(place, signal)))) }
    },

    'search.understand': ({ query, ...options }) => ({ terms: termsOf(query, read({ query, ...options })) }),

    'search.why': async ({ archive, query, messages, ...options }, { signal }) => {
      const asked = askedWords(read({ query, ...options }))
      if (asked.length === 0) return { why: messages.map(id => ({ id, reasons: [], subject: [], snippet: [], people: [], files: [] })) }
      const open = await archives.open(archive)
      const found = await open.ask('explain', [{ ids: messages as RecordId[], words: asked.map(({ words }) => words) }], signal)
      const why: SearchWhy[] = []
      for (const [i, id] of messages.entries()) {
        if (signal.aborted) break
        const reasons = reasonsOf(asked, found[i]!)
        const shown = await open.ask('message', [id as RecordId], signal)
        if (!shown) continue
        const has = (...columns: Parameters<typeof phrasesFor>[1][]) => phrasesFor(asked, ...columns)
        const hits = (texts: string[], phrases: ReturnType<typeof has>) =>
          texts.map(text => markedText(text, rangesOf(text, phrases))).filter(marked => marked.some(({ hit }) => hit))
        const nameOf = ({ name, address }: { name: string; address: string }) => (name ? `${name} <${address}>` : address)
        why.push({
          id,
          reasons,
          subject: markedText(shown.subject, rangesOf(shown.subject, has('subject'))),
          snippet: reasons.some(({ where }) => where === 'body') ? await snippet(open, id as RecordId, has('body')) : [],
          people: [
            ...hits(shown.from.map(nameOf), has('sender')),
            ...hits(shown.to.map(nameOf), has('addressee')),
            ...hits(shown.cc.map(nameOf), has('copied')),
          ].slice(0, 5),
          files: hits(
            shown.attachmentList.map(({ name }) => name),
            has('names'),
          ).slice(0, 5),
        })
      }
      return { why }
    },
  }
}

function sumOfMonths(lists: readonly (readonly MonthCount[])[]): MonthCount[] {
  const sums = new Map<number, number>()
  for (const { at, count } of lists.flat()) sums.set(at, (sums.get(at) ?? 0) + count)
  return [...sums].map(([at, count]) => ({ at, count })).sort((a, b) => a.at - b.at)
}

async function planFor(tree: Tree, open: OpenArchive, { name, account }: ArchiveSummary, signal: AbortSignal): Promise<Wanted> {
  const mailboxes = namesMailboxes(tree) ? await open.ask('mailboxes', [], signal) : []
  return plan(tree, { name, user: account?.user ?? '', mailboxes })
}

const namesMailboxes = (tree: Tree): boolean =>
  tree.kind === 'leaf' ? tree.leaf.kind === 'in' : [...tree.of, ...(tree.kind === 'all' ? tree.without : [])].some(namesMailboxes)

// Counts and months are asked in pieces: a question of the next keystroke has its turn between two of them.

async function monthsIn({ open, wanted, mailbox }: Place, signal: AbortSignal): Promise<MonthCount[]> {
  const months: MonthCount[] = []
  for (let below: number | undefined; ; ) {
    const piece = await open.ask('monthsFound', [{ wanted, mailbox, ...(below !== undefined && { below }) }], signal)
    months.push(...piece.months)
    if (piece.below === undefined) return months
    below = piece.below
  }
}

async function countIn({ open, wanted, mailbox }: Place, cap: number, signal: AbortSignal): Promise<{ count: number; more: boolean }> {
  let count = 0
  for (let below: number | undefined; ; ) {
    const piece = await open.ask('count', [{ wanted, mailbox, cap: cap - count, ...(below !== undefined && { below }) }], signal)
    count += piece.count
    if (piece.more || piece.below === undefined) return { count, more: piece.more }
    below = piece.below
  }
}

/** Null where there are not so many. Of several archives the one with the most results says where about that is. */
async function rowAt(found: readonly Place[], position: number, signal: AbortSignal): Promise<number | null> {
  if (found.length === 0) return null
  if (found.length === 1) {
    const { open, wanted, mailbox } = found[0]!
    return open.ask('nth', [{ wanted, mailbox, position }], signal)
  }
  const counts = await Promise.all(found.map(place => countIn(place, 1_000_000, signal)))
  const total = counts.reduce((sum, { count }) => sum + count, 0)
  const most = counts.findIndex(({ count }) => count === Math.max(...counts.map(one => one.count)))
  if (total === 0 || position >= total) return null
  const { open, wanted, mailbox } = found[most]!
  return open.ask('nth', [{ wanted, mailbox, position: Math.floor((position / total) * counts[most]!.count) }], signal)
}

/** Empty where the text cannot be read, or shows the words only in what the reader does not show. */
async function snippet(open: OpenArchive, id: RecordId, phrases: Parameters<typeof snippetAround>[1]) {
  const view = await parseView(open.read, id, { inlineImages: false }).catch(() => null)
  return view ? snippetAround((await open.pool.view(view)).text, phrases) : []
}
