/** A message's places in words: "In INBOX until 3 May, then in Contracts; gone from the server since 7 June". */
import type { PlacementInfo } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'

interface Stay {
  name: string
  from: number
  /** Null: still there. */
  until: number | null
}

/** Null where nothing is known of any place. `gone`: it is in none of them any more. */
export function placementWords(placements: readonly PlacementInfo[], text: Text): { words: string; gone: boolean } | null {
  const stays = staysOf(placements)
  if (stays.length === 0) return null
  const { t, format } = text
  const gone = stays.every(stay => stay.until !== null)
  let begun = false
  let nowNamed = false
  const pieces = stays.map(({ name, until }) => {
    const first = !begun
    begun = true
    if (until !== null) return t(first ? 'reading.place.first' : 'reading.place.later', { name, date: format.day(until) })
    const key = first ? 'reading.place.only' : nowNamed ? 'reading.place.also' : 'reading.place.now'
    nowNamed = true
    return t(key, { name })
  })
  const where = pieces.join(', ')
  if (!gone) return { words: where, gone }
  const last = Math.max(...stays.map(stay => stay.until!))
  return { words: `${where}; ${t('reading.place.gone', { date: format.day(last) })}`, gone }
}

/** Each mailbox once: from when it was first seen there until it was last; those it left come first, in that order. */
function staysOf(placements: readonly PlacementInfo[]): Stay[] {
  const stays = new Map<number, Stay>()
  for (const { mailbox, mailboxName: name, firstSeen, gone } of placements) {
    const known = stays.get(mailbox)
    if (!known) stays.set(mailbox, { name, from: firstSeen, until: gone })
    else {
      known.from = Math.min(known.from, firstSeen)
      known.until = known.until === null || gone === null ? null : Math.max(known.until, gone)
    }
  }
  const order = (stay: Stay) => stay.until ?? Number.POSITIVE_INFINITY
  return [...stays.values()].sort((a, b) => (order(a) === order(b) ? a.from - b.from : order(a) - order(b)))
}
