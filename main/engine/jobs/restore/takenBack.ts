/**
 * The archive as it is after undone restores: what an undo took away is gone from the server, though a capture that looked before may still call it there.
 * UIDs are never given twice, so this stays true.
 */
import type { KeptPlace } from '../../index/kept.ts'
import { type JournalState, placeKey } from './journal.ts'
import type { RestoreSource } from './types.ts'

export function withTakenBack(source: RestoreSource, journals: readonly JournalState[]): RestoreSource {
  const taken = new Set(journals.filter(({ begun }) => begun.account === source.archive).flatMap(takenBy))
  if (taken.size === 0) return source
  const raws = source.mailboxes().then(all => new Map(all.map(({ mailbox, raw }) => [mailbox, raw])))
  raws.catch(() => {}) // met by who asks for places
  const asTheyAre = async (places: KeptPlace[]): Promise<KeptPlace[]> => {
    const names = await raws
    return places.map(place =>
      place.live && taken.has(keyOf(names.get(place.mailbox) ?? '', place.uidValidity, place.uid)) ? { ...place, live: false, gone: true } : place,
    )
  }
  return {
    ...source,
    page: async (mailbox, from, limit) => {
      const { rows, next } = await source.page(mailbox, from, limit)
      return { rows: await asTheyAre(rows), next }
    },
    places: async ids => asTheyAre(await source.places(ids)),
  }
}

const keyOf = (raw: string, uidValidity: number, uid: number): string => `${uidValidity} ${placeKey(raw, uid)}`

function takenBy({ batches, undone }: JournalState): string[] {
  return batches.flatMap(({ raw, uidValidity, uids }) =>
    (uids ?? []).filter(uid => undone.has(placeKey(raw, uid))).map(uid => keyOf(raw, uidValidity, uid)),
  )
}
