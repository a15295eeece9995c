import { copyFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type Database from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { AppError } from '../../../main/contract/errors.ts'
import { checkIndex } from '../../../main/engine/index/check.ts'
import { openReadDb, openWriteDb } from '../../../main/engine/index/connection.ts'
import { dumpIndex, hashIndex } from '../../../main/engine/index/dump.ts'
import { openIndexQueries } from '../../../main/engine/index/reader.ts'
import { loadSqlite } from '../../../main/engine/index/sqlite.ts'
import type { ParsedMessage } from '../../../main/engine/index/types.ts'
import { openIndexWriter } from '../../../main/engine/index/writer.ts'
import type { Fact } from '../../../main/engine/log/facts.ts'
import type { RecordId } from '../../../main/engine/log/types.ts'
import { wantedBy } from '../../help/wanted.ts'
import { history, messageId, parsedOf } from './history.ts'
import { applyAll, openTestIndex, parsedMap, testFile } from './openTestIndex.ts'
import { commitOf, inbox, placed } from './steps.ts'

const steps = history(77, 12, 14)

describe('commits', () => {
  test('are applied once and in order: the same one again, or one too far, is refused and changes nothing', () => {
    const { writer, file } = openTestIndex()
    applyAll(writer, steps.slice(0, 5))
    writer.flush()
    const before = hashIndex(file)
    for (const at of [0, 4, 6]) expect(codeOf(() => writer.apply(steps[at]!.commit, steps[at]!.records, new Map()))).toBe('index-damaged')
    expect(hashIndex(file)).toBe(before)
    applyAll(writer, steps.slice(5))
    expect(writer.head.commit).toEqual({ id: steps.at(-1)!.commit.id, seq: 12 })
  })

  test('are remembered: an index that is opened again knows where the scan of the log goes on', () => {
    const first = openTestIndex()
    expect(first.writer.head).toEqual({ commit: null, position: null })
    applyAll(first.writer, steps)
    first.writer.close()
    const { commit } = steps.at(-1)!
    const { writer } = openTestIndex(first.file)
    expect(writer.head).toEqual({ commit: { id: commit.id, seq: 12 }, position: { segment: 1, offset: commit.place.offset + commit.place.length } })
  })

  test('lost to damage can be skipped, and what comes after them is found', () => {
    const { writer, queries } = openTestIndex()
    writer.skipTo(3)
    expect(codeOf(() => writer.apply(commitOf(2, []), [], new Map()))).toBe('index-damaged')
    // The commit that said which mailbox this epoch and this mailbox are is gone.
    writer.apply(
      commitOf(3, [placed(1, { epoch: 7 }), { k: 'epoch', epoch: 8, mailbox: 4, uidValidity: 1 }, placed(2, { epoch: 8 })]),
      [],
      parsedMap([1, 2]),
    )
    writer.flush()
    expect(queries().window({ mailbox: null, from: null, direction: 'after', limit: 9 }).rows).toHaveLength(2)
    expect(queries().mailboxes()).toMatchObject([{ id: 4, present: false, messages: 1 }])
    expect(queries().placements(messageId(1))).toMatchObject([{ mailboxName: '', uid: 1 }])
    expect([writer.nextEpoch(), writer.nextMailbox()]).toEqual([9, 5])
  })

  test('that fail half-way leave the index as it was, and the right one can follow', () => {
    const { writer, queries } = openTestIndex()
    applyAll(writer, steps)
    const wrong = commitOf(13, [
      ...inbox(90, 90),
      placed(4001, { epoch: 90 }),
      placed(4002, { epoch: 90, internalDate: null }),
      { k: 'gone', epoch: 90, uids: 'x' },
    ])
    expect(codeOf(() => writer.apply(wrong, [], parsedMap([4001, 4002])))).toBe('index-damaged')
    expect(writer.head.commit?.seq).toBe(12)
    writer.apply(commitOf(13, [...inbox(91, 91), placed(4003, { epoch: 91 })]), [], parsedMap([4003]))
    writer.flush()
    expect(queries().count({ wanted: wantedBy('n4001 OR n4002'), mailbox: null, cap: 9 }).count).toBe(0)
    expect(queries().count({ wanted: wantedBy('n4003'), mailbox: null, cap: 9 }).count).toBe(1)
    expect(queries().mailboxes().at(-1)).toMatchObject({ id: 91, messages: 1 })
    for (let ids = writer.pending(50); ids.length > 0; ids = writer.pending(50)) writer.setParsed(new Map(ids.map(id => [id, parsedOf(1)])))
  })

  test('may say things this program does not know yet', () => {
    const { writer } = openTestIndex()
    writer.apply(commitOf(1, [{ k: 'fromTheFuture', x: 1 } as unknown as Fact, { k: 'recovered', segment: 1, whole: 1, length: 2 }]), [], new Map())
    expect(writer.head.commit?.seq).toBe(1)
  })
})

describe('texts', () => {
  test('that were only in memory when the process was killed are asked for again, and nothing else is missing', () => {
    const live = openTestIndex()
    live.writer.apply(commitOf(1, [...inbox(), placed(1), placed(2), placed(3)]), [], parsedMap([1, 2]))
    const crashed = testFile()
    for (const suffix of ['', '-wal']) if (existsSync(live.file.path + suffix)) copyFileSync(live.file.path + suffix, crashed.path + suffix)
    expect(live.writer.pending(9)).toEqual([messageId(3)])

    const { writer, queries } = openTestIndex(crashed)
    expect(writer.pending(9).sort()).toEqual([messageId(1), messageId(2), messageId(3)].sort())
    expect(
      queries()
        .window({ mailbox: 1, from: null, direction: 'after', limit: 9 })
        .rows.map(({ parse }) => parse),
    ).toEqual(['blank', 'ok', 'ok'])
    expect(queries().status().unindexed).toBe(3)
    writer.setParsed(parsedMap([1, 2, 3]))
    expect(writer.pending(9)).toEqual([])
    writer.flush()
    expect(queries().status().unindexed).toBe(0)
    for (const n of [1, 2, 3]) expect(queries().count({ wanted: wantedBy(`n${n}`), mailbox: null, cap: 9 }).count).toBe(1)
  })

  test('are findable after a flush, after idle, and after closing', () => {
    const { writer, queries, file } = openTestIndex()
    const found = () => queries().count({ wanted: wantedBy('n1 OR n2 OR n3'), mailbox: null, cap: 9 }).count
    writer.apply(commitOf(1, [...inbox(), placed(1)]), [], parsedMap([1]))
    expect(found()).toBe(0)
    writer.flush()
    expect(found()).toBe(1)
    writer.apply(commitOf(2, [placed(2)]), [], parsedMap([2]))
    while (writer.idle());
    expect(found()).toBe(2)
    writer.apply(commitOf(3, [placed(3)]), [], parsedMap([3]))
    writer.close()
    const { queries: later } = openTestIndex(file)
    expect(later().count({ wanted: wantedBy('n1 OR n2 OR n3'), mailbox: null, cap: 9 }).count).toBe(3)
  })

  test('of many messages go in by themselves', () => {
    const { writer, queries } = openTestIndex()
    const numbers = Array.from({ length: 640 }, (_, i) => i + 1)
    writer.apply(commitOf(1, inbox()), [], new Map())
    for (let i = 0; i < 8; i++) {
      const batch = numbers.slice(i * 80, i * 80 + 80)
      writer.apply(
        commitOf(
          i + 2,
          batch.map(n => placed(n)),
        ),
        [],
        parsedMap(batch),
      )
    }
    // Some wait for more company, but by no means all.
    expect(queries().status().unindexed).toBeLessThan(100)
    expect(writer.pending(99)).toEqual([])
  })

  test('that are read later than the headers: until then the message is in the lists, counted and asked for', () => {
    const { writer, queries, file } = openTestIndex()
    const headers = { ...parsedOf(1), fts: null, snippet: '' }
    writer.apply(commitOf(1, [...inbox(), placed(1)]), [], new Map([[messageId(1), headers]]))
    writer.flush()
    const row = () => queries().window({ mailbox: 1, from: null, direction: 'after', limit: 9 }).rows[0]!
    expect(row()).toMatchObject({ subject: parsedOf(1).subject, parse: 'pending' })
    expect(queries().status().unindexed).toBe(1)
    expect(writer.pending(9)).toEqual([messageId(1)])
    writer.setParsed(parsedMap([1]))
    writer.flush()
    expect(row()).toMatchObject({ parse: 'ok', snippet: parsedOf(1).snippet })
    expect(queries().count({ wanted: wantedBy('n1'), mailbox: null, cap: 9 }).count).toBe(1)
    expect(writer.pending(9)).toEqual([])
    writer.close()
    const late = dumpIndex(file)
    const atOnce = openTestIndex()
    atOnce.writer.apply(commitOf(1, [...inbox(), placed(1)]), [], parsedMap([1]))
    atOnce.writer.close()
    expect(late).toEqual(dumpIndex(atOnce.file))
  })

  test('that could not be read are counted, found by what could be had, and may be read again', () => {
    const { writer, queries } = openTestIndex()
    writer.apply(commitOf(1, [...inbox(), placed(1)]), [], new Map([[messageId(1), { ...parsedOf(1), failure: 'parse-timeout' } as ParsedMessage]]))
    writer.flush()
    expect(queries().status()).toMatchObject({ unparsable: 1, unindexed: 0 })
    expect(queries().message(messageId(1))?.parse).toBe('failed')
    expect(queries().count({ wanted: wantedBy('n1'), mailbox: null, cap: 9 }).count).toBe(1)
    writer.setParsed(parsedMap([1]))
    writer.flush()
    expect(queries().status().unparsable).toBe(0)
    expect(queries().message(messageId(1))?.parse).toBe('ok')
  })

  test('of a message nobody placed are passed over', () => {
    const { writer } = openTestIndex()
    writer.setParsed(parsedMap([5]))
    expect(writer.pending(9)).toEqual([])
  })
})

describe('records', () => {
  const place = { segment: 3, offset: 256, length: 99 }
  const later = { segment: 4, offset: 256, length: 99 }
  const blob = 'b'.repeat(64) as RecordId

  test('are where the log last said', () => {
    const { writer, queries } = openTestIndex()
    expect([writer.has(blob), writer.place(blob)]).toEqual([false, null])
    writer.apply(
      commitOf(1, [...inbox(), placed(1)]),
      [
        { id: blob, place },
        { id: messageId(1), place },
      ],
      new Map(),
    )
    expect([writer.has(blob), writer.place(blob), queries().place(messageId(1))]).toEqual([true, place, place])
    writer.apply(commitOf(2, []), [{ id: messageId(1), place: later }], new Map())
    expect([writer.place(messageId(1)), writer.place(blob)]).toEqual([later, place])
    expect(queries().message(messageId(1))).not.toBeNull()
    expect(queries().idsByPrefix('bbbb')).toEqual([]) // a blob is no message
  })

  test('that damage took are not there, though their message is listed; a repair brings them back', () => {
    const { writer, queries } = openTestIndex()
    writer.apply(commitOf(1, [...inbox(), placed(1, { emailId: 'E1' })]), [], new Map())
    expect([writer.has(messageId(1)), writer.byEmailId('E1')]).toEqual([false, null])
    expect(queries().message(messageId(1))).toMatchObject({ parse: 'blank' })
    writer.apply(commitOf(2, []), [{ id: messageId(1), place }], new Map())
    expect(writer.has(messageId(1))).toBe(true)
    expect(writer.byEmailId('E1')).toEqual({ id: messageId(1), size: 100 })
    expect(writer.byEmailId('E2')).toBeNull()
  })
})

describe('the file', () => {
  const fill = () => {
    const file = testFile()
    const writer = openIndexWriter(file)
    applyAll(writer, steps)
    writer.close()
    return file
  }

  test('shows nothing of the mail without the key', () => {
    const file = testFile()
    const writer = openIndexWriter(file)
    applyAll(writer, steps)
    const plain = ['alpha', 'invoice', 'example.org', 'Person', 'INBOX', 'SQLite format', 'CREATE TABLE']
    const files = () =>
      ['', '-wal', '-shm'].filter(suffix => existsSync(file.path + suffix)).map(suffix => readFileSync(file.path + suffix).toString('latin1'))
    for (const text of files()) for (const word of plain) expect(text.includes(word), word).toBe(false)
    writer.close()
    for (const text of files()) for (const word of plain) expect(text.includes(word), word).toBe(false)
  })

  test('with another key is index-damaged, and stays as it is', () => {
    const file = fill()
    const before = readFileSync(file.path)
    const wrong = { ...file, key: new Uint8Array(32).fill(10) }
    expect(codeOf(() => openIndexWriter(wrong))).toBe('index-damaged')
    expect(codeOf(() => openIndexQueries(wrong))).toBe('index-damaged')
    expect(readFileSync(file.path).equals(before)).toBe(true)
    openIndexWriter(file).close()
  })

  test('with one byte changed, wherever it is, does not answer as if nothing were', () => {
    const file = fill()
    const answers = hashIndex(file)
    const sound = readFileSync(file.path)
    const pages = sound.length / 4096
    expect(Number.isInteger(pages)).toBe(true)
    for (let page = 0; page < pages; page++) {
      const broken = Buffer.from(sound)
      broken[page * 4096 + ((page * 997) % 4096)]! ^= 1
      writeFileSync(file.path, broken)
      const says = codeOf(() => [checkIndex(file), [...dumpIndex(file, { oneWordIn: 1 })], wholeFts(file)])
      // The first 16 bytes are a salt that a raw key has no use for: whatever they are, the answers are the same.
      if (page === 0 && says === null) expect(hashIndex(file)).toBe(answers)
      else expect(says, `page ${page}`).toBe('index-damaged')
    }
  })

  test('cut short is index-damaged, or so short that it is a new one', () => {
    const file = fill()
    const { length } = readFileSync(file.path)
    for (const size of [1, 100, 4095, 4096, length - 4096, length - 1]) {
      const copy = testFile()
      copyFileSync(file.path, copy.path)
      truncateSync(copy.path, size)
      const says = codeOf(() => {
        const writer = openIndexWriter(copy)
        const { commit } = writer.head
        writer.close()
        return commit ? [[...dumpIndex(copy, { oneWordIn: 1 })], wholeFts(copy)] : 'new'
      })
      if (size >= 4096) expect(says, `${size} bytes`).toBe('index-damaged')
      else expect(['index-damaged', null]).toContain(says)
    }
  })

  test('of another kind, or of another version of the schema, is index-damaged', () => {
    const text = testFile()
    writeFileSync(text.path, 'This is no database. '.repeat(1000))
    expect(codeOf(() => openIndexWriter(text))).toBe('index-damaged')

    const plain = testFile()
    const Sqlite = createRequire(import.meta.url)('better-sqlite3') as typeof Database
    new Sqlite(plain.path).exec('CREATE TABLE x (y)').close()
    expect(codeOf(() => openIndexWriter(plain))).toBe('index-damaged')

    const newer = fill()
    const db = openWriteDb(newer)
    db.pragma('user_version = 999')
    db.close()
    expect(codeOf(() => openIndexWriter(newer))).toBe('index-damaged')
    expect(codeOf(() => openIndexQueries(newer))).toBe('index-damaged')

    expect(codeOf(() => openIndexQueries(testFile()))).toBe('index-damaged')
  })

  test('is readable by its owner only', () => {
    const { mode } = createRequire(import.meta.url)('node:fs').statSync(fill().path) as { mode: number }
    if (process.platform !== 'win32') expect(mode & 0o077).toBe(0)
  })

  test('is opened with the same settings the second time as the first', () => {
    const file = testFile()
    for (const time of ['first', 'second', 'third']) {
      const db = openWriteDb(file)
      const settings = ['synchronous', 'journal_mode', 'temp_store', 'page_size', 'cache_size'].map(name => db.pragma(name, { simple: true }))
      expect(settings, time).toEqual([1, 'wal', 2, 4096, -12288])
      db.exec('CREATE TABLE IF NOT EXISTS t (x)')
      db.close()
    }
    const db = openReadDb(file)
    expect([db.pragma('temp_store', { simple: true }), db.readonly]).toEqual([2, true])
    db.close()
  })

  test('closes twice without harm', () => {
    const { writer } = openTestIndex()
    writer.close()
    writer.close()
  })
})

test('on a runtime that would crash, opening says what is needed instead', () => {
  for (const napi of ['9', '3', '']) expect(codeOf(() => loadSqlite(napi))).toBe('runtime-too-old')
  expect(codeOf(() => loadSqlite('10'))).toBeNull()
})

function codeOf(work: () => unknown): string | null {
  try {
    work()
    return null
  } catch (error) {
    if (error instanceof AppError) return error.code
    const code = (error as { code?: string }).code
    // checkIndex and dumpIndex are for tests and hand the driver's own error on.
    if (code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT_VTAB') return 'index-damaged'
    throw error
  }
}

/** Reads every page of the full-text table. */
function wholeFts(file: { path: string; key: Uint8Array }): void {
  const db = openReadDb(file)
  try {
    for (const table of ['words_data', 'words_idx', 'words_docsize', 'words_config', 'unindexed', 'records'])
      db.prepare(`SELECT * FROM ${table}`).all()
    for (const index of ['placements_listed', 'placements_of_message'])
      db.prepare(`SELECT count(row) FROM placements INDEXED BY ${index} WHERE shown = 1 AND row > -1 AND mailbox > -1`).get()
    db.pragma('integrity_check')
  } finally {
    db.close()
  }
}

describe('a writer that gathers', () => {
  const gathering = (file = testFile(), messagesPerTransaction = 1000) => {
    const writer = openIndexWriter(file, { messagesPerTransaction })
    onTestFinished(() => {
      writer.close()
      expect(checkIndex(file)).toEqual([])
    })
    return { file, writer }
  }
  const steps = history(11, 40)

  test('says in the end what one says that does not gather', () => {
    const one = openTestIndex()
    applyAll(one.writer, steps)
    one.writer.flush()
    const { file, writer } = gathering(testFile(), 30)
    applyAll(writer, steps)
    writer.flush()
    expect([...dumpIndex(file)]).toEqual([...dumpIndex(one.file)])
  })

  test('shows readers all or nothing of what it gathered, and all of it after idle', () => {
    const { file, writer } = gathering()
    applyAll(writer, steps)
    const reader = openIndexQueries({ ...file, archive: 'a'.repeat(32) })
    onTestFinished(() => reader.close())
    expect(reader.status().messages).toBe(0)
    writer.idle()
    expect(reader.status().messages).toBeGreaterThan(0)
  })

  test('after a crash it stands at an earlier commit and goes on from there', () => {
    const { file, writer } = gathering()
    applyAll(writer, steps.slice(0, 10))
    writer.flush()
    applyAll(writer, steps.slice(10, 20))
    // What a crash leaves: the files without the open transaction.
    const copy = testFile()
    for (const suffix of ['', '-wal']) copyFileSync(file.path + suffix, copy.path + suffix)
    const again = openTestIndex(copy)
    expect(again.writer.head.commit?.seq).toBe(steps[9]!.commit.seq)
    applyAll(again.writer, steps.slice(10))
    again.writer.flush()
    applyAll(writer, steps.slice(20))
    writer.flush()
    expect([...dumpIndex(copy)]).toEqual([...dumpIndex(file)])
  })
})
