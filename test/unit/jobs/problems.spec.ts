/** The standing list: what is on it, since when, and what ends it. */
import { expect, test } from 'vitest'
import type { ErrorCode } from '../../../main/contract/errors.ts'
import type { Problem } from '../../../main/contract/problems.ts'
import type { ArchiveSummary, Job } from '../../../main/contract/types.ts'
import { findProblems, type Sight } from '../../../main/engine/jobs/problems/find.ts'
import { mergeProblems } from '../../../main/engine/jobs/problems/merge.ts'

const ID = 'a'.repeat(32)
const HOUR = 3_600_000
const NOW = Date.parse('2026-03-01T12:00:00Z')

const archive = (more: Partial<ArchiveSummary> = {}): ArchiveSummary => ({
  ...{ id: ID, name: 'Anna', dir: '/mail', state: 'open', writable: true, recoveryConfirmed: true, demo: false, watch: true, lastProven: NOW },
  ...more,
})
const job = (more: Partial<Job> = {}): Job => ({
  ...{
    id: 'j',
    kind: 'watch',
    archive: ID,
    state: 'running',
    pause: null,
    failures: [],
    startedAt: NOW - HOUR,
    endedAt: null,
    result: { rounds: 1 },
  },
  progress: { phase: 'watching', done: 0, total: null, bytesDone: 0, bytesTotal: null, rate: 0, byteRate: 0, secondsLeft: null, current: '' },
  outcomes: { added: 0, unchanged: 0, failed: 0 },
  ...more,
})
const error = (code: ErrorCode, facts = {}) => ({ code, message: 'x', facts })
const clean = { gaps: [], losses: [] }

/** What stands after each of these sights, one after the other. */
function follow(...sights: (Partial<Sight> & { at: number })[]): Problem[][] {
  let known: Problem[] = []
  return sights.map(({ at, ...sight }) => {
    known = mergeProblems(ID, known, findProblems({ archive: archive({ lastProven: at }), jobs: [], ledger: clean, now: at, ...sight }), at)
    return known
  })
}
const standing = (problems: readonly Problem[]) => problems.filter(({ solvedAt }) => solvedAt === null).map(({ key }) => key)

test('a mailbox that could not be read stays on the list through failures of the network and a restart, and ends when it was read', () => {
  const failures = [
    { what: 'Old/2009', error: error('mailbox-unavailable') },
    { what: 'INBOX UID 7', error: error('server-refused') },
  ]
  const bad = job({ failures, outcomes: { added: 0, unchanged: 0, failed: 1 } })
  const offline = job({ state: 'paused', pause: { reason: 'offline', until: NOW + HOUR }, error: error('offline') })
  const [first, second, third, fourth] = follow(
    { at: NOW, jobs: [bad] },
    { at: NOW + 1, jobs: [offline] },
    { at: NOW + 2, jobs: [] },
    { at: NOW + 3, jobs: [job({ result: { rounds: 2 } })] },
  )
  expect(standing(first!)).toEqual(['mailbox Old/2009'])
  expect(standing(second!).sort()).toEqual(['capture', 'mailbox Old/2009'])
  expect(second!.find(({ key }) => key === 'capture')).toMatchObject({ kind: 'network', urgent: false, doing: 'retry', next: NOW + HOUR })
  expect(standing(third!).sort()).toEqual(['capture', 'mailbox Old/2009'])
  expect(fourth).toMatchObject([{ key: 'mailbox Old/2009', since: NOW, solvedAt: NOW + 3 }])
})

test('a refused account is urgent, waits for a person, and is the same problem for as long as it lasts', () => {
  const refused = job({ state: 'paused', pause: { reason: 'account', until: null }, error: error('auth-failed') })
  const [first, later] = follow({ at: NOW, jobs: [refused] }, { at: NOW + HOUR, jobs: [refused] })
  expect(first).toMatchObject([{ kind: 'account', urgent: true, doing: 'person', code: 'auth-failed', since: NOW }])
  expect(later).toMatchObject([{ since: NOW }])
})

