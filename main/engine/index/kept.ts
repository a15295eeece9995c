/** What a restore asks: where messages were, and which of these places are worth filling again. */
import type { Address, MailboxRole } from '../../contract/types.ts'
import { IMPORTED } from '../log/imported.ts'
import type { RecordId } from '../log/types.ts'
import type { ReadDb } from './connection.ts'
import { createFlagReader } from './flagLists.ts'
import { addressesIn, isPending } from './messages.ts'
import { BEYOND, bytesOf, epochOf, idOf, sortTimeOf, uidOf } from './rows.ts'

export interface KeptMailbox {
  mailbox: number
  path: string[]
  delimiter: string
  raw: string
  role: MailboxRole | null
  selectable: boolean
  /** The server still lists it. */
  present: boolean
  /** Rows of its list. */
  messages: number
}

/** One place of a message: as much as is needed to put it there again, or to find it there. */
export interface KeptPlace {
  id: RecordId
  mailbox: number
  placement: number
  uidValidity: number
  uid: number
  size: number
  flags: string[]
  /** INTERNALDATE: Unix seconds, and minutes east of UTC. */
  internalDate: number | null
  zone: number | null
  /** What lists are ordered by, Unix ms. */
  sortTime: number
  /** Message-ID without its brackets; '' where there is none, null where it was not read yet. */
  messageId: string | null
  subject: string
  from: Address[]
  /** The Date header, Unix ms. */
  date: number | null
  /** It is on the server, as far as is known here. */
  live: boolean
  /** It was on a server, and is not any more. */
  gone: boolean
  /** Another place of the message stands for this one: it was moved from here to there, or this only shows again what is there (all mail, flagged). */
  redundant: boolean
}

export interface KeptPage {
  rows: KeptPlace[]
  next: { row: number; placement: number } | null
}

export interface KeptQueries {
  keptMailboxes(): KeptMailbox[]
  /** Places in a mailbox in list order. */
  keptPage(input: { mailbox: number; from: { row: number; placement: number } | null; limit: number }): KeptPage
  /** All places of these messages. */
  keptPlaces(ids: readonly RecordId[]): KeptPlace[]
}

interface Row {
  placement: number
  mailbox: number
  row: number
  id: Buffer
  size: number
  flags: number
  internal_date: number | null
  zone: number | null
  gone: number | null
  first_seen: number
  parse: number
  message_id: string
  subject: string
  from_list: string
  date: number | null
  uid_validity: number | null
  role: MailboxRole | null
  current: number
}

/** A place that a message got this long after another, and not long before it left that: it was moved, or came back. */
const LATER_MS = 60_000
const MEANWHILE_MS = 10 * 60_000

// A mailbox that the server does not list any more, or whose UIDVALIDITY is another now, holds nothing, whatever was said of its messages last.
const COLUMNS = `p.placement, p.mailbox, p.row, m.id, m.size, p.flags, p.internal_date, p.zone, p.gone, p.first_seen, m.parse, m.message_id, m.subject, m.from_list, m.date,
  e.uid_validity, b.role, (b.present = 1 AND b.epoch = e.epoch AND p.gone IS NULL) AS current`
const TABLES = `placements p JOIN messages m ON m.row = p.row JOIN mailboxes b ON b.mailbox = p.mailbox JOIN epochs e ON e.epoch = p.placement / 4294967296`

export const keptQueries = {
  page: `SELECT ${COLUMNS} FROM ${TABLES} WHERE p.mailbox = ? AND p.shown = 1 AND (p.row, p.placement) < (?, ?) ORDER BY p.row DESC, p.placement DESC LIMIT ?`,
  ofMessage: `SELECT ${COLUMNS} FROM ${TABLES} WHERE p.row = ? AND p.shown = 1`,
} as const

