/** What capture holds of a connection: EXAMINE, list and FETCH with PEEK. There is no way to change anything through it. */
import { AppError } from '../../../contract/errors.ts'
import type { ImapSession } from '../types.ts'
import { type Connection, command } from './command.ts'
import { enableQresync, examineMailbox } from './examineMailbox.ts'
import { describeMessages, fetchFlagsSince, fetchHeads, fetchMessages, fetchPieces } from './fetchMessages.ts'
import { idle } from './idle.ts'
import { listMailboxes } from './listMailboxes.ts'
import { allUids, largerThan, stillThere, uidsFrom } from './searchUids.ts'

export function createSession(connection: Connection): ImapSession {
  let examined: string | null = null
  const opened = (): string => {
    if (examined === null) throw new AppError('internal', 'no mailbox is examined')
    return examined
  }
  return {
    capabilities: connection.offers,
    get usable() {
      return connection.broken === undefined && !connection.client.isClosed
    },
    list: ({ subscriptions = false } = {}) => listMailboxes(connection, subscriptions),
    get unseen() {
      return connection.unseen
    },
    get exists() {
      return connection.exists
    },
    examine: async (raw, since) => {
      if (examined === null) await enableQresync(connection)
      // RFC 9051 6.3.2: a failed EXAMINE leaves no mailbox open.
      examined = null
      connection.where.mailbox = raw
      const result = await examineMailbox(connection, raw, since)
      examined = raw
      return result
    },
    leave: async () => {
      if (examined === null) return
      const unselect = connection.offers.has('UNSELECT')
      await command(connection, unselect ? 'UNSELECT' : 'NOOP', [])
      if (unselect) examined = null
    },
    allUids: () => allUids(connection, opened()),
    uidsFrom: first => {
      opened()
      return uidsFrom(connection, first)
    },
    stillThere: uids => {
      opened()
      return stillThere(connection, uids)
    },
    flagsSince: (modseq, lastUid) => {
      opened()
      return fetchFlagsSince(connection, modseq, lastUid)
    },
    heads: (uids, textBytes) => {
      opened()
      return fetchHeads(connection, uids, textBytes)
    },
    larger: (uids, bytes) => {
      opened()
      return largerThan(connection, uids, bytes)
    },
    describe: uids => {
      opened()
      return describeMessages(connection, uids)
    },
    fetch: uids => {
      opened()
      return fetchMessages(connection, uids)
    },
    fetchPieces: (uid, piece) => {
      opened()
      return fetchPieces(connection, uid, piece)
    },
    idle: options => {
      opened()
      return idle(connection, options)
    },
    received: () => connection.client.stats().received,
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
