/** The cheaper ways to ask the full-text table find what the plain way finds. */
import { describe, expect, onTestFinished, test } from 'vitest'
import { createBeginnings } from '../../../main/engine/index/beginnings.ts'
import { openReadDb } from '../../../main/engine/index/connection.ts'
import { createMatches } from '../../../main/engine/index/matches.ts'
import { both, END, pieces, type Walk } from '../../../main/engine/index/walks.ts'
import { matchOf, type Wanted, type Words } from '../../../main/engine/index/wanted.ts'
import { tokens } from '../../../main/engine/search/normalise.ts'
import { type Random, randomOf } from '../../help/random.ts'
import { messageId, parsedOf } from './history.ts'
import { openTestIndex, parsedMap } from './openTestIndex.ts'
import { commitOf, inbox, placed } from './steps.ts'

/** Messages of these texts, read; number 1 on. */
function indexOf(texts: readonly { body: string; sender?: string }[]) {
  const { file, writer } = openTestIndex()
  writer.apply(commitOf(1, inbox()), [], new Map())
  const empty = { subject: '', sender: '', addressee: '', copied: '', body: '', names: '', marks: '' }
  const parsed = new Map(texts.map((text, i) => [messageId(i + 1), { ...parsedOf(i + 1), failure: null, fts: { ...empty, ...text } }]))
  writer.apply(
    commitOf(
      2,
      texts.map((_, i) => placed(i + 1)),
    ),
    [],
    parsed,
  )
  writer.flush()
  const db = openReadDb(file)
  onTestFinished(() => {
    db.close()
  })
  const find = db.prepare<[string], number>('SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid').pluck()
  return { db, find: (match: string) => (match === '' ? [] : find.all(match)) }
}

describe('words that begin with some letters', () => {
  const begun = 'a ab abc abcd abcde abcdef abə abz9 ab9 a1 20190 2019 2018x 201 2zł 2 жар жаро жаровня жа мəktub łódź przedsięwzięcie przed mailto'

  test('are found by any number of them, in a phrase too, in whatever script they go on', () => {
    const random = randomOf(3)
    const words = begun.split(' ').flatMap(tokens)
    const { db, find } = indexOf(Array.from({ length: 300 }, () => ({ body: text(random, words, 5), sender: text(random, words, 2) })))
    const beginnings = createBeginnings(db)
    for (const word of words)
      for (let length = 1; length <= [...word].length; length++) {
        const last = [...word].slice(0, length).join('')
        for (const before of [[], [random.pick(words)]])
          for (const columns of [undefined, ['sender'] as const]) {
            const asked: Words = { kind: 'words', tokens: [...before, last], prefix: true, ...(columns && { columns }) }
            expect(find(matchOf(asked, beginnings)!), JSON.stringify(asked)).toEqual(find(matchOf(asked)!))
          }
      }
    expect(matchOf({ kind: 'words', tokens: ['nowhere'], prefix: true }, beginnings)).toBe('')
  })

  test('are left to the table where they are too many to be named', () => {
    const { db, find } = indexOf(
      Array.from({ length: 30 }, (_, i) => ({ body: Array.from({ length: 10 }, (_, j) => `numbers${i * 10 + j}`).join(' ') })),
    )
    expect(createBeginnings(db)('number')).toBeNull()
    expect(find(matchOf({ kind: 'words', tokens: ['number'], prefix: true }, createBeginnings(db))!)).toHaveLength(30)
  })
})

test('a phrase of common words beside a rare word is looked for last, and found as ever', () => {
  const random = randomOf(8)
  const { db, find } = indexOf(
    Array.from({ length: 600 }, () => ({
      sender: `${random.pick(['anna', 'anna maria', 'jan'])} p${random.below(20)} example org`,
      body: `common ${random.below(30) === 0 ? 'rare' : ''} ${random.below(40) === 0 ? 'other' : ''}`,
    })),
  )
  const matches = createMatches(db, createBeginnings(db))
  for (let n = 0; n < 20; n++) {
    const person: Words = { kind: 'words', tokens: [`p${n}`, 'example', 'org'], columns: ['sender'] }
    const rare: Words = { kind: 'words', tokens: [random.pick(['rare', 'other'])] }
    for (const without of [[], [{ kind: 'words', tokens: ['maria'] } satisfies Words]]) {
      const wanted: Wanted = { kind: 'all', of: [rare, person], without }
      expect(matches.of(wanted)).not.toBe(matchOf(wanted))
      expect(find(matches.of(wanted)!), `p${n}`).toEqual(find(matchOf(wanted)!))
    }
  }
})

