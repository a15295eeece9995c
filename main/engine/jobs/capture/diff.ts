/** What an epoch's stored UIDs and the server's proven listing say about each other. */
import type { MailboxState } from '../../index/types.ts'
import type { Examined } from '../../mail/types.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/**
 * Nothing can have changed: UIDNEXT says that nothing came, EXISTS that nothing went, HIGHESTMODSEQ that no flag moved. A server without
 * MODSEQ cannot say the last; there the flags are looked at once a day.
 */
export function isUnchanged(stored: MailboxState['epoch'], examined: Examined, now: number): boolean {
  return (
    stored?.complete === true &&
    stored.uidValidity === examined.uidValidity &&
    examined.uidNext > 0 &&
    stored.uidNext === examined.uidNext &&
    stored.exists === examined.exists &&
    stored.modseq === examined.modseq &&
    (examined.modseq !== null || (stored.completeAsOf !== null && now - stored.completeAsOf < DAY_MS))
  )
}

/** So old may be what is said of a mailbox in which nothing changed. Where all of the account is proven, that is written more often (capture/proven.ts). */
const SAID_AGAIN_MS = 2 * 60 * 60 * 1000

/** It is time to say again that all of a mailbox is here, because something else in the account keeps it from being proven as a whole. */
export const isOutOfDate = (completeAsOf: number | null, lastProven: number | null, now: number): boolean =>
  now - Math.max(completeAsOf ?? 0, lastProven ?? 0) >= SAID_AGAIN_MS

/**
 * A mailbox that was deleted and made again under its name may show the numbers it had, all of them by chance: servers give one UIDVALIDITY to many mailboxes,
 * or the same one again. A MAILBOXID tells; without one, a message is looked at on the first look of each day.
 */
export const mayBeAnother = (completeAsOf: number | null, { exists, mailboxId }: Examined, now: number): boolean =>
  mailboxId === undefined && exists > 0 && completeAsOf !== null && Math.floor(completeAsOf / DAY_MS) < Math.floor(now / DAY_MS)

export interface Difference {
  /** On the server, not stored; newest first. */
  missing: number[]
  /** On both sides. */
  known: number[]
  /** Stored, not on the server. */
  gone: number[]
}

/** Both ascending, each UID once. */
export function compareUids(server: Uint32Array, stored: Uint32Array): Difference {
  const missing: number[] = []
  const known: number[] = []
  const gone: number[] = []
  let at = 0
  for (const uid of server) {
    while (at < stored.length && stored[at]! < uid) gone.push(stored[at++]!)
    if (stored[at] === uid) known.push(stored[at++]!)
    else missing.push(uid)
  }
  while (at < stored.length) gone.push(stored[at++]!)
  return { missing: missing.reverse(), known, gone }
}
