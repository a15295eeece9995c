/** The messages that a restore is about, mailbox by mailbox. */
import type { KeptMailbox, KeptPage, KeptPlace } from '../../index/kept.ts'
import type { RecordId } from '../../log/types.ts'
import { flagsFor } from './names.ts'
import type { RestoreOrder, RestoreSource, TargetMailbox, Wanted } from './types.ts'

const PAGE = 500

export interface Scope {
  /** Mailboxes of the archive that may hold some of them. */
  readonly mailboxes: KeptMailbox[]
  places(mailbox: number): AsyncIterable<KeptPlace>
}

/** Looks up what has to be known at once: a search or a list of messages by mailbox. */
export async function scopeOf(source: RestoreSource, { scope }: RestoreOrder): Promise<Scope> {
  const all = await source.mailboxes()
  const asked = all.filter(({ mailbox }) => !scope.mailboxes || scope.mailboxes.includes(mailbox))
  const chosen = (place: KeptPlace) => isChosen(place, scope)
  const byMailbox = scope.messages || scope.query !== undefined || scope.loss !== undefined ? await picked(source, scope) : null
  if (byMailbox)
    return {
      mailboxes: asked.filter(({ mailbox }) => byMailbox.get(mailbox)?.some(chosen)),
      places: async function* (mailbox) {
        for (const place of byMailbox.get(mailbox) ?? []) if (chosen(place)) yield place
      },
    }
  return {
    mailboxes: asked.filter(({ messages }) => messages > 0),
    places: async function* (mailbox) {
      for (let from: KeptPage['next'] = null, more = true; more; ) {
        const page = await source.page(mailbox, from, PAGE)
        for (const place of page.rows) if (chosen(place)) yield place
        from = page.next
        more = from !== null
      }
    },
  }
}

function isChosen({ live, redundant, sortTime }: KeptPlace, { which, since, until }: RestoreOrder['scope']): boolean {
  if (redundant || (which === 'gone' && live) || (which === 'present' && !live)) return false
  return (since === undefined || sortTime >= since) && (until === undefined || sortTime < until)
}

async function picked(source: RestoreSource, scope: RestoreOrder['scope']): Promise<Map<number, KeptPlace[]>> {
  const places: KeptPlace[] = []
  const listed = scope.messages && new Set<RecordId>(scope.messages as RecordId[])
  const take = async (ids: readonly RecordId[], only?: ReadonlySet<number>) => {
    const found = await source.places([...new Set(ids)].filter(id => !listed || listed.has(id)))
    places.push(...found.filter(({ placement }) => !only || only.has(placement)))
  }
  if (scope.loss !== undefined)
    for await (const page of source.loss(scope.loss))
      await take(
        page.map(({ id }) => id),
        new Set(page.map(({ placement }) => placement)),
      )
  else if (scope.query !== undefined) for await (const page of source.search(scope.query)) await take(page)
  else for (let at = 0; at < scope.messages!.length; at += PAGE) await take(scope.messages!.slice(at, at + PAGE) as RecordId[])
  return Map.groupBy(places, ({ mailbox }) => mailbox)
}

/** What shall be in a mailbox of the server, oldest first: a program that lists by UID shows them in that order. */
export async function wantedIn(scope: Scope, target: TargetMailbox, permanentFlags: readonly string[] | null, own: boolean): Promise<Wanted[]> {
  const wanted: Wanted[] = []
  for (const { mailbox } of target.from)
    for await (const place of scope.places(mailbox))
      wanted.push({
        id: place.id,
        size: place.size,
        // Over POP3 there is no INTERNALDATE: the Date header, or the time it was captured, is the next best.
        internalDate: place.internalDate ?? Math.floor(place.sortTime / 1000),
        zone: place.internalDate === null ? 0 : (place.zone ?? 0),
        flags: flagsFor(place.flags, permanentFlags, !place.live),
        messageId: place.messageId,
        known: own && place.live && target.exists ? { uidValidity: place.uidValidity, uid: place.uid } : null,
      })
  return wanted.reverse()
}
