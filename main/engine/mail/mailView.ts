/** What the reader shows of a message. Apart from view.ts, so that who only hands it on does not load all that reads mail. */
import type { Authentication, CalendarEvent, ContactCard, LinkNotes } from '../../contract/reading.ts'
import type { Address, Attachment } from '../../contract/types.ts'

/** The parts of contract MessageView that come from the bytes alone. */
export interface MailView<Failure = 'parse-failed'> {
  cc: Address[]
  bcc: Address[]
  replyTo: Address[]
  rfcMessageId: string
  text: string
  html: string | null
  remoteContentBlocked: boolean
  truncated: boolean
  /** More than the beginning is there. */
  beginning?: boolean
  attachments: Attachment[]
  links: LinkNotes
  remoteImages: string[]
  trackers: number
  authentication: Authentication | null
  events: CalendarEvent[]
  contacts: ContactCard[]
  failure: Failure | null
}

/** Stands for a message that could not be shown. */
export const unviewed = <Failure>(failure: Failure | null): MailView<Failure> => ({
  cc: [],
  bcc: [],
  replyTo: [],
  rfcMessageId: '',
  text: '',
  html: null,
  remoteContentBlocked: false,
  truncated: false,
  attachments: [],
  links: { mismatched: 0, lookalike: 0 },
  remoteImages: [],
  trackers: 0,
  authentication: null,
  events: [],
  contacts: [],
  failure,
})
