/**
 * Texts on their way into the full-text table. FTS5 gathers words in memory and writes them out as one segment at the end of a transaction, and
 * also whenever a row id is not greater than the one before; many small segments are then merged again and again. So texts wait here
 * until there are enough of them and go in together, in the order of their rows. Until then their rows stand in `unindexed`: after a crash they
 * are parsed again.
 */
import type { WriteDb } from './connection.ts'
import type { ParsedMessage } from './types.ts'

// One write holds up the engine's thread. Measured on 20,000 to 60,000 messages with 1.1 KB of text: writing 100, 200 or 300 texts at a time costs the
// same CPU within 5 %, so a full batch of capture (100 messages) goes in at once, and only single new messages wait. automerge 8 (schema.ts)
// costs 15 % less than 4, and less than 16.
const TEXTS = 100
const CHARACTERS = 512 * 1024

/** A token that stands in every message and that no one can type: "everything but …" needs something to take away from. */
export const EVERY = '\ue000'

export interface TextBuffer {
  put(row: number, fts: ParsedMessage['fts']): void
  has(row: number): boolean
  readonly size: number
  /** Takes a text out, because its message gets another row. */
  take(row: number): ParsedMessage['fts'] | undefined
  readonly isFull: boolean
  /** Inside a transaction. Answers how many were written. */
  write(): number
  /** For a rollback: what was in the buffer before. */
  snapshot(): () => void
}

export function createTextBuffer(db: WriteDb): TextBuffer {
  // REPLACE: the text may stand in the table from an earlier parse.
  const insert = db.prepare<[number, string, string, string, string, string]>(
    'INSERT OR REPLACE INTO words (rowid, subject, people, body, names, text) VALUES (CAST(? AS INTEGER), ?, ?, ?, ?, ?)',
  )
  const done = db.prepare<[number]>('DELETE FROM unindexed WHERE row = ?')
  let texts = new Map<number, ParsedMessage['fts']>()
  let characters = 0

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
      return texts.size >= TEXTS || characters >= CHARACTERS
    },
    write: () => {
      const rows = [...texts.keys()].sort((a, b) => a - b)
      for (const row of rows) {
        const { subject, people, body, names } = texts.get(row)!
        insert.run(row, subject, people, body, names, EVERY)
        done.run(row)
      }
      texts = new Map()
      characters = 0
      return rows.length
    },
    snapshot: () => {
      const before = new Map(texts)
      const count = characters
      return () => {
        texts = before
        characters = count
      }
    },
  }
}

const lengthOf = ({ subject, people, body, names }: ParsedMessage['fts']): number => subject.length + people.length + body.length + names.length + 64
