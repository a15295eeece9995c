/** One message: what the reader shows of it before its bytes are opened, and where it is. */
import type { Attachment, PlacementInfo } from '../../contract/types.ts'
import type { ReadDb } from './connection.ts'
import { createFlagReader } from './flagLists.ts'
import { mailboxName } from './mailboxList.ts'
import { addressesIn } from './messages.ts'
import { createPlaceReader } from './place.ts'
import { bytesOf, idOf, uidOf } from './rows.ts'
import type { Summarise } from './summaries.ts'
import type { IndexQueries } from './types.ts'

interface PlacementRow {
  placement: number
  mailbox: number
  path: string | null
  delimiter: string | null
  flags: number
  internal_date: number | null
  first_seen: number
  gone: number | null
}

const ID_DIGITS = 64

export function createOneMessage(
  db: ReadDb,
  summarise: Summarise,
): Pick<IndexQueries, 'message' | 'idsByPrefix' | 'placements' | 'place' | 'places'> {
  const rowOf = db.prepare<[Buffer], number | null>('SELECT row FROM records WHERE id = ?').pluck()
  const more = db.prepare<[number], { cc_list: string; message_id: string; attachments: string }>(
    'SELECT cc_list, message_id, attachments FROM messages WHERE row = ?',
  )
  const byPrefix = db
    .prepare<[Buffer, Buffer], Buffer>('SELECT id FROM records WHERE id BETWEEN ? AND ? AND row IS NOT NULL ORDER BY id LIMIT 2')
    .pluck()
  const placed = db.prepare<[number], PlacementRow>(
    `SELECT p.placement, p.mailbox, m.path, m.delimiter, p.flags, p.internal_date, p.first_seen, coalesce(p.gone, m.absent_since) AS gone
     FROM placements p LEFT JOIN mailboxes m ON m.mailbox = p.mailbox WHERE p.row = ? AND p.shown = 1 ORDER BY p.placement`,
  )
  const listOf = createFlagReader(db)
  const place = createPlaceReader(db)

  return {
    message: id => {
      const row = rowOf.get(bytesOf(id))
      if (row == null) return null
      const { cc_list, message_id, attachments } = more.get(row)!
      return {
        ...summarise({ row, placement: 0 })!,
        cc: addressesIn(cc_list),
        rfcMessageId: message_id,
        attachmentList: JSON.parse(attachments) as Attachment[],
      }
    },
    idsByPrefix: prefix => {
      if (!/^[0-9a-f]{1,64}$/i.test(prefix)) return []
      return byPrefix.all(bytesOf(prefix.padEnd(ID_DIGITS, '0')), bytesOf(prefix.padEnd(ID_DIGITS, 'f'))).map(idOf)
    },
    placements: id => {
      const row = rowOf.get(bytesOf(id))
      if (row == null) return []
      return placed.all(row).map(
        (at): PlacementInfo => ({
          mailbox: at.mailbox,
          mailboxName: at.path === null ? '' : mailboxName(JSON.parse(at.path) as string[], at.delimiter ?? ''),
          uid: uidOf(at.placement),
          flags: listOf(at.flags),
          internalDate: at.internal_date === null ? null : at.internal_date * 1000,
          firstSeen: at.first_seen,
          gone: at.gone,
        }),
      )
    },
    place: id => place(bytesOf(id)),
    places: ids => ids.map(id => place(bytesOf(id))),
  }
}
