/** The messages of an export, mailbox by mailbox, in the order in which they are written: oldest first, as mail programs keep them. */
import type { KeptMailbox, KeptPlace } from '../../index/kept.ts'
import { scopeOf } from '../restore/scope.ts'
import type { RestoreSource } from '../restore/types.ts'
import type { ExportItem, ExportOrder } from './types.ts'
import type { HeaderSource } from './unread.ts'

export interface Chosen {
  /** Mailboxes of the archive: folder names are made of all, so that they are the same in every export. */
  readonly all: KeptMailbox[]
  /** Places that may come, for the progress. */
  readonly expected: number
  groups(): AsyncIterable<{ mailbox: KeptMailbox | null; items: ExportItem[] }>
}

/** By mailbox a message is in each of its folders; by date it is there once. */
export async function chosenBy(source: ExportSource, { scope, layout }: Pick<ExportOrder, 'scope' | 'layout'>): Promise<Chosen> {
  const all = await source.mailboxes()
  const found = await scopeOf(source, { scope, prefix: '' })
  const whole = scope.mailboxes === undefined && scope.query === undefined && scope.messages === undefined && scope.loss === undefined
  return {
    all,
    expected: found.mailboxes.reduce((sum, { messages }) => sum + messages, 0),
    groups: async function* () {
      const seen = new Set<string>()
      const take = (place: KeptPlace, mailbox: KeptMailbox | null): ExportItem[] => {
        if (layout === 'date') {
          if (seen.has(place.id)) return []
          seen.add(place.id)
        }
        return [{ ...place, mailboxPath: mailbox?.path ?? [], role: mailbox?.role ?? null }]
      }
      for (const mailbox of found.mailboxes) {
        const items: ExportItem[] = []
        for await (const place of found.places(mailbox.mailbox)) items.push(...take(place, mailbox))
        if (items.length > 0 || scope.mailboxes?.includes(mailbox.mailbox)) yield { mailbox, items: items.reverse() }
      }
      // Messages whose place was lost to damage belong to an export of everything.
      if (!whole) return
      const homeless: ExportItem[] = []
      for await (const place of source.withoutMailbox()) homeless.push(...take(place, null))
      if (homeless.length > 0) yield { mailbox: null, items: homeless }
    },
  }
}

export interface ExportSource extends RestoreSource, HeaderSource {
  /** Messages that are in no mailbox. */
  withoutMailbox(): AsyncIterable<KeptPlace>
}
