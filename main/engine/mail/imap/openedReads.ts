/** What is read from the mailbox that is open at the moment, on connections that may write and those that may not. */
import { AppError } from '../../../contract/errors.ts'
import type { ImapSession } from '../types.ts'
import type { Connection } from './command.ts'
import { describeMessages, fetchMessages, fetchPieces } from './fetchMessages.ts'
import { allUids } from './searchUids.ts'

export interface Opened {
  /** The mailbox as the server calls it; null where none is open. */
  raw: string | null
  /** The connection, as long as a mailbox is open over it. Throws else. */
  connection(): Connection
  reads: Pick<ImapSession, 'allUids' | 'describe' | 'fetch' | 'fetchPieces' | 'received'>
}

export function openedOn(connection: Connection): Opened {
  const opened: Opened = {
    raw: null,
    connection: () => {
      if (opened.raw === null) throw new AppError('internal', 'no mailbox is open')
      return connection
    },
    reads: {
      allUids: () => allUids(opened.connection(), opened.raw!),
      describe: uids => describeMessages(opened.connection(), uids),
      fetch: uids => fetchMessages(opened.connection(), uids),
      fetchPieces: (uid, piece) => fetchPieces(opened.connection(), uid, piece),
      received: () => connection.client.stats().received,
    },
  }
  return opened
}

export const isUsable = ({ broken, client }: Connection): boolean => broken === undefined && !client.isClosed
