/** The tree of the sidebar: archives, and in each "All mail" and its mailboxes as the server nests them. */
import type { ArchiveSummary, Mailbox } from '../../main/contract/types.ts'

export interface MailboxNode {
  /** What the tree component tells rows apart by, wherever they move. */
  id: number
  mailbox: Mailbox
  children: MailboxNode[]
}

/** What people look for first stands first; the rest by name. */
const ROLES: readonly Mailbox['role'][] = ['inbox', 'flagged', 'important', 'drafts', 'sent', 'archive', 'all', 'junk', 'trash']

/** Mailboxes nested by `parent`. One whose parent is unknown stands at the top. */
export function nest(mailboxes: readonly Mailbox[], language: string): MailboxNode[] {
  const nodes = new Map(mailboxes.map(mailbox => [mailbox.id, { id: mailbox.id, mailbox, children: [] as MailboxNode[] }]))
  const roots: MailboxNode[] = []
  for (const node of nodes.values()) {
    const parent = node.mailbox.parent === null ? undefined : nodes.get(node.mailbox.parent)
    ;(parent ? parent.children : roots).push(node)
  }
  const byName = new Intl.Collator(language, { numeric: true, sensitivity: 'base' })
  const sort = (list: MailboxNode[]) => {
    list.sort((a, b) => rank(a.mailbox) - rank(b.mailbox) || byName.compare(leafName(a.mailbox), leafName(b.mailbox)))
    for (const node of list) sort(node.children)
  }
  sort(roots)
  return roots
}

/** Where nothing stands above it, its whole name tells it from others. */
export const leafName = ({ path, name, parent }: Mailbox) => (parent === null ? name : (path.at(-1) ?? name))

const rank = (mailbox: Mailbox) => (mailbox.role === null ? ROLES.length : ROLES.indexOf(mailbox.role))

export type Place = { archive: string; place: number | null | 'overview' }

/** Keys of tree rows: "<archive>", "<archive>/all", "<archive>/<mailbox>". */
export const placeKey = ({ archive, place }: Place) => (place === 'overview' ? archive : `${archive}/${place ?? 'all'}`)

export function placeOf(key: string): Place {
  const [archive, place] = key.split('/')
  return { archive: archive!, place: place === undefined ? 'overview' : place === 'all' ? null : Number(place) }
}

export const isReadable = (archive: ArchiveSummary) => archive.state !== 'missing' && archive.state !== 'problem'
