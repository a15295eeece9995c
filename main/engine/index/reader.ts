/** Read-only questions to the index, synchronous; readerThread.ts runs them beside the engine's thread. */
import { createAttachmentQueries } from './attachments.ts'
import { createBeginnings } from './beginnings.ts'
import type { IndexFile, ReadDb } from './connection.ts'
import { openReadDb } from './connection.ts'
import { createConversation } from './conversation.ts'
import { createDaySums } from './days.ts'
import { createExplain } from './explain.ts'
import { createFind } from './find.ts'
import { createHeads } from './heads.ts'
import { asIndexError } from './indexError.ts'
import { createKept } from './kept.ts'
import { createLossQueries } from './losses.ts'
import { createMailboxList } from './mailboxList.ts'
import { createMatches } from './matches.ts'
import { createMonths } from './months.ts'
import { createOneMessage } from './oneMessage.ts'
import { createPeople } from './people.ts'
import { idOf, sortTimeOf } from './rows.ts'
import { checkSchema } from './schema.ts'
import { createSearchWalks } from './searchWalks.ts'
import { createStatus } from './status.ts'
import { createSummaries } from './summaries.ts'
import { createTrouble } from './trouble.ts'
import type { IndexQueries } from './types.ts'
import { createWalk, createWindows, type Walk } from './windows.ts'

export interface IndexReaderFile extends IndexFile {
  /** Written into every summary. */
  archive?: string
}

/** Throws index-damaged where the file is missing, damaged, of another schema, or the key is another one. */
export function openIndexQueries(file: IndexReaderFile): IndexQueries & { close(): void } {
  const db = openReadDb(file)
  try {
    checkSchema(db)
    return { ...guarded(db, questions(db, file.archive ?? '')), close: () => db.close() }
  } catch (error) {
    db.close()
    throw asIndexError(error, file.path)
  }
}

function questions(db: ReadDb, archive: string): IndexQueries {
  const summarise = createSummaries(db, archive)
  const walk = createWalk(db)
  const beginnings = createBeginnings(db)
  const matches = createMatches(db, beginnings)
  const walksOf = createSearchWalks(db, matches)
  const { window: lost, ...lossQueries } = createLossQueries(db)
  return {
    mailboxes: createMailboxList(db),
    ...createAttachmentQueries(db),
    ...createWindows(db, walk, summarise, lost, createHeads(db)),
    ...createMonths(db, walksOf),
    ...createOneMessage(db, summarise),
    conversation: createConversation(db, summarise),
    exportPage: createExportPage(db, walk),
    ...createFind(db, summarise, matches, walksOf),
    explain: createExplain(db, beginnings),
    people: createPeople(db, beginnings),
    lastProven: createLastProven(db),
    ...createKept(db),
    ...lossQueries,
    daySums: createDaySums(db),
    trouble: createTrouble(db, lossQueries.losses),
    status: createStatus(db),
  }
}

/** Each question sees one state of the index, whatever the writer does meanwhile. */
function guarded(db: ReadDb, queries: IndexQueries): IndexQueries {
  const begin = db.prepare('BEGIN')
  const end = db.prepare('COMMIT')
  const guard = (ask: (...args: never[]) => unknown) =>
    ((...args: never[]) => {
      begin.run()
      try {
        return ask(...args)
      } catch (error) {
        throw asIndexError(error)
      } finally {
        if (db.inTransaction) end.run()
      }
    }) as never
  return Object.fromEntries(Object.entries(queries).map(([name, ask]) => [name, guard(ask)])) as unknown as IndexQueries
}

function createLastProven(db: ReadDb): IndexQueries['lastProven'] {
  const read = db.prepare<[], number | null>('SELECT last_proven FROM head').pluck()
  return () => read.get() ?? null
}

function createExportPage(db: ReadDb, walk: Walk): IndexQueries['exportPage'] {
  const read = db.prepare<[number], { id: Buffer; subject: string }>('SELECT id, subject FROM messages WHERE row = ?')
  return ({ mailbox, from, limit }) => {
    const listed = walk.older(mailbox, from, limit + 1)
    return {
      rows: listed.slice(0, limit).map(cursor => {
        const { id, subject } = read.get(cursor.row)!
        return { id: idOf(id), cursor, subject, sortTime: sortTimeOf(cursor.row) }
      }),
      more: listed.length > limit,
    }
  }
}
