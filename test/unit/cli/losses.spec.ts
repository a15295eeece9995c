/** What the command line says of losses and problems. */
import { expect, test } from 'vitest'
import type { LossSummary } from '../../../main/contract/losses.ts'
import type { Problem } from '../../../main/contract/problems.ts'
import { aJob, anArchive, ID, play, type Stage } from './stage.ts'

const AT = Date.UTC(2026, 2, 1, 12)
const loss = (change: Partial<LossSummary> = {}): LossSummary => ({
  ...{ archive: ID, loss: 1, at: AT, cause: 'many', before: 100, messages: 60, returned: 0, answer: null, answeredAt: null },
  mailboxes: [{ id: 1, name: 'INBOX', messages: 60, before: 100, present: true }],
  ...change,
})
const problem = (change: Partial<Problem> = {}): Problem => ({
  ...{ archive: ID, key: 'missing 1', kind: 'missing', urgent: true, code: 'message-unavailable', what: 'INBOX', count: 3 },
  ...{ since: AT, doing: 'retry', next: null, solvedAt: null },
  ...change,
})

test('a loss is listed with where it was, and answered by its number; another number is an error', async () => {
  const answers: Stage['answers'] = {
    'archive.losses': () => ({ losses: [loss()], frozen: true }),
    'archive.answerLoss': () => ({ losses: [loss({ answer: 'intended' })], frozen: false }),
  }
  const listed = await play(['archive', 'losses', 'Work'], { answers })
  expect(listed.out).toMatch(/1 .*many +60 +100 +0 +open +INBOX\n\nThe archive is frozen/)
  const answered = await play(['archive', 'losses', 'Work', '--intended', '1'], { answers })
  expect(answered.calls.at(-1)).toMatchObject({ name: 'archive.answerLoss', input: { loss: 1, answer: 'intended' } })
  expect((await play(['archive', 'losses', 'Work', '--seen', '7'], { answers })).code).toBe(3)
  expect((await play(['archive', 'losses', 'Work', '--seen', '1', '--intended', '1'], { answers })).code).toBe(2)
})

test('the messages of a loss are listed, and not together with a mailbox', async () => {
  const answers: Stage['answers'] = {
    'archive.losses': () => ({ losses: [loss()], frozen: true }),
    'message.window': () => ({ rows: [], before: false, after: false }),
  }
  const { calls } = await play(['list', 'Work', '--gone-in', '1'], { answers })
  expect(calls.at(-1)?.input).toMatchObject({ mailbox: null, loss: 1 })
  expect((await play(['list', 'Work', '--gone-in', '1', '--mailbox', 'INBOX'], { answers })).code).toBe(2)
  expect((await play(['list', 'Work', '--gone-in', 'x'], { answers })).code).toBe(2)
})

test('a sync says a loss until it is answered, and exits with 1 until then', async () => {
  const answers = (answer: LossSummary['answer']): Stage['answers'] => ({
    'job.capture': () => aJob(),
    'job.wait': () => aJob(),
    'archive.losses': () => ({ losses: [loss({ answer })], frozen: true }),
  })
  const open = await play(['sync', 'Work'], { answers: answers(null) })
  expect([open.code, open.out]).toEqual([
    1,
    expect.stringMatching(
      /60 of 100 messages disappeared from the server \(INBOX\)[\s\S]*list "Work" --gone-in 1[\s\S]*restore "Work" --gone-in 1[\s\S]*--intended 1/,
    ),
  ])
  const seen = await play(['sync', 'Work'], { answers: answers('seen') })
  expect([seen.code, seen.out.includes('disappeared')]).toEqual([0, false])
})

test('problems are listed with since when, what is done and how they end; exit code 1 while one wants a person', async () => {
  const answers: Stage['answers'] = { 'archive.status': () => ({ archive: anArchive() }) as never }
  const values = { problems: [problem(), problem({ key: 'loss 1', kind: 'loss', urgent: false, code: null, count: 60, doing: 'person' })] }
  const { code, out } = await play(['archive', 'problems', 'Work'], { answers, values })
  expect(code).toBe(1)
  expect(out).toMatch(/! 3 messages of INBOX could not be had \(message-unavailable\) .*tried again +when they were captured/)
  expect(out).toMatch(/60 messages disappeared from the server \(INBOX\) .*waits for you +when it was intended/)
  const none = await play(['archive', 'problems'], { answers, values: { problems: [] } })
  expect([none.code, none.out]).toEqual([0, 'No problems.\n'])
})

test('what could not be had is tried again at once, and what is left is said', async () => {
  const box = (gapCount: number) => ({ archive: anArchive(), mailboxes: [{ gapCount }] }) as never
  const answers = (left: number): Stage['answers'] => ({
    'archive.retryGaps': () => aJob(),
    'job.wait': () => aJob(),
    'archive.status': () => box(left),
  })
  expect(await play(['archive', 'retry', 'Work'], { answers: answers(2) })).toMatchObject({ code: 1, out: 'Work: 2 messages could not be had\n' })
  expect(await play(['archive', 'retry', 'Work'], { answers: answers(0) })).toMatchObject({ code: 0, out: 'Work: nothing is missing any more\n' })
})
