import { expect, test } from 'vitest'
import type { EngineClient } from '../../../main/contract/contract.ts'
import { createAskAhead } from '../../../renderer/search/askAhead.ts'
import { type Asked, askedKey, searchSource } from '../../../renderer/search/searchSource.ts'

const asked = (query: string): Asked => ({ archives: ['a'], query, mailbox: null, locale: 'en' })

/** Answers with the query, and remembers what was asked and given up. */
function fakeEngine() {
  const questions: { query: string; limit: number; signal: AbortSignal }[] = []
  const engine = {
    call: async (_name: string, { query, limit }: { query: string; limit: number }, { signal }: { signal: AbortSignal }) => {
      questions.push({ query, limit, signal })
      return { rows: [], before: false, after: false, query }
    },
  } as unknown as EngineClient
  return { engine, questions }
}

test('the first rows of a search are asked for once, by whoever is first', async () => {
  const { engine, questions } = fakeEngine()
  const ahead = createAskAhead(engine)
  ahead.begin(asked('tea'))
  const begun = ahead.take(askedKey(asked('tea')))
  const source = searchSource(engine, asked('tea'), () => 0, new AbortController().signal, begun)
  expect(await source.after(null, 20)).toMatchObject({ query: 'tea' })
  expect(questions).toHaveLength(1)
  // Asked for again when the archive has changed.
  await source.after(null, 20)
  expect(questions).toHaveLength(2)
})

test('what is typed next ends the questions before it; the same once more does not', () => {
  const { engine, questions } = fakeEngine()
  const ahead = createAskAhead(engine)
  ahead.begin(asked('tea'))
  ahead.begin(asked('tea'))
  expect(questions).toHaveLength(1)
  ahead.begin(asked('tea p'))
  expect(questions.map(({ query, signal }) => [query, signal.aborted])).toEqual([
    ['tea', true],
    ['tea p', false],
  ])
  expect(ahead.take(askedKey(asked('tea')))).toBeNull()
  ahead.begin(asked(' '))
  expect(questions[1]!.signal.aborted).toBe(true)
  expect(questions).toHaveLength(2)
})

test('a list that shows more rows than most has them asked for with the next letter', async () => {
  const { engine, questions } = fakeEngine()
  const ahead = createAskAhead(engine)
  ahead.begin(asked('t'))
  await ahead.take(askedKey(asked('t')))!.first(90)
  ahead.begin(asked('te'))
  expect(questions[1]!.limit).toBe(90)
})
