/** What the parts of an export share. */
import type { ExportFormat, ExportLayout, MboxDialect } from '../../../contract/export.ts'
import type { RestoreScope } from '../../../contract/restore.ts'
import type { MailboxRole } from '../../../contract/types.ts'
import type { KeptPlace } from '../../index/kept.ts'
import type { RecordId } from '../../log/types.ts'

export interface ExportOrder {
  scope: RestoreScope
  format: ExportFormat
  layout: ExportLayout
  dialect: MboxDialect
  /** One ZIP file in place of a folder. */
  zip: boolean
  to: string
  /** Name of the archive. */
  name: string
}

/** One message at one place, as it goes into the export. */
export interface ExportItem extends KeptPlace {
  /** Levels of the mailbox's name; empty where it is in none. */
  mailboxPath: readonly string[]
  role: MailboxRole | null
}

/** Pieces of a message's exact bytes; throws when what comes out is not what was received. */
export type Pieces = (id: RecordId) => AsyncIterable<Uint8Array>

/** What stands in the manifest about a message that was written. */
export interface ManifestItem {
  /** Below the export's folder, parted by slashes. */
  path: string
  /** Of an mbox: where the message's own bytes begin and how many there are with their quoting; what follows is its separator. */
  offset?: number
  length?: number
  dialect?: MboxDialect
  /** Of the exact bytes of the message. */
  sha256: string
  size: number
  id: string
  mailbox: string[]
  /** What the mailbox is for, where that is known. */
  role?: MailboxRole | null
  flags: string[]
  /** RFC 3339, with the zone the server gave; null where there is none. */
  internalDate: string | null
  subject: string
  from: string
  date: string
  messageId: string
  /** It was no longer on the server. */
  gone: boolean
}
