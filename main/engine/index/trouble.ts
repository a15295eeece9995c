/** What makes a problem of an archive. */
import type { AnyDb } from './connection.ts'
import { mailboxName } from './mailboxList.ts'
import type { GapGroup, IndexQueries } from './types.ts'

export function createTrouble(db: AnyDb, losses: IndexQueries['losses']): IndexQueries['trouble'] {
  const gaps = db.prepare<[], Omit<GapGroup, 'name'> & { path: string; delimiter: string }>(
    `SELECT m.mailbox, m.path, m.delimiter, g.code, count(*) AS count, min(g.next_try) AS next
     FROM gaps g JOIN epochs e ON e.epoch = g.epoch JOIN mailboxes m ON m.mailbox = e.mailbox AND m.present = 1
     GROUP BY m.mailbox, g.code ORDER BY m.mailbox, g.code`,
  )
  return () => ({
    gaps: gaps.all().map(({ path, delimiter, ...group }) => ({ ...group, name: mailboxName(JSON.parse(path) as string[], delimiter) })),
    losses: losses('open'),
  })
}
