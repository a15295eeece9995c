import { describe, expect, test } from 'vitest'
import type { Job } from '../../../main/contract/types.ts'
import { inOrder } from '../../../renderer/jobs/inOrder.ts'
import { fractionOf, lastNotice, progressLine, stateLine } from '../../../renderer/jobs/jobText.ts'
import { textFor } from '../../../renderer/text/text.ts'

const english = textFor('en')

const job = (change: Partial<Job> = {}, progress: Partial<Job['progress']> = {}): Job => ({
  id: 'j',
  kind: 'capture',
  archive: null,
  state: 'running',
  pause: null,
  progress: {
    phase: 'fetching',
    done: 0,
    total: null,
    bytesDone: 0,
    bytesTotal: null,
    rate: 0,
    byteRate: 0,
    secondsLeft: null,
    current: '',
    ...progress,
  },
  outcomes: { added: 0, unchanged: 0, failed: 0 },
  failures: [],
  startedAt: 0,
  endedAt: null,
  result: {},
  ...change,
})

describe('a job in words', () => {
  test('says how far, how fast and how long', () => {
    const running = job({}, { done: 12_480, total: 48_210, rate: 812.4, byteRate: 41e6, secondsLeft: 43, current: 'INBOX' })
    expect(progressLine(running, english)).toBe('12,480 of 48,210 · 812/s · 41 MB/s · 43 sec left')
    expect(stateLine(running, english)).toBe('Fetching · Inbox')
  })

  test('says nothing that is not known yet', () => {
    expect(progressLine(job(), english)).toBe('')
    expect(fractionOf(job())).toBeNull()
  })

  test('never claims more than all', () => {
    expect(fractionOf(job({}, { done: 120, total: 100 }))).toBe(1)
    expect(fractionOf(job({}, { done: 5, total: 10, bytesDone: 1, bytesTotal: 4 }))).toBe(0.25)
  })

  test('says in plain words why it waits, and until when', () => {
    const until = new Date(2026, 0, 1, 14, 5).getTime()
    const paused = job({ state: 'paused', pause: { reason: 'server-busy', until } })
    expect(stateLine(paused, english)).toMatch(/the server asked to wait\. It goes on at (Jan 1, 2026, )?2:05.PM\./)
    expect(stateLine(job({ state: 'paused', pause: { reason: 'person', until: null } }), english)).toBe('Paused. It goes on when you say so.')
  })

  test('ends with what came of it, problems included', () => {
    const done = { state: 'done', endedAt: 1 } as const
    expect(stateLine(job({ ...done, outcomes: { added: 1, unchanged: 9, failed: 0 } }), english)).toBe('1 new message')
    expect(stateLine(job({ ...done, outcomes: { added: 0, unchanged: 9, failed: 2 } }), english)).toBe('Nothing new · 2 problems')
    expect(stateLine(job({ ...done, kind: 'verify', result: { messages: 3, bytes: 2000 } }), english)).toMatch(/^All good: 3 messages, 2 kB/)
    expect(stateLine(job({ ...done, kind: 'verify', outcomes: { added: 0, unchanged: 0, failed: 1 } }), english)).toMatch(/^Damage was found/)
  })
})

test('what a capture noticed stands in the overview, though another job came after it', () => {
  const emptied = job({ kind: 'watch', result: { notice: 'pop3-emptied' } })
  expect(lastNotice([job({ kind: 'verify' }), emptied], english)).toMatch(/^The mailbox on the server is empty now/)
  expect(lastNotice([job({ kind: 'verify', result: { notice: 'pop3-emptied' } }), job()], english)).toBe('')
})

describe('jobs in the panel', () => {
  const ids = (jobs: readonly Job[]) => inOrder(jobs).map(({ id }) => id)
  const attachments = job({ id: 'attachments', kind: 'attachments', archive: 'a' })

  test('what reads attachments stands below the mail that it waits for, and all others where they are', () => {
    const others = [
      job({ id: 'export', kind: 'export', archive: 'a' }),
      job({ id: 'capture', archive: 'a' }),
      job({ id: 'old', archive: 'a', endedAt: 1 }),
    ]
    expect(ids([attachments, ...others])).toEqual(['export', 'capture', 'attachments', 'old'])
    expect(ids([...others.slice(0, 2), attachments, others[2]!])).toEqual(['export', 'capture', 'attachments', 'old'])
  })

  test('it stands where it began when no mail comes in, or only into another archive', () => {
    const done = job({ id: 'capture', archive: 'a', endedAt: 1 })
    const elsewhere = job({ id: 'elsewhere', archive: 'b' })
    const watch = job({ id: 'watch', kind: 'watch', archive: 'a' }, { phase: 'watching' })
    expect(ids([attachments, done, elsewhere, watch])).toEqual(['attachments', 'capture', 'elsewhere', 'watch'])
    expect(ids([{ ...attachments, endedAt: 1 }, job({ id: 'capture', archive: 'a' })])).toEqual(['attachments', 'capture'])
  })
})
