/** What the reader shows of one message beside its text: what is said about it, what came with it, and where it belongs. All times are Unix milliseconds. */
import { z } from 'zod'
import { danger } from './dangers.ts'

const count = z.number().int().nonnegative()
const person = z.object({ name: z.string(), address: z.string() })

/** Links of the HTML that do not lead where they say, and those to a name that is made to be taken for another. */
export const linkNotes = z.object({ mismatched: count, lookalike: count })

/** What the receiving server found out about the sender (RFC 8601). Its word, not ours: nothing of it was checked again. */
export const authentication = z.object({
  server: z.string(),
  results: z.array(z.object({ method: z.string(), result: z.string(), about: z.string() })).max(50),
})

/** A moment of a calendar. `time` is null where its zone is not known, or where the writer means the clock on everybody's own wall. */
export const calendarTime = z.object({
  time: z.number().int().nullable(),
  /** As written: 2026-05-03, or 2026-05-03 14:30. */
  written: z.string(),
  allDay: z.boolean(),
  zone: z.string(),
})

export const calendarEvent = z.object({
  /** request, cancel, reply, publish …: lower case, '' where nothing is said. */
  method: z.string(),
  summary: z.string(),
  start: calendarTime.nullable(),
  end: calendarTime.nullable(),
  location: z.string(),
  description: z.string(),
  organizer: person.nullable(),
  /** `answer` as RFC 5545 has it, lower case: accepted, declined, tentative, needs-action. */
  attendees: z.array(person.extend({ answer: z.string() })).max(200),
  /** Lower case: confirmed, tentative, cancelled, ''. */
  status: z.string(),
  /** daily, weekly, monthly, yearly, or '' for an event that happens once. */
  repeats: z.string(),
})

export const contactCard = z.object({
  name: z.string(),
  organisation: z.string(),
  title: z.string(),
  emails: z.array(z.string()).max(50),
  phones: z.array(z.string()).max(50),
  addresses: z.array(z.string()).max(20),
  urls: z.array(z.string()).max(20),
  birthday: z.string(),
  note: z.string(),
})

/** What a message's HTML holds besides what is shown, and what is said about it: part of every view. */
export const readingNotes = {
  links: linkNotes,
  /** Addresses of images that were not loaded, by the number that stands in `data-remote` of the HTML. Fetched only when a person asks for it. */
  remoteImages: z.array(z.string()).max(500),
  /** Images that only report the reading, and were taken out. */
  trackers: count,
  authentication: authentication.nullable(),
  events: z.array(calendarEvent).max(20),
  contacts: z.array(contactCard).max(50),
}

/**
 * Which attachment: its index in the message; `within`: then the index in the message that it holds (winmail.dat, an opaque signature, a forwarded
 * message), and so on inwards.
 */
export const attachmentPath = { index: z.number().int(), within: z.array(count).max(8).optional() }

/** What was found in an attachment without opening it. */
export const attachmentReport = z.object({
  index: count,
  name: z.string(),
  /** A name that every file system takes, and that says what the true ending is. */
  safeName: z.string(),
  type: z.string(),
  size: count,
  dangers: z.array(danger),
  /** What its first bytes say it is, as a media type; null where they say nothing known. */
  really: z.string().nullable(),
})

/** A message within a message, as far as it is shown: its text, its people, and the names of what came with it. */
export const innerMessage = z.object({
  subject: z.string(),
  from: z.array(person),
  to: z.array(person),
  cc: z.array(person),
  date: z.number().int().nullable(),
  text: z.string(),
  html: z.string().nullable(),
  attachments: z.array(z.object({ name: z.string(), type: z.string(), size: count, inline: z.boolean() })),
})

const bytes = z.custom<Uint8Array>(value => value instanceof Uint8Array)

/** What an attachment looks like, shown without any other program. `none`: there is nothing to show, for this reason. */
export const attachmentPreview = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('image'), type: z.string(), bytes }),
  z.object({ kind: z.literal('pdf'), bytes }),
  z.object({ kind: z.literal('text'), text: z.string(), truncated: z.boolean() }),
  z.object({ kind: z.literal('events'), events: z.array(calendarEvent) }),
  z.object({ kind: z.literal('contacts'), contacts: z.array(contactCard) }),
  /** envelope: what it came in; of a signature nothing was checked. */
  z.object({ kind: z.literal('message'), message: innerMessage, envelope: z.enum(['winmail', 'signed']).optional() }),
  z.object({ kind: z.literal('none'), why: z.enum(['unknown', 'too-large', 'empty']) }),
])

export type LinkNotes = z.infer<typeof linkNotes>
export type Authentication = z.infer<typeof authentication>
export type CalendarTime = z.infer<typeof calendarTime>
export type CalendarEvent = z.infer<typeof calendarEvent>
export type ContactCard = z.infer<typeof contactCard>
export type InnerMessage = z.infer<typeof innerMessage>
export type AttachmentPreview = z.infer<typeof attachmentPreview>
export type AttachmentReport = z.infer<typeof attachmentReport>
