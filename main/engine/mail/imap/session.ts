/** What capture holds of a connection: EXAMINE, list and FETCH with PEEK. There is no way to change anything through it. */
import type { ImapSession } from '../types.ts'
import { type Connection, command } from './command.ts'
import { enableQresync, examineMailbox } from './examineMailbox.ts'
import { fetchFlagsSince, fetchHeads } from './fetchMessages.ts'
import { idle } from './idle.ts'
import { listMailboxes } from './listMailboxes.ts'
import { isUsable, openedOn } from './openedReads.ts'
import { largerThan, stillThere, uidsFrom } from './searchUids.ts'

export function createSession(connection: Connection): ImapSession {
  const opened = openedOn(connection)
  return {
    ...opened.reads,
    capabilities: connection.offers,
    get usable() {
      return isUsable(connection)
    },
    list: ({ subscriptions = false } = {}) => listMailboxes(connection, subscriptions),
    get unseen() {
      return connection.unseen
    },
    get exists() {
      return connection.exists
    },
    examine: async (raw, since) => {
      if (opened.raw === null) await enableQresync(connection)
      // RFC 9051 6.3.2: a failed EXAMINE leaves no mailbox open.
      opened.raw = null
      connection.where.mailbox = raw
      const result = await examineMailbox(connection, raw, since)
      opened.raw = raw
      return result
    },
    leave: async () => {
      if (opened.raw === null) return
      const unselect = connection.offers.has('UNSELECT')
      await command(connection, unselect ? 'UNSELECT' : 'NOOP', [])
      if (unselect) opened.raw = null
    },
    uidsFrom: first => uidsFrom(opened.connection(), first),
    stillThere: uids => stillThere(opened.connection(), uids),
    flagsSince: (modseq, lastUid) => fetchFlagsSince(opened.connection(), modseq, lastUid),
    heads: (uids, textBytes) => fetchHeads(opened.connection(), uids, textBytes),
    larger: (uids, bytes) => largerThan(opened.connection(), uids, bytes),
    idle: options => idle(opened.connection(), options),
    close: () => logout(connection),
  }
}

const PATIENCE_MS = 2_000

/** LOGOUT where the server still listens, else the socket is closed. Never throws: whoever closes has what they came for. */
export async function logout({ client }: Connection): Promise<void> {
  const timer = setTimeout(() => client.close(), PATIENCE_MS)
  try {
    await client.logout()
  } catch {
    client.close()
  } finally {
    clearTimeout(timer)
  }
}
