/** Messages that the archive has and that the listing does not name: any of them may be what it now calls otherwise. Each is claimed once. */
import type { Pop3Id } from '../../index/types.ts'
import type { Listed } from '../../mail/pop3/types.ts'

export interface Claims {
  readonly size: number
  /** One of them has this size: worth asking for the header. */
  mayBe(listed: Listed): boolean
  /** By the mark of its header; its size, too, must be the one listed. */
  byHead(head: string, listed: Listed): Pop3Id | null
  /** By its bytes. */
  byId(id: string): Pop3Id | null
  /** A claim that turned out wrong. */
  putBack(row: Pop3Id): void
  rest(): Pop3Id[]
}

/** In the order of preference. */
export function createClaims(rows: Iterable<Pop3Id>): Claims {
  const free = new Set<Pop3Id>()
  const heads = new Map<string, Pop3Id[]>()
  const ids = new Map<string, Pop3Id[]>()
  const sizes = new Set<number>()
  const add = (row: Pop3Id) => {
    if (row.id === null) return
    free.add(row)
    if (row.head !== null) push(heads, row.head, row)
    push(ids, row.id, row)
    for (const size of [row.octets, row.size]) if (size !== null) sizes.add(size)
  }
  for (const row of rows) add(row)

  const claim = (rows: Pop3Id[] | undefined, fits: (row: Pop3Id) => boolean): Pop3Id | null => {
    const at = rows?.findIndex(each => free.has(each) && fits(each)) ?? -1
    if (!rows || at < 0) return null
    const [row] = rows.splice(at, 1)
    free.delete(row!)
    return row!
  }
  return {
    get size() {
      return free.size
    },
    mayBe: ({ octets }) => octets !== null && sizes.has(octets),
    byHead: (head, { octets }) => claim(heads.get(head), row => octets !== null && (octets === row.octets || octets === row.size)),
    byId: id => claim(ids.get(id), () => true),
    putBack: add,
    rest: () => [...free],
  }
}

function push(map: Map<string, Pop3Id[]>, key: string, row: Pop3Id): void {
  const rows = map.get(key)
  if (rows) rows.push(row)
  else map.set(key, [row])
}
