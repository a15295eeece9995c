/** What a query asks of an index. */
import { NOTHING, type Wanted } from '../../main/engine/index/wanted.ts'
import { type Place, plan } from '../../main/engine/search/plan.ts'
import { type ReadOptions, readQuery } from '../../main/engine/search/query.ts'

const NOWHERE: Place = { name: '', user: '', mailboxes: [] }

export function wantedBy(query: string, options: Partial<ReadOptions> = {}, place: Place = NOWHERE): Wanted {
  const tree = readQuery(query, { now: 0, locale: 'en', ...options })
  return tree ? plan(tree, place) : NOTHING
}
