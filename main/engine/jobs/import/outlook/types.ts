/** A message as Outlook keeps it: properties, of which a MIME message is made. */

export interface OutlookMessage {
  /** PR_MESSAGE_CLASS: `IPM.Note` and its kin are mail. */
  messageClass: string
  /** As they were received; '' where the message was written here. */
  headers: string
  subject: string
  from: OutlookAddress | null
  /** Who sent it in place of `from`. */
  sender: OutlookAddress | null
  recipients: readonly (OutlookAddress & { kind: 'to' | 'cc' | 'bcc' })[]
  /** Unix ms. */
  sent: number | null
  received: number | null
  messageId: string
  inReplyTo: string
  references: string
  text: string
  html: { bytes: Uint8Array; charset: string } | null
  /** Uncompressed; only where there is no HTML. */
  rtf: Uint8Array | null
  attachments: readonly OutlookAttachment[]
  /** Attachments that are listed and cannot be read. */
  lost: number
  flags: readonly string[]
}

export interface OutlookAddress {
  name: string
  address: string
}

export type OutlookAttachment =
  | { name: string; type: string; contentId: string; inline: boolean; data: Uint8Array }
  /** A message in the message. */
  | { inner: OutlookMessage }

/** A message with more than this in its attachments is named and left out: it has to be whole in memory. */
export const ATTACHMENTS_MAX = 256 * 1024 * 1024
/** Messages in messages in messages: as deep as this. */
export const INNER_MAX = 16
