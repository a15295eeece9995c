/**
 * What undone restores took away again: gone from the server by a person's wish, though a capture that looked before may still call it there.
 * UIDs are never given twice, so this stays true.
 */
import type { KeptPlace } from '../../index/kept.ts'
import { type JournalState, placeKey } from './journal.ts'
import type { RestoreSource } from './types.ts'

/** Whether an undo took away what had this UID, in the mailbox of this raw name. */
export type TakenBack = (place: { raw: string; uidValidity: number; uid: number }) => boolean

/** Null where nothing was taken back from the account of this archive. */
export function takenBackFrom(archive: string | null, journals: readonly JournalState[]): TakenBack | null {
  const taken = new Set(journals.filter(({ begun }) => begun.account === archive).flatMap(takenBy))
  return taken.size === 0 ? null : ({ raw, uidValidity, uid }) => taken.has(keyOf(raw, uidValidity, uid))
}

/** The archive as it is after undone restores. */
export function withTakenBack(source: RestoreSource, journals: readonly JournalState[]): RestoreSource {
  const isTaken = takenBackFrom(source.archive, journals)
  if (!isTaken) return source
  const raws = source.mailboxes().then(all => new Map(all.map(({ mailbox, raw }) => [mailbox, raw])))
  raws.catch(() => {}) // met by who asks for places
  const asTheyAre = async (places: KeptPlace[]): Promise<KeptPlace[]> => {
    const names = await raws
    return places.map(place =>
      place.live && isTaken({ raw: names.get(place.mailbox) ?? '', uidValidity: place.uidValidity, uid: place.uid })
        ? { ...place, live: false, gone: true }
        : place,
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
