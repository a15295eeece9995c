/** A connection that may write. Who restores asks for it by name; capture has no way to get one. */
import type { ConnectWriter, ImapWriter } from '../../writeTypes.ts'
import { atom } from '../client.ts'
import { type Connection, command } from '../command.ts'
import { openConnection } from '../connect.ts'
import { listMailboxes } from '../listMailboxes.ts'
import { isUsable, openedOn } from '../openedReads.ts'
import { search } from '../searchUids.ts'
import { logout } from '../session.ts'
import { append } from './append.ts'
import { expunge } from './expunge.ts'
import { createMailbox, personalNamespace, quotaOf, removeMailbox } from './mailboxes.ts'
import { fetchMessageIds } from './messageIds.ts'
import { selectMailbox } from './selectMailbox.ts'

/** Throws as connectImap does. */
export const connectWriter: ConnectWriter = async options => createWriter(await openConnection(options))

function createWriter(connection: Connection): ImapWriter {
  const { offers } = connection
  const opened = openedOn(connection)
  return {
    ...opened.reads,
    capabilities: offers,
    get usable() {
      return isUsable(connection)
    },
    appendLimit: limitOf(connection),
    multiAppend: offers.has('MULTIAPPEND'),
    binary: offers.has('BINARY'),
    list: () => listMailboxes(connection),
    select: async raw => {
      opened.raw = null
      connection.where.mailbox = raw
      const result = await selectMailbox(connection, raw)
      opened.raw = raw
      return result
    },
    leave: async () => {
      if (opened.raw === null) return
      // CLOSE would expunge (RFC 9051 6.4.1). Without UNSELECT the mailbox stays open until another is.
      if (offers.has('UNSELECT')) {
        await command(connection, 'UNSELECT', [])
        opened.raw = null
      } else await command(connection, 'NOOP', [])
    },
    noop: async () => {
      await command(connection, 'NOOP', [])
    },
    create: (raw, role) => createMailbox(connection, raw, role),
    remove: raw => removeMailbox(connection, raw),
    append: (raw, messages) => append(connection, raw, messages),
    ofSize: async size => {
      const found = await search(opened.connection(), [atom('LARGER'), atom(String(size - 1)), atom('SMALLER'), atom(String(size + 1))])
      return found && [...found]
    },
    messageIds: uids => fetchMessageIds(opened.connection(), uids),
    expunge: async uids => {
      await expunge(opened.connection(), uids)
    },
    quota: raw => quotaOf(connection, raw),
    namespace: () => personalNamespace(connection),
    close: () => logout(connection),
  }
}

/** APPENDLIMIT=35882577 (RFC 7889); without a number each mailbox has its own, which is not asked for: the server says it when it refuses. */
function limitOf({ client }: Connection): number | null {
  const limit = client.capabilities.get('APPENDLIMIT')
  return typeof limit === 'number' && limit > 0 ? limit : null
}
