/** How an account is captured, from the command line. */
import { expect, test } from 'vitest'
import { amount, moment } from '../../../main/cli/quantities.ts'
import { type CaptureState, usualRules } from '../../../main/contract/captureRules.ts'
import { anAccount, anArchive, ID, play } from './stage.ts'

const state = (change: Partial<CaptureState> = {}): CaptureState => ({
  rules: usualRules,
  provider: { id: 'gmail', name: 'Gmail', hints: ['app-password', 'part-over-pop3'] },
  connections: 3,
  bytesPerDay: 2e9,
  today: { bytes: 123e6, endsAt: Date.UTC(2026, 0, 2) },
  mailboxes: [
    { name: 'INBOX', role: 'inbox', messages: 3, subscribed: true, leftOut: false },
    { name: 'Spam', role: 'junk', messages: 4, subscribed: false, leftOut: false },
  ],
  refused: null,
  ...change,
})
const values = { archives: [anArchive({ account: anAccount })] }
const answers = {
  'account.rules': () => state(),
  'account.setRules': ({ change }: { change: object }) => state({ rules: { ...usualRules, ...change } }),
}
const run = (...argv: string[]) => play(['account', ...argv], { values, answers })

test('limits are shown with what the provider is known to allow, and what matters over this protocol', async () => {
  const { out, code } = await run('limits', 'Work')
  expect(code).toBe(0)
  expect(out).toMatch(/A day may bring {2,}2\.0 GB \(the provider\)/)
  expect(out).toMatch(/Used today {2,}123 MB/)
  expect(out).toMatch(/app password/)
  expect(out).not.toMatch(/Over POP3/)
})

test('what is named is changed, and nothing else', async () => {
  const { calls } = await run(
    'limits',
    'Work',
    '--largest',
    '25M',
    '--per-day',
    'none',
    '--speed',
    '1.5M',
    '--on-battery',
    'wait',
    '--connections',
    '2',
  )
  const change = { largestMessage: 25e6, bytesPerDay: null, bytesPerSecond: 1.5e6, waitOnBattery: true, connections: 2 }
  expect(calls.at(-1)).toEqual({ name: 'account.setRules', input: { archive: ID, change } })
})

test.each([
  ['limits', 'Work', '--largest', 'big'],
  ['limits', 'Work', '--speed', '5'],
  ['limits', 'Work', '--connections', '9'],
  ['limits', 'Work', '--on-battery', 'perhaps'],
  ['leave-out', 'Work', 'kind:nonsense'],
  ['pause', 'Work', '--resume', 'soon'],
  ['take-in', 'Work'],
])('account %s %s %s %s is wrong usage, seen before anything is opened', async (...argv) => {
  const { code, calls } = await run(...argv.filter(word => word !== undefined))
  expect(code).toBe(2)
  expect(calls).toEqual([])
})

test('leaving out says what it costs and does nothing, and does it with --yes', async () => {
  const told = await run('leave-out', 'Work', 'kind:junk', 'News/*')
  expect(told.out).toMatch(/is not kept\. If it is deleted on the server, it is lost/)
  expect(told.out).toMatch(/Nothing was changed/)
  expect(told.calls.map(({ name }) => name)).not.toContain('account.setRules')
  const done = await run('leave-out', 'Work', 'kind:junk', 'News/*', '--yes')
  expect(done.calls.at(-1)!.input).toEqual({ archive: ID, change: { leaveOutRoles: ['junk'], leaveOutNames: ['News/*'] } })
})

test('taking in what was never left out says so', async () => {
  const { code, err } = await run('take-in', 'Work', 'Newsletters')
  expect(code).toBe(3)
  expect(err).toMatch(/Newsletters/)
})

test('a pause has an end and a note, and is ended', async () => {
  const paused = await run('pause', 'Work', '--resume', '3d', '--note', 'moving house')
  expect(paused.calls.at(-1)!.input).toMatchObject({ change: { hold: { reason: 'moving house', until: expect.any(Number) } } })
  expect((await run('resume', 'Work')).calls.at(-1)!.input).toEqual({ archive: ID, change: { hold: null } })
})

test('sizes and times are read as people write them', () => {
  expect([amount('largest', '25M', 1), amount('largest', '1.5g', 1), amount('largest', '500kB', 1), amount('largest', 'none', 1)]).toEqual([
    25e6,
    1.5e9,
    500e3,
    null,
  ])
  expect(moment('resume', '12h', 1000)).toBe(1000 + 12 * 3_600_000)
  expect(moment('resume', '2999-01-01', 0)).toBe(new Date(2999, 0, 1).getTime())
  expect(() => moment('resume', '1999-01-01', Date.UTC(2026, 0))).toThrow(/over/)
})