test('messages that could not be had are counted by mailbox and reason, until they are had; what is left out by wish is none', () => {
  const gap = { mailbox: 4, name: 'INBOX', code: 'message-unavailable', count: 3, next: NOW + HOUR }
  const [first, second] = follow({ at: NOW, ledger: { gaps: [gap, { ...gap, code: 'over-size-limit' }], losses: [] } }, { at: NOW + 1 })
  expect(first).toMatchObject([{ kind: 'missing', what: 'INBOX', count: 3, next: NOW + HOUR, doing: 'retry' }])
  expect(standing(second!)).toEqual([])
  expect(second).toMatchObject([{ kind: 'missing', solvedAt: NOW + 1 }])
})

test('a closed archive says nothing of its ledger: what stood goes on standing', () => {
  const gap = { mailbox: 4, name: 'INBOX', code: 'message-unavailable', count: 3, next: null }
  const [, second] = follow({ at: NOW, ledger: { gaps: [gap], losses: [] } }, { at: NOW + 1, ledger: null, archive: archive({ state: 'closed' }) })
  expect(standing(second!)).toEqual(['missing 4 message-unavailable'])
})

test('a loss is urgent until a person has seen it, and stands until it was intended or undone', () => {
  const loss = (answer: 'seen' | 'intended' | null) => ({
    ...{ loss: 1, at: NOW, cause: 'many' as const, before: 100, messages: 60, returned: 0, answer, answeredAt: null },
    mailboxes: [{ id: 1, name: 'INBOX', messages: 60, before: 100, present: true }],
  })
  const [first, second, third] = follow(
    ...[null, 'seen' as const, 'intended' as const].map((answer, n) => ({ at: NOW + n, ledger: { gaps: [], losses: [loss(answer)] } })),
  )
  expect([first, second]).toMatchObject([[{ urgent: true, count: 60, what: 'INBOX' }], [{ urgent: false, since: NOW }]])
  expect(standing(third!)).toEqual([])
})

test('damage ends with a whole check that finds none, not with a quick one', () => {
  const check = (failed: number, full: boolean) =>
    job({ kind: 'verify', state: 'done', endedAt: NOW, outcomes: { added: 0, unchanged: 0, failed }, result: { full } })
  const [first, second, third] = follow(
    { at: NOW, jobs: [check(2, true)] },
    { at: NOW + 1, jobs: [check(0, false)] },
    { at: NOW + 2, jobs: [check(0, true)] },
  )
  expect([standing(first!), standing(second!), standing(third!)]).toEqual([['damage'], ['damage'], []])
})

test('an export that failed stands until one of its kind is done', () => {
  const out = (state: 'failed' | 'done', endedAt: number) =>
    job({ kind: 'export', state, endedAt, ...(state === 'failed' && { error: error('disk-full') }) })
  const [first, second] = follow({ at: NOW, jobs: [out('failed', NOW)] }, { at: NOW + 1, jobs: [out('failed', NOW), out('done', NOW + 1)] })
  expect(first).toMatchObject([{ kind: 'job', what: 'export', code: 'disk-full', urgent: false }])
  expect(standing(second!)).toEqual([])
})

test('an export that would only have counted is no problem when it fails, and solves none when it does not', () => {
  const failed = { kind: 'export', state: 'failed', error: error('not-found') } as const
  const counted = job({ ...failed, endedAt: NOW, result: { dryRun: true } })
  const real = job({ ...failed, endedAt: NOW + 1 })
  const [first, second, third] = follow(
    { at: NOW, jobs: [counted] },
    { at: NOW + 1, jobs: [real, counted] },
    { at: NOW + 2, jobs: [job({ kind: 'export', state: 'done', endedAt: NOW + 2, result: { dryRun: true } }), real, counted] },
  )
  expect(first).toEqual([])
  expect(standing(second!)).toEqual(standing(third!))
  expect(third).toMatchObject([{ kind: 'job', what: 'export', code: 'not-found' }])
})

