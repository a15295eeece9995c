/** Text of attachments: which messages have attachments that were not read yet, and which attachments could not be read. */
import type { UnreadAttachment, UnreadReason } from '../../contract/unread.ts'
import { mayHoldText } from '../base/mayHoldText.ts'
import type { RecordId } from '../log/types.ts'
import type { ReadDb, WriteDb } from './connection.ts'
import { idOf, sortTimeOf } from './rows.ts'
import type { TextBuffer } from './textBuffer.ts'
import type { FtsText, ParsedMessage } from './types.ts'

/** What was read of a message's attachments. */
export interface ReadAttachments {
  id: RecordId
  /** The whole message's words, those of its attachments in `text`: a row of the full-text table is written as one. Null: there are none in them. */
  fts: (FtsText & { text: string }) | null
  unread: { index: number; name: string; size: number; why: UnreadReason }[]
}

export interface WaitingAttachments {
  id: RecordId
  attachments: ParsedMessage['attachments']
}

export interface AttachmentQueries {
  /** Attachments that could not be read, of the newest messages first; `after`: those of messages older than this row. */
  unreadAttachments(input: { why: UnreadReason | null; after: number | null; limit: number }): (UnreadAttachment & { row: number })[]
}

export function createAttachmentWriter(db: WriteDb, texts: TextBuffer) {
  const waiting = db.prepare<[number], { row: number; id: Buffer; attachments: string }>(
    `SELECT w.row, m.id, m.attachments FROM attachments_waiting w JOIN messages m ON m.row = w.row
     WHERE NOT EXISTS (SELECT 1 FROM unindexed u WHERE u.row = w.row) ORDER BY w.row DESC LIMIT ?`,
  )
  const wait = db.prepare<[number]>('INSERT OR IGNORE INTO attachments_waiting (row) VALUES (?)')
  const settle = db.prepare<[number]>('DELETE FROM attachments_waiting WHERE row = ?')
  const forget = db.prepare<[number]>('DELETE FROM unread_attachments WHERE row = ?')
  const add = db.prepare<[number, number, string, number, string]>(
    'INSERT OR REPLACE INTO unread_attachments (row, part, name, size, why) VALUES (?, ?, ?, ?, ?)',
  )
  return {
    /** Its attachments are to be read, if there are any that may hold text. */
    wait: (row: number, { attachments }: Pick<ParsedMessage, 'attachments'>) => {
      if (attachments.some(({ name, type }) => mayHoldText(name, type))) wait.run(row)
    },
    /** With a text it waits until that is written (textBuffer.ts): after a crash it is read again. */
    settle: (row: number, { fts, unread }: ReadAttachments) => {
      forget.run(row)
      for (const { index, name, size, why } of unread) add.run(row, index, name.slice(0, NAME_MAX), size, why)
      if (!fts) settle.run(row)
    },
    /** The newest messages first. */
    pendingAttachments: (limit: number): WaitingAttachments[] =>
      waiting
        .all(limit + texts.size)
        .filter(({ row }) => !texts.has(row))
        .slice(0, limit)
        .map(({ id, attachments }) => ({ id: idOf(id), attachments: JSON.parse(attachments) as ParsedMessage['attachments'] })),
  }
}

const NAME_MAX = 500

export function createAttachmentQueries(db: ReadDb): AttachmentQueries {
  const read = db.prepare<
    [string | null, string | null, number | null, number | null, number],
    Omit<UnreadAttachment, 'id' | 'sortTime'> & { row: number; id: Buffer }
  >(
    `SELECT u.row, m.id, u.part AS "index", u.name, u.size, u.why, m.subject FROM unread_attachments u JOIN messages m ON m.row = u.row
     WHERE (? IS NULL OR u.why = ?) AND (? IS NULL OR u.row < ?) ORDER BY u.row DESC, u.part LIMIT ?`,
  )
  return {
    unreadAttachments: ({ why, after, limit }) =>
      read.all(why, why, after, after, limit).map(({ id, ...one }) => ({ ...one, id: idOf(id), sortTime: sortTimeOf(one.row) })),
  }
}

/** For the status: how many messages wait, and how many attachments could not be read for each reason. */
export function createAttachmentCounts(
  db: ReadDb,
): () => { attachmentsWaiting: number; attachmentsUnread: { reason: UnreadReason; count: number }[] } {
  const waiting = db.prepare<[], number>('SELECT count(*) FROM attachments_waiting').pluck()
  const unread = db.prepare<[], { reason: UnreadReason; count: number }>(
    'SELECT why AS reason, count(*) AS count FROM unread_attachments GROUP BY why ORDER BY count DESC',
  )
  return () => ({ attachmentsWaiting: waiting.get() ?? 0, attachmentsUnread: unread.all() })
}
