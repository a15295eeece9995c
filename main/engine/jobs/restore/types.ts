/** What the parts of a restore share. */

import { AppError } from '../../../contract/errors.ts'
import type { RestoreScope } from '../../../contract/restore.ts'
import type { AccountSettings } from '../../../contract/types.ts'
import type { KeptMailbox, KeptPage, KeptPlace } from '../../index/kept.ts'
import type { RecordId } from '../../log/types.ts'
import type { Secret } from '../../mail/secret.ts'
import type { RecordSource } from '../readInOrder.ts'

/** The archive, as far as a restore reads it. */
export interface RestoreSource extends RecordSource {
  archive: string
  mailboxes(): Promise<KeptMailbox[]>
  page(mailbox: number, from: KeptPage['next'], limit: number): Promise<KeptPage>
  places(ids: readonly RecordId[]): Promise<KeptPlace[]>
  /** Ids of all messages that a search finds, a page at a time. */
  search(query: string): AsyncIterable<readonly RecordId[]>
  /** Places of a loss, a page at a time. */
  loss(loss: number): AsyncIterable<readonly { id: RecordId; placement: number }[]>
}

export interface RestoreInto {
  settings: AccountSettings
  password: Secret
  /** It is the account that the archive was captured from: its mailboxes have the same names, and its UIDs are known. */
  own: boolean
}

export interface RestoreOrder {
  scope: RestoreScope
  /** Levels parted by a slash; '' for none. */
  prefix: string
}

/** A mailbox of the server that shall hold messages of these of the archive. */
export interface TargetMailbox {
  raw: string
  /** For people. */
  name: string
  exists: boolean
  /** Levels above it that are not there either, and that some servers make along. */
  parents: string[]
  role: KeptMailbox['role']
  from: KeptMailbox[]
}

/** One message for one mailbox of the server. */
export interface Wanted {
  id: RecordId
  size: number
  /** As it shall be there; null: the server's time of arrival. */
  internalDate: number | null
  zone: number | null
  flags: string[]
  /** Null where it is not known without reading the message. */
  messageId: string | null
  /** Where the archive saw it, in this very mailbox, and it still shall be there. */
  known: { uidValidity: number; uid: number } | null
}

/** Nothing can be done in this one mailbox; the others go on. */
export const isAboutMailbox = (error: unknown): error is AppError =>
  error instanceof AppError && (error.code === 'mailbox-unavailable' || error.code === 'mailbox-read-only')

/** host and user tell an account; case does not matter in the first, and rarely in the second. */
export const accountKey = ({ host, port, user }: Pick<AccountSettings, 'host' | 'port' | 'user'>): string =>
  `${user.toLowerCase()}@${host.toLowerCase()}:${port}`
export const accountName = ({ host, user }: Pick<AccountSettings, 'host' | 'user'>): string =>
  user.includes('@') ? `${user} · ${host}` : `${user}@${host}`
