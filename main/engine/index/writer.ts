/** The one connection that writes the index. */
import { AppError } from '../../contract/errors.ts'
import type { Commit } from '../log/types.ts'
import { createFacts } from './apply.ts'
import { createAttachmentWriter } from './attachments.ts'
import { type IndexFile, openWriteDb, type WriteDb } from './connection.ts'
import { createFlagLists } from './flagLists.ts'
import { asIndexError } from './indexError.ts'
import { createMaintenance } from './maintenance.ts'
import { createMatchQuestions } from './matchQuestions.ts'
import { createMessages, type Totals } from './messages.ts'
import { createOrders } from './orders.ts'
import { createPlacedLater } from './placedLater.ts'
import { createPlacements } from './placements.ts'
import { bytesOf, idOf } from './rows.ts'
import { prepareSchema } from './schema.ts'
import { createStretches } from './stretches.ts'
import { createTextBuffer } from './textBuffer.ts'
import { createThreads } from './threads.ts'
import type { IndexHead, IndexWriter, StoredRecord } from './types.ts'
import { createWriterQuestions } from './writerQuestions.ts'

export interface WriterOptions {
  /**
   * Commits of the log are gathered into one transaction of so many messages: while mail pours in, the random pages of a hundred commits are
   * written once instead of a hundred times. What is gathered is seen by readers after `flush` or `idle`, and after a crash the log brings it back.
   */
  messagesPerTransaction?: number
}

/**
 * Opens the index for writing, or makes a new one. Throws index-damaged where the key is another one, or the file is damaged or of another
 * schema: the caller deletes it (with -wal and -shm) and builds it again from the log. Also disk-full, read-only, runtime-too-old.
 */
export function openIndexWriter(file: IndexFile, options: WriterOptions = {}): IndexWriter {
  const db = openWriteDb(file)
  try {
    prepareSchema(db)
    return createWriter(db, options.messagesPerTransaction ?? 1)
  } catch (error) {
    db.close()
    throw asIndexError(error, file.path)
  }
}

/** A settling this long holds up the thread by some 30 ms. */
const ORDERS_AT_ONCE = 250

