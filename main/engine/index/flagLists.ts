/** Flags come verbatim, and an archive knows few distinct lists of them: each is kept once and named by a number. */
import type { AnyDb, WriteDb } from './connection.ts'

export interface FlagList {
  flags: number
  seen: boolean
}

export interface FlagLists {
  /** The number of this list, given to it now if it is new. */
  of(list: readonly string[]): FlagList
  byNumber(flags: number): FlagList
  /** After a rollback: what was learnt in it does not hold. */
  forget(): void
}

export function createFlagLists(db: WriteDb): FlagLists {
  const find = db.prepare<[string], { flags: number; seen: number }>('SELECT flags, seen FROM flag_lists WHERE list = ?')
  const read = db.prepare<[number], { flags: number; seen: number }>('SELECT flags, seen FROM flag_lists WHERE flags = ?')
  const add = db.prepare<[string, number]>('INSERT INTO flag_lists (list, seen) VALUES (?, ?)')
  const byList = new Map<string, FlagList>()
  const byNumber = new Map<number, FlagList>()

  const remember = (key: string | null, flags: number, seen: boolean): FlagList => {
    const list = { flags, seen }
    if (key !== null) byList.set(key, list)
    byNumber.set(flags, list)
    return list
  }

  return {
    of: list => {
      const key = JSON.stringify(list)
      const known = byList.get(key)
      if (known) return known
      const found = find.get(key)
      if (found) return remember(key, found.flags, found.seen === 1)
      const seen = hasSeen(list)
      return remember(key, Number(add.run(key, seen ? 1 : 0).lastInsertRowid), seen)
    },
    byNumber: flags => byNumber.get(flags) ?? remember(null, flags, read.get(flags)?.seen === 1),
    forget: () => {
      byList.clear()
      byNumber.clear()
    },
  }
}

/** For readers: the lists themselves. */
export function createFlagReader(db: AnyDb): (flags: number) => string[] {
  const read = db.prepare<[number], string>('SELECT list FROM flag_lists WHERE flags = ?').pluck()
  const known = new Map<number, string[]>()
  return flags => {
    let list = known.get(flags)
    if (!list) {
      list = JSON.parse(read.get(flags) ?? '[]') as string[]
      known.set(flags, list)
    }
    return list
  }
}

// RFC 9051 2.3.2: system flags are case-insensitive, as are keywords.
const hasSeen = (list: readonly string[]): boolean => list.some(flag => flag.toLowerCase() === '\\seen')
