/** The mailbox tree with its counts: O(mailboxes), because the counts are kept by apply. */
import type { Mailbox } from '../../contract/types.ts'
import type { ReadDb } from './connection.ts'

interface Row {
  mailbox: number
  path: string
  delimiter: string
  role: Mailbox['role']
  selectable: number
  subscribed: number
  present: number
  messages: number
  unread: number
  gone: number
  gaps: number
  complete_as_of: number | null
  imported: number
}

export function createMailboxList(db: ReadDb): () => Mailbox[] {
  const read = db.prepare<[], Row>(
    `SELECT m.mailbox, m.path, m.delimiter, m.role, m.selectable, m.subscribed, m.present, m.messages, m.unread, iif(m.absent_since IS NULL, m.gone, m.messages) AS gone, m.gaps, e.complete_as_of,
       m.present = 0 AND m.absent_since IS NULL AS imported
     FROM mailboxes m LEFT JOIN epochs e ON e.epoch = m.epoch ORDER BY m.mailbox`,
  )
  return () => {
    const rows = read.all().map(row => ({ ...row, levels: JSON.parse(row.path) as string[] }))
    // Two mailboxes may have had the same path at different times: the one that is still there is the parent.
    const byPath = new Map<string, number>()
    for (const present of [0, 1]) for (const row of rows) if (row.present === present) byPath.set(row.path, row.mailbox)
    return rows.map(row => ({
      id: row.mailbox,
      path: row.levels,
      name: mailboxName(row.levels, row.delimiter),
      parent: row.levels.length > 1 ? (byPath.get(JSON.stringify(row.levels.slice(0, -1))) ?? null) : null,
      role: row.role,
      selectable: row.selectable === 1,
      subscribed: row.subscribed === 1,
      present: row.present === 1,
      ...(row.imported === 1 && { imported: true }),
      messages: row.messages,
      unread: row.unread,
      gone: row.gone,
      gaps: row.gaps,
      completeAsOf: row.complete_as_of,
    }))
  }
}

/** Levels joined by the server's delimiter; a server without a hierarchy has one level only. */
export const mailboxName = (path: readonly string[], delimiter: string): string => path.join(delimiter || '/')
