/** The listing of a maildrop beside what the archive has of it, as far as UIDLs tell. */
import type { Pop3Id } from '../../index/types.ts'
import type { Listed } from '../../mail/pop3/types.ts'
import type { Pair } from './run.ts'

export interface Matched {
  /** The same UIDL and nothing that speaks against it: the message that we have. */
  kept: Pair[]
  /** The same UIDL, and another size, or a message that was gone: some servers give a UIDL again. To be looked at. */
  doubted: Pair[]
  /** Listed before, and never had. */
  missed: Pair[]
  /** New, or under a new UIDL, or without one. */
  unknown: Listed[]
  /** Known, and not in the listing under its UIDL. The first are those that are best taken for an unknown one. */
  left: Pop3Id[]
}

/** `rows`: all of the mailbox, those of earlier epochs too; `epoch`: the present one. */
export function matchListing(messages: readonly Listed[], rows: readonly Pop3Id[], epoch: number): Matched {
  const best = [...rows].sort((a, b) => rank(a, epoch) - rank(b, epoch))
  const byUidl = new Map<string, Pop3Id>()
  for (const row of best) if (row.uidl !== null && !byUidl.has(row.uidl)) byUidl.set(row.uidl, row)
  // Without a UIDL, a message that could not be had is told by its size alone.
  const missedBySize = new Map<number, Pop3Id[]>()
  for (const row of best)
    if (row.id === null && row.uidl === null && row.octets !== null && row.epoch === epoch) {
      const rows = missedBySize.get(row.octets)
      if (rows) rows.push(row)
      else missedBySize.set(row.octets, [row])
    }

  const matched: Matched = { kept: [], doubted: [], missed: [], unknown: [], left: [] }
  const taken = new Set<Pop3Id>()
  for (const listed of messages) {
    const row = listed.uidl === null ? missedBySize.get(listed.octets ?? -1)?.shift() : byUidl.get(listed.uidl)
    if (!row || (row.id === null && row.epoch !== epoch)) {
      matched.unknown.push(listed)
      continue
    }
    taken.add(row)
    const sameSize = row.octets === null || listed.octets === null || row.octets === listed.octets
    if (row.id === null) matched.missed.push({ listed, row })
    else if (sameSize && !row.gone && row.epoch === epoch) matched.kept.push({ listed, row })
    else matched.doubted.push({ listed, row })
  }
  matched.left = best.filter(row => !taken.has(row))
  return matched
}

function rank({ epoch, gone, id }: Pop3Id, present: number): number {
  return (id === null ? 4 : 0) + (gone ? 2 : 0) + (epoch === present ? 0 : 1)
}
