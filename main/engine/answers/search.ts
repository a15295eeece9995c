/** Words to messages. */
import type { Cursor } from '../../contract/types.ts'
import type { EngineContext } from '../context.ts'
import { understand } from '../search/query.ts'
import { searchMany } from '../search/searchMany.ts'
import type { CallAnswers } from '../serve.ts'

export function searchCalls({ archives }: EngineContext): Pick<CallAnswers, 'search.window' | 'search.count'> {
  return {
    'search.window': async ({ archives: ids, query, mailbox, from, limit }, { signal }) => {
      const { match } = understand(query, { asYouType: true })
      if (match === '') return { rows: [], before: false, after: false }
      const open = await Promise.all(ids.map(id => archives.open(id)))
      const asks = open.map(
        ({ ask }) =>
          (start: Cursor | null) =>
            ask('search', [{ match, mailbox: mailbox ?? null, from: start, limit }], signal),
      )
      return asks.length === 1 ? asks[0]!(from) : searchMany(asks, from, limit)
    },
    'search.count': async ({ archives: ids, query, cap }, { signal }) => {
      const { match } = understand(query, { asYouType: true })
      if (match === '') return { count: 0, more: false }
      const counts = await Promise.all(ids.map(async id => (await archives.open(id)).ask('count', [{ match, mailbox: null, cap }], signal)))
      return { count: counts.reduce((sum, { count }) => sum + count, 0), more: counts.some(({ more }) => more) }
    },
  }
}
