/** What a mailbox that was captured before holds now: from what the server says has changed where that can be proven, else from a full listing. */
import type { MailboxState } from '../../index/types.ts'
import type { Changes, Examined } from '../../mail/types.ts'
import { compareUids } from './diff.ts'
import type { Line } from './line.ts'

export interface Before {
  /** The epoch as it stood after the last capture; null where there was none. */
  stored: MailboxState['epoch']
  /** UIDs placed and not gone, ascending. */
  placed: Uint32Array
  /** UIDs that are gaps. */
  gaps: ReadonlySet<number>
  /** The server did not list the mailbox for a while: it may be another one of the same name. */
  returned: boolean
}

export interface Look {
  /** On the server and not placed, the gaps among them; newest first. */
  missing: number[]
  /** On both sides, ascending. */
  known: number[]
  /** Placed or a gap, and proven to be no longer on the server. */
  gone: number[]
  /** Messages on the server. */
  exists: number
  /** The greatest UID on the server, 0 when it is empty. */
  lastUid: number
  flags: FlagSource
  /** Something about it cannot be on a sound server: the UIDs may mean other messages than they did. */
  doubt: boolean
}

/** Where the flags of known messages are to be had: they were told already, or those changed since a MODSEQ are asked for, or all. */
export type FlagSource = { told: Changes['flags'] } | { since: string } | 'all'

const DAY_MS = 24 * 60 * 60 * 1000

/**
 * Changes are believed only where the count agrees: RFC 9051 gives no UID twice and none below UIDNEXT, so with all UIDs known up to the old UIDNEXT and
 * all new ones listed, messages are gone exactly when fewer exist. On the first change of each day nothing is believed, and all is listed.
 */
export async function lookAt(line: Line, before: Before, examined: Examined, now: number): Promise<Look> {
  const { stored } = before
  const wentBack = stored !== null && (before.returned || isBefore(examined, stored))
  const fresh = stored?.completeAsOf != null && Math.floor(stored.completeAsOf / DAY_MS) === Math.floor(now / DAY_MS)
  if (stored?.complete && fresh && !wentBack && (stored.uidNext ?? 0) > 0) {
    const quick = await byChanges(line, before, examined)
    if (quick) return quick
  }
  return await byListing(line, before, examined, wentBack)
}

/** A server that was put back to an earlier state may give UIDs a second time. */
function isBefore(examined: Examined, stored: NonNullable<MailboxState['epoch']>): boolean {
  if (examined.uidNext > 0 && stored.uidNext !== null && examined.uidNext < stored.uidNext) return true
  return examined.modseq !== null && stored.modseq !== null && BigInt(examined.modseq) < BigInt(stored.modseq)
}

/** Null where it cannot be proven. */
async function byChanges(line: Line, { stored, placed, gaps }: Before, examined: Examined): Promise<Look | null> {
  const { changes } = examined
  const next = stored!.uidNext!
  const before = Uint32Array.from([...placed, ...gaps]).sort()
  const gone = changes ? within(before, changes.vanished) : []
  const left = before.length - gone.length
  // QRESYNC names what came as well; where it named some, the count tells whether that was all of it. One that names none perhaps did not answer at all.
  const told = Uint32Array.from([...(changes?.flags.keys() ?? [])].filter(uid => uid >= next)).sort()
  const { arrived, exists } =
    examined.uidNext === next || (told.length > 0 && left + told.length === examined.exists)
      ? { arrived: told, exists: examined.exists }
      : await line.run(async session => ({ arrived: await session.uidsFrom(next), exists: session.exists }))
  if (arrived === null || left + arrived.length !== exists) return null
  // "Vanished" in an answer about changes is a statement about the past; asked directly, the server must not know them any more.
  if (gone.length > 0 && (await line.run(session => session.stillThere(gone)))?.length !== 0) return null
  const isGone = new Set(gone)
  const known = [...placed].filter(uid => !isGone.has(uid))
  return {
    missing: [...arrived].reverse().concat([...gaps].filter(uid => !isGone.has(uid)).sort((a, b) => b - a)),
    known,
    gone,
    exists,
    lastUid: arrived.at(-1) ?? known.at(-1) ?? 0,
    flags: flagSource(stored!.modseq, examined, arrived),
    doubt: false,
  }
}

async function byListing(line: Line, { stored, placed, gaps }: Before, examined: Examined, wentBack: boolean): Promise<Look> {
  const listed = await line.run(session => session.allUids())
  const { missing, known, gone } = compareUids(listed, placed)
  const onServer = new Set(listed)
  const next = stored?.complete ? (stored.uidNext ?? 0) : 0
  const doubt = wentBack || missing.some(uid => uid < next && !gaps.has(uid))
  return {
    missing,
    known,
    gone: [...gone, ...[...gaps].filter(uid => !onServer.has(uid))],
    exists: listed.length,
    lastUid: listed.at(-1) ?? 0,
    // What the server told of changes did not fit: its word on flags is not taken either.
    flags: doubt || examined.changes || !examined.modseq || !stored?.modseq ? 'all' : { since: stored.modseq },
    doubt,
  }
}

/** QRESYNC names every message that came or changed; one that names none although the MODSEQ moved, or forgets a new one, was perhaps not understood. */
function flagSource(since: string | null, { changes, modseq, uidNext }: Examined, arrived: Uint32Array): FlagSource {
  if (since === null || modseq === null) return 'all'
  if (!changes) return { since }
  const told = since === modseq || changes.flags.size + changes.vanished.length > 0
  return told && arrived.every(uid => uid >= uidNext || changes.flags.has(uid)) ? { told: changes.flags } : { since }
}

/** Those of the ascending UIDs that lie in one of the ranges. */
function within(uids: Uint32Array, ranges: readonly (readonly [number, number])[]): number[] {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0])
  const found: number[] = []
  let at = 0
  for (const uid of uids) {
    while (at < sorted.length && sorted[at]![1] < uid) at++
    if (at < sorted.length && sorted[at]![0] <= uid) found.push(uid)
  }
  return found
}
