/** Rows of a list, as people see them. */
import type { Cursor, MessageSummary } from '../../contract/types.ts'
import type { ReadDb } from './connection.ts'
import { createFlagReader } from './flagLists.ts'
import { addressesIn, BLANK, FAILED, isPending } from './messages.ts'
import { idOf, sortTimeOf } from './rows.ts'

/** A place in a list: the message's row, and in a mailbox the placement too. */
export interface Listed {
  row: number
  /** 0 in lists that are not a mailbox's. */
  placement: number
  /** What it is ordered by, where that is not the date. */
  key?: string | number
}

export interface MessageRow {
  row: number
  id: Buffer
  size: number
  gone: number | null
  parse: number
  date: number | null
  subject: string
  from_list: string
  to_list: string
  snippet: string
  attachment_count: number
}

const columns = 'row, id, size, gone, parse, date, subject, from_list, to_list, snippet, attachment_count'

export type Summarise = (listed: Listed) => MessageSummary | null

export function createSummaries(db: ReadDb, archive: string): Summarise {
  const message = db.prepare<[number], MessageRow>(`SELECT ${columns} FROM messages WHERE row = ?`)
  // A mailbox that the server lists no more has nothing on it.
  const ofPlacement = db.prepare<[number], { flags: number; gone: number | null }>(
    `SELECT p.flags, coalesce(p.gone, b.absent_since) AS gone FROM placements p LEFT JOIN mailboxes b ON b.mailbox = p.mailbox WHERE p.placement = ?`,
  )
  const ofAll = db.prepare<[number], number>('SELECT DISTINCT flags FROM placements WHERE row = ? AND shown = 1').pluck()
  const listOf = createFlagReader(db)

  const allFlags = (row: number): string[] => {
    const lists = ofAll.all(row)
    return lists.length === 1 ? listOf(lists[0]!) : [...new Set(lists.flatMap(listOf))]
  }

  return ({ row, placement, key }) => {
    const found = message.get(row)
    if (!found) return null
    const placed = placement === 0 ? undefined : ofPlacement.get(placement)
    return summaryOf(found, {
      archive,
      cursor: key === undefined ? { row, placement } : { row, placement, key },
      flags: placed ? listOf(placed.flags) : allFlags(row),
      gone: placed ? placed.gone : found.gone,
    })
  }
}

function summaryOf(row: MessageRow, rest: { archive: string; cursor: Cursor; flags: string[]; gone: number | null }): MessageSummary {
  return {
    ...rest,
    id: idOf(row.id),
    subject: row.subject,
    from: addressesIn(row.from_list),
    to: addressesIn(row.to_list),
    date: row.date,
    sortTime: sortTimeOf(row.row),
    size: row.size,
    attachments: row.attachment_count,
    snippet: row.snippet,
    parse: row.parse === BLANK ? 'blank' : isPending(row.parse) ? 'pending' : row.parse === FAILED ? 'failed' : 'ok',
  }
}
