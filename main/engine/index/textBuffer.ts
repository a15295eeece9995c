/**
 * Texts on their way into the full-text table. FTS5 gathers words in memory and writes them out as one segment at the end of a transaction, and
 * also whenever a row id is not greater than the one before; many small segments are then merged again and again. So texts wait here
 * until there are enough of them and go in together, in the order of the table. Until then their rows stand in `unindexed`: after a crash they
 * are parsed again.
 */
import type { WriteDb } from './connection.ts'
import { everyMark } from './marks.ts'
import { turned } from './rows.ts'
import type { FtsText } from './types.ts'

// One write holds up the engine's thread, by about 0.2 ms a text. A savepoint, and every statement that might fail half-way, makes FTS5 write what
// it has gathered as a segment: so it is the number of texts here, and not the length of the transaction, that tells how often segments
// are merged. 500 at a time cost a quarter less CPU than 100; 2,000 no less than 500. Where writing goes on, half of 500 holds 14 MB less, and a first capture
// was not slower for it by more than the machine's noise; a day's mail goes in at once, a fifth sooner than in two halves.
const AT_FIRST = { texts: 500, characters: 2 * 1024 * 1024 }
const GOING_ON = { texts: 250, characters: 1024 * 1024 }
/**
 * The first segments after a rest stay as they are until the next one: merging along with them doubles the time of a day's mail, while somebody waits for it.
 * Where writing goes on, FTS5 merges as it goes: 8 segments at a time costs 15 % less than 4, and less than 16.
 */
const LEFT_ALONE = 4
const MERGED_ALONG = 8

export interface TextBuffer {
  put(row: number, fts: FtsText): void
  has(row: number): boolean
  readonly size: number
  /** Takes a text out, because its message gets another row. */
  take(row: number): FtsText | undefined
  readonly isFull: boolean
  /** Inside a transaction. Answers how many of those it wrote stood in `unindexed`. */
  write(): number
  /** Nothing is written now: the table is being tidied up. */
  rests(): void
  /** For a rollback: what was in the buffer before. */
  snapshot(): () => void
}

export function createTextBuffer(db: WriteDb): TextBuffer {
  // REPLACE: the text may stand in the table from an earlier parse.
  const insert = db.prepare<[number, string, string, string, string, string, string, string, string]>(
    `INSERT OR REPLACE INTO words (rowid, subject, sender, addressee, copied, body, names, text, marks) VALUES (${turned('?')}, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const done = db.prepare<[number]>('DELETE FROM unindexed WHERE row = ?')
  const attachmentsDone = db.prepare<[number]>('DELETE FROM attachments_waiting WHERE row = ?')
  // A number of JavaScript is bound as a REAL, which FTS5 refuses.
  const merge = db.prepare<[number]>("INSERT INTO words (words, rank) VALUES ('automerge', CAST(? AS INTEGER))")
  let texts = new Map<number, FtsText>()
  let characters = 0
  let segments = 0 // since the last rest
  let merging = -1 // what FTS5 was told; not known

  const mergeAlong = (most: number) => {
    if (most !== merging) merge.run(most)
    merging = most
  }

  const take = (row: number) => {
    const fts = texts.get(row)
    if (fts) {
      texts.delete(row)
      characters -= lengthOf(fts)
    }
    return fts
  }

  return {
    put: (row, fts) => {
      take(row)
      texts.set(row, fts)
      characters += lengthOf(fts)
    },
    has: row => texts.has(row),
    get size() {
      return texts.size
    },
    take,
    get isFull() {
      const most = segments === 0 ? AT_FIRST : GOING_ON
      return texts.size >= most.texts || characters >= most.characters
    },
    write: () => {
      mergeAlong(segments++ < LEFT_ALONE ? 0 : MERGED_ALONG)
      const rows = [...texts.keys()].sort((a, b) => b - a)
      let newlyThere = 0
      for (const row of rows) {
        const { subject, sender, addressee, copied, body, names, text, marks } = texts.get(row)!
        insert.run(row, subject, sender, addressee, copied, body, names, text ?? '', marks || everyMark)
        newlyThere += done.run(row).changes
        if (text !== undefined) attachmentsDone.run(row)
      }
      texts = new Map()
      characters = 0
      return newlyThere
    },
    rests: () => {
      segments = 0
    },
    snapshot: () => {
      const before = new Map(texts)
      const count = characters
      return () => {
        texts = before
        characters = count
        merging = -1
      }
    },
  }
}

const lengthOf = (fts: FtsText): number => Object.values(fts).reduce((sum: number, text: string | undefined) => sum + (text?.length ?? 0), 64)
