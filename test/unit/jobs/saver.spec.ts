/** How much of a message is read when it is stored, and how much later: by how far the pool is behind, and by how much is to come. */
import { expect, test } from 'vitest'
import { createSaver, type SaverOptions } from '../../../main/engine/jobs/capture/saver.ts'
import type { PrepareOptions } from '../../../main/engine/jobs/pool/types.ts'
import type { ArchiveStore } from '../../../main/engine/jobs/types.ts'

const MB = 1024 * 1024

/** Hands over messages of `bytes` to a pool that never answers, and tells what of each was to wait. */
function handed(count: number, bytes: number, options: Partial<SaverOptions>, more = {}): PrepareOptions['later'][] {
  const asked: PrepareOptions['later'][] = []
  const prepare = (_: Uint8Array[], { later }: PrepareOptions) => {
    asked.push(later)
    return new Promise(() => {})
  }
  const saver = createSaver({ pool: { prepare } } as unknown as ArchiveStore, { onSaved: () => {}, expected: () => 20_000, dated: true, ...options })
  for (let i = 0; i < count; i++) void saver.messages([new Uint8Array(bytes)], () => [], more)
  return asked
}

test('where the pool keeps step, which is seen after three times, all of it is read at once', async () => {
  const asked: PrepareOptions['later'][] = []
  const prepare = async (_: Uint8Array[], { later }: PrepareOptions) => {
    asked.push(later)
    return []
  }
  const store = { pool: { prepare }, save: async () => {} } as unknown as ArchiveStore
  const saver = createSaver(store, { onSaved: () => {}, expected: () => 20_000, dated: true })
  for (let i = 0; i < 5; i++) {
    await saver.messages([new Uint8Array(MB)], () => [])
    await saver.drained()
  }
  expect(asked).toEqual(['text', 'text', undefined, undefined, undefined])
})

test('a server that is silent for a moment does not make the pool read what it has just left for later', async () => {
  const asked: PrepareOptions['later'][] = []
  const answers: ((prepared: never[]) => void)[] = []
  const prepare = (_: Uint8Array[], { later }: PrepareOptions) => {
    asked.push(later)
    return new Promise<never[]>(answer => answers.push(answer))
  }
  const store = { pool: { prepare }, save: async () => {} } as unknown as ArchiveStore
  const saver = createSaver(store, { onSaved: () => {}, expected: () => 20_000, dated: true })
  const hand = (megabytes: number) =>
    saver.messages(
      Array.from({ length: megabytes * 20 }, () => new Uint8Array(MB / 20)),
      () => [],
    )
  const answered = async () => {
    for (const answer of answers.splice(0)) answer([])
    await saver.drained()
  }
  for (let i = 0; i < 3; i++) void hand(2)
  await answered()
  void hand(1)
  await answered()
  void hand(1)
  await answered()
  void hand(1)
  expect(asked).toEqual(['text', 'text', 'all', 'all', 'all', undefined])
  await answered()
})

test.each<[string, number, Partial<SaverOptions>, PrepareOptions['later']]>([
  ['a first capture of some thousand', MB / 20, {}, 'all'],
  ['a day’s mail, which is read as it is stored', MB / 20, { expected: () => 900 }, undefined],
  ['a large mailbox, whose rows nobody wants to see empty for minutes', MB / 20, { expected: () => 30_000 }, 'text'],
  ['as many, and so large that it takes as long', MB / 5, {}, 'text'],
  ['messages of which only their headers say when they came', MB / 20, { dated: false }, 'text'],
])('once it is behind: %s', (_, bytes, options, later) => {
  const asked = handed(Math.ceil((3 * MB) / bytes), bytes, options)
  expect(asked.at(-1)).toBe(later)
  expect(asked[0]).toBe(later && 'text')
})

test('the newest of a mailbox have their headers read, however far it is behind: a list shows them first', () => {
  expect(handed(60, MB / 20, {}, { newest: true }).at(-1)).toBe('text')
  expect(handed(60, MB / 20, { expected: () => 900 }, { newest: true }).at(-1)).toBe(undefined)
})

test('what of a run was left is decided anew with each batch: a mailbox may turn out to be longer', () => {
  let expected = 20_000
  const asked = handed(80, MB / 20, { expected: () => (expected += 500) })
  expect(asked).toContain('all')
  expect(asked.at(-1)).toBe('text')
})
