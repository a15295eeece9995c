/** What the archive holds, and what is missing in it: the completeness ledger in numbers. */
import { createAttachmentCounts } from './attachments.ts'
import type { ReadDb } from './connection.ts'
import { mailboxName } from './mailboxList.ts'
import { sortTimeOf } from './rows.ts'
import type { IndexQueries } from './types.ts'

type Status = ReturnType<IndexQueries['status']>

const GAPS_TOLD = 1000 // of all mailboxes together; their number is in the mailbox list

interface MailboxRow {
  id: number
  path: string
  delimiter: string
  epoch: number | null
  uidValidity: number | null
  present: number
  imported: number
  onServer: number | null
  stored: number
  /** Shown placements under the present UIDVALIDITY that are not gone. */
  live: number
  proven: number
  complete: number
  gapCount: number
  completeAsOf: number | null
}

export function createStatus(db: ReadDb): () => Status {
  const totals = db.prepare<[], Pick<Status, 'messages' | 'rawBytes' | 'unindexed' | 'unparsable'>>(
    'SELECT messages, raw_bytes AS rawBytes, unindexed, unparsable FROM totals',
  )
  const attachments = createAttachmentCounts(db)
  const first = db.prepare<[], number | null>('SELECT min(row) FROM messages').pluck()
  const last = db.prepare<[], number | null>('SELECT max(row) FROM messages').pluck()
  const lastCapture = db.prepare<[], number | null>('SELECT last_capture FROM head').pluck()
  const mailboxes = db.prepare<[], MailboxRow>(
    `SELECT m.mailbox AS id, m.path, m.delimiter, m.epoch, e.uid_validity AS uidValidity, m.present, m.present = 0 AND m.absent_since IS NULL AS imported, e.on_server AS onServer, m.messages AS stored, coalesce(e.live, 0) AS live, m.gone AS proven,
       coalesce(e.complete, 0) AS complete, m.gaps AS gapCount, e.complete_as_of AS completeAsOf FROM mailboxes m LEFT JOIN epochs e ON e.epoch = m.epoch ORDER BY m.mailbox`,
  )
  const gaps = db.prepare<[number], { epoch: number; uid: number; reason: string; lastTry: number; nextTry: number | null }>(
    'SELECT epoch, uid, code AS reason, at AS lastTry, next_try AS nextTry FROM gaps ORDER BY epoch, uid LIMIT ?',
  )

  return () => {
    const byEpoch = Map.groupBy(gaps.all(GAPS_TOLD), gap => gap.epoch)
    const timeOf = (row: number | null | undefined) => (row == null ? null : sortTimeOf(row))
    return {
      ...totals.get()!,
      ...attachments(),
      firstMessage: timeOf(first.get()),
      lastMessage: timeOf(last.get()),
      lastCapture: lastCapture.get() ?? null,
      indexBytes: Number(db.pragma('page_count', { simple: true })) * Number(db.pragma('page_size', { simple: true })),
      mailboxes: mailboxes.all().map(({ path, delimiter, imported, live, proven, complete, ...row }) => ({
        ...row,
        ...ledgerOf({ ...row, imported, live, proven, complete }),
        name: mailboxName(JSON.parse(path) as string[], delimiter),
        gaps: (row.epoch === null ? [] : (byEpoch.get(row.epoch) ?? [])).map(({ epoch: _, ...gap }) => gap),
      })),
    }
  }
}

type Counts = Pick<MailboxRow, 'present' | 'imported' | 'onServer' | 'stored' | 'live' | 'proven' | 'complete' | 'gapCount'>

/**
 * A mailbox that the server no longer lists has nothing on it. What was placed under an older UIDVALIDITY and not met again is not there either, as soon
 * as all is known of the present one.
 */
function ledgerOf({ present, imported, onServer, stored, live, proven, complete, gapCount }: Counts) {
  if (imported === 1) return { present: false, imported: true, onServer: null, gone: 0, missing: 0 }
  if (present === 0) return { present: false, onServer: 0, gone: stored, missing: 0 }
  return { present: true, gone: complete === 1 ? stored - live : proven, missing: Math.max(0, (onServer ?? live) - live - gapCount) }
}