test('walks meet in the same rows, whether one of them is read on, jumps, or is asked row by row', () => {
  const random = randomOf(5)
  const last = 60_000
  let asked = 0
  for (let round = 0; round < 60; round++) {
    const dense = stepsOf(random, last, 1 + random.below(3))
    const sparse = stepsOf(random, last, 5 + random.below(3000))
    const stands = new Set(dense)
    const has = (step: number) => {
      asked++
      return stands.has(step)
    }
    const walk = both({
      walks: [walkOver(sparse, last), walkOver(dense, last, has)],
      without: [],
      tests: [],
      first: 0,
      last,
    })
    expect(all(walk)).toEqual(sparse.filter(step => stands.has(step)))
  }
  expect(asked).toBeGreaterThan(200)
})

test('a word in a folder is found where its message is now: moved, moved back, and under a new UIDVALIDITY', () => {
  const { writer, queries } = openTestIndex()
  const random = randomOf(12)
  writer.apply(commitOf(1, [...inbox(1, 1), ...inbox(2, 2), ...inbox(3, 3)]), [], new Map())
  const all = Array.from({ length: 80 }, (_, i) => i + 1)
  const at = (n: number) => 1 + (n % 2)
  const late = (n: number) => n % 9 === 0 // its text is read after everything else
  writer.apply(
    commitOf(
      2,
      all.map(n => placed(n, { epoch: at(n), uid: n })),
    ),
    [],
    new Map(all.filter(n => !late(n)).map(n => [messageId(n), parsedOf(n)])),
  )
  const places = new Map(all.map(n => [n, new Set([at(n)])]))
  let seq = 2
  for (let round = 0; round < 6; round++) {
    if (round % 2) writer.flush()
    const epoch = round < 3 ? round + 1 : 1 + random.below(3)
    const moved = all.filter(() => random.below(4) === 0)
    writer.apply(
      commitOf(
        ++seq,
        moved.map(n => placed(n, { epoch, uid: 1000 * (round + 1) + n })),
      ),
      [],
      new Map(),
    )
    for (const n of moved) places.get(n)!.add(epoch)
  }
  // Mailbox 1 begins anew, with half of its messages: the others stay where they were seen last.
  writer.apply(commitOf(++seq, [{ k: 'epoch', epoch: 9, mailbox: 1, uidValidity: 77 }]), [], new Map())
  const again = all.filter(n => places.get(n)!.has(1) && n % 3)
  writer.apply(
    commitOf(
      ++seq,
      again.map(n => placed(n, { epoch: 9, uid: n })),
    ),
    [],
    new Map(),
  )
  writer.setParsed(new Map(all.filter(late).map(n => [messageId(n), parsedOf(n)])))
  writer.flush()
  const ask = queries()
  for (const mailbox of [1, 2, 3])
    for (const word of ['alpha', 'report', 'invoice', '你']) {
      const wanted: Wanted = { kind: 'words', tokens: [word] }
      const everywhere = ask.search({ wanted, mailbox: null, from: null, limit: 100 }).rows.map(({ id }) => id)
      const here = ask.search({ wanted, mailbox, from: null, limit: 100 }).rows.map(({ id }) => id)
      const there = new Set<string>(all.filter(n => places.get(n)!.has(mailbox)).map(messageId))
      expect(here, `${word} in ${mailbox}`).toEqual(everywhere.filter(id => there.has(id)))
      expect(
        ask.count({ wanted: { kind: 'all', of: [wanted, { kind: 'in', mailboxes: [mailbox] }], without: [] }, mailbox: null, cap: 1000 }).count,
      ).toBe(here.length)
    }
})

const text = (random: Random, words: readonly string[], count: number) => Array.from({ length: count }, () => random.pick(words)).join(' ')
const stepsOf = (random: Random, last: number, gap: number) => {
  const steps: number[] = []
  for (let step = random.below(gap * 2); step <= last; step += 1 + random.below(gap * 2)) steps.push(step)
  return steps
}
const walkOver = (steps: readonly number[], last: number, stands?: (step: number) => boolean): Walk =>
  pieces((from, to, limit) => steps.filter(step => step >= from && step <= to).slice(0, limit), last, undefined, stands)
function all(walk: Walk): number[] {
  const steps: number[] = []
  for (let step = walk.seek(0); step !== END; step = walk.seek(step + 1)) steps.push(step)
  return steps
}

test('what a day brings is merged at rest, not while somebody waits for it', () => {
  const { file, writer } = openTestIndex()
  writer.apply(commitOf(1, inbox()), [], new Map())
  const db = openReadDb(file)
  onTestFinished(() => {
    db.close()
  })
  const segments = db.prepare('SELECT count(DISTINCT segid) FROM words_idx').pluck()
  for (const n of [1, 2, 3, 4]) {
    writer.apply(commitOf(1 + n, [placed(n)]), [], parsedMap([n]))
    writer.flush()
  }
  expect(segments.get()).toBe(4)
  while (writer.idle());
  expect(segments.get()).toBe(1)
})
