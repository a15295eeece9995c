/** What is in a message is found, however it is typed; and whatever is found, the reason can be pointed at. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openIndexQueries } from '../../main/engine/index/reader.ts'
import type { IndexQueries } from '../../main/engine/index/types.ts'
import { openIndexWriter } from '../../main/engine/index/writer.ts'
import { parseMessage } from '../../main/engine/jobs/pool/parsed.ts'
import type { RecordId } from '../../main/engine/log/types.ts'
import { rangesOf } from '../../main/engine/search/highlight.ts'
import { plan } from '../../main/engine/search/plan.ts'
import { readQuery } from '../../main/engine/search/query.ts'
import { askedWords, reasonsOf } from '../../main/engine/search/reasons.ts'
import { corpusOf, languages } from '../help/recallCorpus.ts'
import { corpusMail } from '../help/recallMail.ts'
import { messageId } from '../unit/index/history.ts'
import { commitOf, inbox, placed } from '../unit/index/steps.ts'

const NOW = Date.UTC(2025, 0, 15, 12)
const corpus = Object.entries(languages).flatMap(([language, source]) => corpusOf(source).map(message => ({ ...message, language })))
const keyOf = new Map<string, string>(corpus.map(({ key }, i) => [messageId(i + 1), key]))

/** Every message that names a query must be found by it, and no other. */
const labels = new Map<string, Set<string>>()
for (const { key, queries } of corpus) for (const query of queries) labels.set(query, (labels.get(query) ?? new Set()).add(key))

const dir = mkdtempSync(join(tmpdir(), 'mailcoffer-recall-'))
const file = { path: join(dir, 'index.db'), key: new Uint8Array(32).fill(3) }
let queries: IndexQueries & { close(): void }

beforeAll(() => {
  const writer = openIndexWriter(file)
  const facts = corpus.map((message, i) => placed(i + 1, { internalDate: Date.parse(`${message.date}T10:00:00`) / 1000, size: 1000 + i }))
  const parsed = new Map(corpus.map((message, i) => [messageId(i + 1), parseMessage(corpusMail(message, i))]))
  writer.apply(commitOf(1, [...inbox(), ...facts]), [], parsed)
  writer.close()
  queries = openIndexQueries(file)
})
afterAll(() => {
  queries.close()
  rmSync(dir, { recursive: true, force: true })
})

const tree = (query: string) => readQuery(query, { now: NOW, locale: 'en-GB' })
const found = (query: string): RecordId[] => {
  const wanted = plan(tree(query)!, { name: 'Work', user: 'me', mailboxes: queries.mailboxes() })
  return queries.search({ wanted, mailbox: null, from: null, limit: 100 }).rows.map(({ id }) => id as RecordId)
}

test('the corpus has at least 400 pairs of a query and its answers, in six languages and more', () => {
  expect(corpus.reduce((sum, message) => sum + message.queries.length, 0)).toBeGreaterThanOrEqual(400)
  for (const language of ['Polish', 'Chinese', 'Japanese', 'German', 'English', 'Russian'])
    expect(corpus.filter(message => message.language === language).flatMap(message => message.queries).length).toBeGreaterThanOrEqual(50)
})

describe.each(Object.keys(languages))('%s', language => {
  const asked = [...new Set(corpus.filter(message => message.language === language).flatMap(message => message.queries))]
  test.each(asked)('%s', query => {
    expect(
      found(query)
        .map(id => keyOf.get(id))
        .sort(),
    ).toEqual([...labels.get(query)!].sort())
  })
})

test('of every hit it can be said where each word stands, and the words are marked there', () => {
  let hits = 0
  for (const query of labels.keys()) {
    const asked = askedWords(tree(query))
    const ids = found(query)
    const columns = queries.explain({ ids, words: asked.map(({ words }) => words) })
    ids.forEach((id, i) => {
      if (asked.length === 0) return // dates, types and the like: what they say is in the row
      hits++
      const reasons = reasonsOf(asked, columns[i]!)
      expect(reasons.length, `${query} in ${keyOf.get(id)}`).toBeGreaterThan(0)
      // Where one spelling or one side of an OR is there, the others need not be; without an OR, each word is.
      if (!query.includes(' OR '))
        for (const text of new Set(asked.map(one => one.text)))
          expect(
            reasons.some(({ words }) => words.includes(text)),
            `${text} of ${query} in ${keyOf.get(id)}`,
          ).toBe(true)
      const message = corpus.find(({ key }) => key === keyOf.get(id))!
      const shown: Record<string, string> = {
        subject: message.subject,
        from: message.from,
        to: message.to,
        body: message.text,
        filename: message.files.join(' '),
      }
      for (const { where } of reasons) {
        const phrases = asked.map(({ words }) => ({ tokens: words.tokens, prefix: words.prefix ?? false }))
        expect(rangesOf(shown[where]!, phrases), `${query} in the ${where} of ${keyOf.get(id)}`).not.toEqual([])
      }
    })
  }
  expect(hits).toBeGreaterThan(400)
})
