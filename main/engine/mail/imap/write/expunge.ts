/** Taking back what a restore has put in: these UIDs and nothing else. */
import { atom, sequence } from '../client.ts'
import { type Connection, command } from '../command.ts'
import { search } from '../searchUids.ts'
import { saying } from '../serverError.ts'
import { setsOf } from '../uidSet.ts'

/** Throws server-refused where other messages would go as well. */
export async function expunge(connection: Connection, uids: readonly number[]): Promise<void> {
  const plus = connection.offers.has('UIDPLUS')
  if (!plus) await mustBeAlone(connection, uids)
  for (const set of setsOf(uids))
    await command(connection, 'UID STORE', [sequence(set), atom('+FLAGS.SILENT'), [atom('\\Deleted')]], { untagged: { FETCH: () => {} } })
  if (!plus) {
    await mustBeAlone(connection, uids)
    await command(connection, 'EXPUNGE', [])
    return
  }
  // RFC 4315 2.1: only these, whatever else is marked as deleted.
  for (const set of setsOf(uids)) await command(connection, 'UID EXPUNGE', [sequence(set)])
}

/** A plain EXPUNGE takes everything that is marked. What somebody else has marked is theirs to expunge. */
async function mustBeAlone(connection: Connection, uids: readonly number[]): Promise<void> {
  const marked = await search(connection, [atom('DELETED')])
  const ours = new Set(uids)
  if (marked === null || marked.some(uid => !ours.has(uid)))
    throw saying('server-refused', 'other messages are marked as deleted, and this server can only expunge all of them', connection.where)
}
