/**
 * Marks: words that stand in the full-text table beside the words of a message and that nobody can type, because they begin with characters of
 * Unicode's private use area, which normalising takes away. So "has an attachment" or "larger than 10 MB" is a list of rows like any word's, newest
 * first, and meets the other words inside FTS5.
 */
import { createHash } from 'node:crypto'
import type { Attachment } from '../../contract/types.ts'
import { tokens } from '../search/normalise.ts'

/** Stands in every message: "everything but …" needs something to take away from. */
export const everyMark = '\ue000'
export const attachmentMark = '\ue001'
export const imageMark = '\ue002'
export const linkMark = '\ue003'
const MESSAGE_ID = '\ue004'
const LIST = '\ue005'
const TYPE = '\ue006'
const MAILBOX = 0xf0000 // a plane of its own, so that the mark is one character: the lists of what begins with two and more are spared it
const SIZE = 0xe100

/** Of a message that was read. */
export function marksOf(message: { attachments: readonly Attachment[]; rfcMessageId: string; list: string; hasLink: boolean }): string {
  const { attachments, rfcMessageId, list, hasLink } = message
  const marks = new Set([everyMark])
  if (attachments.some(({ inline }) => !inline)) marks.add(attachmentMark)
  if (hasLink) marks.add(linkMark)
  for (const { type, name } of attachments) {
    if (type.startsWith('image/')) marks.add(imageMark)
    for (const kind of kindsOf(type, name)) marks.add(typeMark(kind))
  }
  if (rfcMessageId !== '') marks.add(messageIdMark(rfcMessageId))
  // The list's words in their order, so that a phrase of them can be asked for.
  return [...marks, ...listMarks(list).slice(0, LIST_WORDS)].join(' ')
}

const LIST_WORDS = 50

export const listMarks = (text: string): string[] => tokens(text).map(token => LIST + token)
export const typeMark = (kind: string): string => TYPE + kind

/** Where a message was when its text was written (placedLater.ts). Mailboxes that share a mark only cost a look: each message found by it is asked. */
export const mailboxMark = (mailbox: number): string => String.fromCodePoint(MAILBOX + (mailbox % 0xfff0))
export const isMailboxMark = (token: string): boolean => (token.codePointAt(0) ?? 0) >= MAILBOX

/** Ids are long and each is there once: sixty bits of a hash are enough to tell a hundred million apart. */
export const messageIdMark = (id: string): string =>
  MESSAGE_ID + createHash('sha256').update(id.trim().toLowerCase()).digest('base64url').slice(0, 10)

/** What people call its type: the ending of its name, and what MIME says. */
function kindsOf(type: string, name: string): string[] {
  const ending = /\.([\p{L}\p{N}]{1,10})$/u.exec(name.trim())?.[1]
  const [main = '', sub = ''] = type.toLowerCase().split('/')
  return [...new Set([ending ?? '', sub, main].flatMap(kind => tokens(kind).slice(-1)))]
}

// Four to a doubling.
const STEPS = 4
const LAST = 160
const stepOf = (size: number): number => Math.min(LAST, Math.floor(Math.log2(Math.max(1, size)) * STEPS))

export const sizeMark = (size: number): string => String.fromCharCode(SIZE + stepOf(size))

/** Of every size between, and of some that are a little outside. */
export function sizeMarks(over: number | null, under: number | null): string[] {
  const from = over === null ? 0 : stepOf(over)
  const to = under === null ? LAST : stepOf(under)
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => String.fromCharCode(SIZE + from + i))
}