function createWriter(db: WriteDb, messagesPerTransaction: number): IndexWriter {
  const totals: Totals = { messages: 0, rawBytes: 0, unindexed: 0, unparsable: 0 }
  const texts = createTextBuffer(db)
  const stretches = createStretches(db)
  const orders = createOrders(db, createThreads(db), messagesPerTransaction > 1)
  const flags = createFlagLists(db)
  const placements = createPlacements(db, stretches, orders)
  const attachments = createAttachmentWriter(db, texts)
  const placedLater = createPlacedLater(db)
  const messages = createMessages({ db, texts, attachments, stretches, orders, placedLater, totals })
  const facts = createFacts({ db, messages, placements, placedLater, flags })
  const maintenance = createMaintenance(db)
  const questions = createWriterQuestions(db, texts)

  const putRecord = db.prepare(
    `INSERT INTO records (id, segment, offset, length) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET segment = excluded.segment, offset = excluded.offset, length = excluded.length`,
  )
  const addTotals = db.prepare(
    'UPDATE totals SET messages = messages + ?, raw_bytes = raw_bytes + ?, unindexed = unindexed + ?, unparsable = unparsable + ?',
  )
  const setHead = db.prepare('UPDATE head SET seq = ?, commit_id = ?, segment = ?, offset = ?')

  let head = readHead(db)
  let skippedTo = 0
  let gathered = 0
  let taken = 0

  const writeTexts = () => {
    totals.unindexed -= texts.write()
  }
  const clearTotals = () => Object.assign(totals, { messages: 0, rawBytes: 0, unindexed: 0, unparsable: 0 })

  /** One transaction; if it fails, everything in memory is as it was before it too. */
  const change = <T>(time: number, work: () => T): T => {
    const restore = texts.snapshot()
    try {
      if (messagesPerTransaction > 1 && !db.inTransaction) db.exec('BEGIN IMMEDIATE')
      // Inside a transaction that gathers, this is a savepoint.
      return db
        .transaction(() => {
          const result = work()
          placements.write(time)
          stretches.write()
          if (totals.messages || totals.rawBytes || totals.unindexed || totals.unparsable)
            addTotals.run(totals.messages, totals.rawBytes, totals.unindexed, totals.unparsable)
          return result
        })
        .immediate()
    } catch (error) {
      restore()
      for (const part of [stretches, orders, flags, placements, facts]) part.forget()
      throw asIndexError(error)
    } finally {
      clearTotals()
    }
  }

  /** Ends the transaction that gathers. If that fails, nothing of it happened: the caller opens the index again, and the log brings it up to date. */
  const settle = () => {
    gathered = 0
    if (!db.inTransaction) return
    try {
      db.exec('COMMIT')
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK')
      throw new AppError('index-damaged', `a transaction could not be ended: ${String(error)}`, { cause: error })
    }
  }

  const apply: IndexWriter['apply'] = (commit, records, parsed) => {
    const expected = Math.max(head.commit?.seq ?? 0, skippedTo - 1) + 1
    if (commit.seq !== expected)
      throw new AppError('index-damaged', `commit ${commit.seq} cannot follow ${expected - 1}`, { facts: { expected, found: commit.seq } })
    const next = headAfter(commit)
    change(commit.time, () => {
      for (const record of records) savePlace(record)
      facts.apply(commit, parsed)
      if (texts.isFull) writeTexts()
      if (orders.waiting > 2 * ORDERS_AT_ONCE) orders.settle(ORDERS_AT_ONCE)
      setHead.run(commit.seq, bytesOf(commit.id), next.position!.segment, next.position!.offset)
    })
    head = next
    taken++
    gathered += commit.facts.length
    if (gathered >= messagesPerTransaction) settle()
  }

  // The last one met: a repair appends a whole record again behind a damaged one.
  const savePlace = ({ id, place }: StoredRecord) => putRecord.run(bytesOf(id), place.segment, place.offset, place.length)

  const publish = () => {
    if (texts.size > 0) change(0, writeTexts)
    settle()
  }
  const flush = () => {
    while (orders.waiting > 0) change(0, () => orders.settle(ORDERS_AT_ONCE))
    publish()
  }

  return {
    get head() {
      return head
    },
    get taken() {
      return taken
    },
    apply,
    skipTo: seq => {
      skippedTo = seq
    },
    adopt: (records, standIns, time) => {
      change(time, () => {
        for (const record of records) savePlace(record)
        facts.apply({ facts: standIns, time }, new Map())
      })
    },
    setParsed: parsed => {
      change(0, () => {
        for (const [id, message] of parsed) {
          const row = messages.rowOf(id)
          if (row !== null) messages.fill(row, message)
          if (texts.isFull) writeTexts()
        }
      })
      taken += parsed.size
      gathered += parsed.size
      if (gathered >= messagesPerTransaction) settle()
    },
    setAttached: found => {
      change(0, () => {
        for (const one of found) {
          const row = messages.rowOf(one.id)
          if (row !== null) messages.setAttached(row, one)
          if (texts.isFull) writeTexts()
        }
      })
      gathered += found.length
      if (gathered >= messagesPerTransaction) settle()
    },
    pendingAttachments: attachments.pendingAttachments,
    publish,
    flush,
    idle: () => {
      if (texts.size > 0 || orders.waiting > 0 || db.inTransaction) {
        flush()
        return true
      }
      texts.rests()
      return maintenance.step()
    },
    ...questions,
    ...createMatchQuestions(db),
    close: () => {
      if (!db.open) return
      try {
        flush()
      } finally {
        db.close()
      }
    },
  }
}

function headAfter({ id, seq, place }: Commit): IndexHead {
  return { commit: { id, seq }, position: { segment: place.segment, offset: place.offset + place.length } }
}

function readHead(db: WriteDb): IndexHead {
  const row = db
    .prepare<[], { seq: number; commit_id: Buffer | null; segment: number; offset: number }>('SELECT seq, commit_id, segment, offset FROM head')
    .get()
  if (!row?.commit_id) return { commit: null, position: null }
  return { commit: { id: idOf(row.commit_id), seq: row.seq }, position: { segment: row.segment, offset: row.offset } }
}