export function createKept(db: ReadDb): KeptQueries {
  const mailboxes = db.prepare<[], Omit<KeptMailbox, 'path' | 'selectable' | 'present'> & { path: string; selectable: number; present: number }>(
    'SELECT mailbox, path, delimiter, raw, role, selectable, present, messages FROM mailboxes ORDER BY mailbox',
  )
  const page = db.prepare<[number, number, number, number], Row>(keptQueries.page)
  const ofMessage = db.prepare<[number], Row>(keptQueries.ofMessage)
  const rowOf = db.prepare<[Buffer], number | null>('SELECT row FROM records WHERE id = ?').pluck()
  const listOf = createFlagReader(db)

  const keptPlace = (row: Row, among: readonly Row[]): KeptPlace => ({
    id: idOf(row.id),
    mailbox: row.mailbox,
    placement: row.placement,
    uidValidity: row.uid_validity ?? 0,
    uid: uidOf(row.placement),
    size: row.size,
    flags: listOf(row.flags),
    internalDate: row.internal_date,
    zone: row.zone,
    sortTime: sortTimeOf(row.row),
    messageId: isPending(row.parse) ? null : row.message_id,
    subject: row.subject,
    from: addressesIn(row.from_list),
    date: row.date,
    live: row.current === 1,
    gone: row.current !== 1 && row.uid_validity !== IMPORTED,
    redundant: isRedundant(row, among),
  })
  // A message that is there, in an ordinary mailbox, needs no look at its other places.
  const alone = (row: Row) => row.current === 1 && !isView(row)

  return {
    keptMailboxes: () =>
      mailboxes.all().map(box => ({ ...box, path: JSON.parse(box.path) as string[], selectable: box.selectable === 1, present: box.present === 1 })),
    keptPage: ({ mailbox, from, limit }) => {
      const rows = page.all(mailbox, from?.row ?? BEYOND, from?.placement ?? 0, limit)
      const last = rows.at(-1)
      return {
        rows: rows.map(row => keptPlace(row, alone(row) ? [row] : ofMessage.all(row.row))),
        next: last && rows.length === limit ? { row: last.row, placement: last.placement } : null,
      }
    },
    keptPlaces: ids =>
      ids.flatMap(id => {
        const row = rowOf.get(bytesOf(id))
        if (row == null) return []
        const all = ofMessage.all(row)
        return all.map(one => keptPlace(one, all))
      }),
  }
}

/** Mailboxes that show again what is in others. */
const isView = ({ role }: Row): boolean => role === 'all' || role === 'flagged' || role === 'important'
const isBin = ({ role }: Row): boolean => role === 'trash' || role === 'junk'

function isRedundant(row: Row, among: readonly Row[]): boolean {
  // Where a person imported it, it is meant to be.
  if (row.uid_validity === IMPORTED) return false
  const others = among.filter(other => other.placement !== row.placement)
  if (row.current === 1) return isView(row) && others.some(other => other.current === 1 && !isView(other))
  // It was moved to where it is now. One that was in both places all along is missed in this one.
  if (others.some(other => other.current === 1 && followed(other, row))) return true
  // Back to where it was last, and rather not into the bin it went through on its way out.
  return others.some(
    other => isRather(other, row) || (!isRather(row, other) && (followed(other, row) || (sameAgain(other, row) && other.placement > row.placement))),
  )
}

const isRather = (one: Row, other: Row): boolean => rank(one) < rank(other)
const rank = (row: Row): number => (isBin(row) ? 2 : isView(row) ? 1 : 0)

function followed(later: Row, earlier: Row): boolean {
  if (earlier.gone === null) return false
  if (later.first_seen >= earlier.gone) return true
  return later.first_seen > earlier.first_seen + LATER_MS && later.first_seen >= earlier.gone - MEANWHILE_MS
}

/** Of an older UIDVALIDITY, when nothing said that it went: the newer one holds for both. */
const sameAgain = (one: Row, other: Row): boolean => one.mailbox === other.mailbox && epochOf(one.placement) !== epochOf(other.placement)