test('nothing proven complete for a day is a problem, unless a person has paused it, or something else says why', () => {
  const stale = { archive: archive({ lastProven: NOW - 25 * HOUR }), ledger: clean }
  const one = (jobs: Job[]) => standing(follow({ at: NOW, ...stale, jobs })[0]!)
  expect(one([job()])).toEqual(['stale'])
  expect(one([job({ state: 'paused', pause: { reason: 'person', until: null } })])).toEqual([])
  expect(one([job({ state: 'paused', pause: { reason: 'offline', until: null }, error: error('offline') })])).toEqual(['capture', 'stale'])
  expect(one([job({ state: 'paused', pause: { reason: 'account', until: null }, error: error('auth-failed') })])).toEqual(['capture'])
})

test('a mailbox that is never shown as a whole, Gmail over POP3, is no problem while it is looked at', () => {
  const account = { protocol: 'pop3', host: 'pop.gmail.com', port: 995, security: 'tls', user: 'anna' } as const
  const standsAfter = (lastRound: number, host: string = account.host) => {
    const jobs = [job({ startedAt: NOW - 50 * HOUR, result: { rounds: 9, lastRound } })]
    return standing(follow({ at: NOW, archive: archive({ lastProven: null, account: { ...account, host } }), ledger: clean, jobs })[0]!)
  }
  expect(standsAfter(NOW - HOUR)).toEqual([])
  expect(standsAfter(NOW - 25 * HOUR)).toEqual(['stale'])
  expect(standsAfter(NOW - HOUR, 'pop.example.org')).toEqual(['stale'])
})

test('what a person wished is no problem: a day budget, a battery, a pause', () => {
  const waiting = job({ state: 'paused', pause: { reason: 'day-budget', until: NOW + HOUR }, error: error('day-budget') })
  expect(follow({ at: NOW, jobs: [waiting] })).toEqual([[]])
})

test.each([
  ['auth-failed', 'account', true],
  ['tls-untrusted', 'account', true],
  ['disk-full', 'disk', true],
  ['destination-missing', 'place', true],
  ['record-damaged', 'other', true],
  ['internal', 'other', true],
  ['offline', 'network', false],
  ['connection-refused', 'network', false],
  ['server-unavailable', 'server', false],
  ['server-throttled', 'server', false],
] as const)('%s is a problem of the kind %s, urgent: %s, also while it is tried again', (code, kind, urgent) => {
  for (const change of [{ state: 'paused' as const, pause: { reason: 'problem' as const, until: NOW + 1 } }, {}])
    expect(follow({ at: NOW, jobs: [job({ error: error(code), ...change })] })[0]).toMatchObject([{ key: 'capture', kind, urgent }])
})

test('a copy that is damaged, or was not brought up to date for a month, is a problem until it is; a drive in a drawer is none before', () => {
  const DAY = 24 * HOUR
  const seen = (safeAsOf: number | null, damaged = 0, archiveDamaged = 0) => ({
    archive: archive({ lastProven: NOW, watch: false, copies: [{ id: 'c', since: NOW - 40 * DAY, safeAsOf, damaged, archiveDamaged }] }),
  })
  const kinds = follow(
    { at: NOW, ...seen(NOW - 29 * DAY) },
    { at: NOW, ...seen(NOW - 31 * DAY) },
    { at: NOW, ...seen(null) },
    { at: NOW, ...seen(NOW, 2) },
    { at: NOW, ...seen(NOW, 0, 3) },
    { at: NOW, ...seen(NOW) },
  ).map(problems => problems.filter(({ solvedAt }) => solvedAt === null).map(({ kind, urgent }) => [kind, urgent]))
  expect(kinds).toEqual([[], [['copyOld', true]], [['copyOld', true]], [['copyDamaged', true]], [['damage', true]], []])
})
