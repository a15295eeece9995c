import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { CallName, WatchName } from '../../../main/contract/contract.ts'
import type { ErrorCode } from '../../../main/contract/errors.ts'
import type { Problem, ProblemKind } from '../../../main/contract/problems.ts'
import type { ArchiveSummary, Job } from '../../../main/contract/types.ts'
import { createBackground } from '../../../main/shell/background.ts'
import { createLoginItem, desktopEntry } from '../../../main/shell/loginItem.ts'
import { standingOf, type Told } from '../../../main/shell/standing.ts'
import { shellText } from '../../../main/shell/text.ts'
import { createWeekly } from '../../../main/shell/weekly.ts'
import { aJob, anAccount, anArchive } from '../cli/stage.ts'

const NOW = Date.UTC(2026, 0, 2, 14, 10)
const HOUR = 3_600_000
const other = 'ef'.repeat(16)

const work = (change: Partial<ArchiveSummary> = {}) => anArchive({ account: anAccount, watch: true, lastProven: NOW - 60_000, ...change })
const watch = (change: Partial<Job> = {}): Job =>
  aJob({
    id: 'w',
    kind: 'watch',
    state: 'running',
    endedAt: null,
    startedAt: NOW - HOUR,
    progress: { ...aJob().progress, phase: 'watching' },
    ...change,
  })
const failing = (code: ErrorCode, change: Partial<Job> = {}) => watch({ error: { code, message: 'x', facts: {} }, ...change })

const problem = (kind: ProblemKind, change: Partial<Problem> = {}): Problem => ({
  ...{ archive: work().id, key: kind, kind, urgent: true, code: null, what: '', count: 0, since: NOW, doing: 'retry', next: null, solvedAt: null },
  ...change,
})

describe('how everything stands together', () => {
  const stateOf = (archives: ArchiveSummary[], jobs: Job[], problems: Problem[] = []) => standingOf(archives, jobs, problems).state

  test('is nothing where no archive is watched', () => {
    expect(stateOf([], [])).toBe('none')
    expect(stateOf([work({ watch: false }), work({ demo: true })], [])).toBe('none')
  })

  test('is proven since the oldest of the proofs', () => {
    const standing = standingOf([work(), work({ id: other, lastProven: NOW - HOUR })], [watch(), watch({ archive: other })], [])
    expect(standing).toMatchObject({ state: 'proven', lastProven: NOW - HOUR, problems: [] })
    expect(standingOf([work(), work({ id: other, lastProven: null })], [watch()], []).lastProven).toBeNull()
  })

  test('says what goes on', () => {
    expect(stateOf([work()], [watch({ progress: { ...aJob().progress, phase: 'fetching' } })])).toBe('capturing')
    expect(stateOf([work()], [watch({ state: 'paused', pause: { reason: 'person', until: null } })])).toBe('paused')
    expect(stateOf([work()], [failing('connection-lost', { state: 'paused', pause: { reason: 'offline', until: NOW } })])).toBe('waiting')
  })

  test('asks for attention as long as an urgent problem stands, whatever the watch is at; what passes by itself is no news', () => {
    expect(standingOf([work()], [watch()], [problem('account')])).toMatchObject({
      state: 'attention',
      problems: [{ name: 'Work', problem: { kind: 'account' } }],
    })
    expect(stateOf([work()], [watch()], [problem('network', { urgent: false })])).toBe('proven')
    expect(stateOf([work()], [watch()], [problem('missing', { archive: other })])).toBe('proven')
  })

  test('the newest watch of an archive speaks for it', () => {
    const old = failing('auth-failed', { id: 'old', state: 'cancelled', startedAt: NOW - 2 * HOUR, endedAt: NOW })
    expect(stateOf([work()], [old, watch()])).toBe('proven')
    expect(stateOf([work()], [watch(), old])).toBe('proven')
  })
})

/** The app without its window, on an engine of values. */
function begin({ withTray = true } = {}) {
  const listeners: Partial<Record<WatchName, (value: never) => void>> = {}
  const calls: { name: CallName; input: unknown }[] = []
  const shown: string[] = []
  const told: Told[] = []
  let wanted = true
  const background = createBackground({
    client: {
      call: async (name, input) => {
        calls.push({ name, input })
        return undefined as never
      },
      watch: (name, _input, onValue) => {
        listeners[name] = onValue as never
        return () => {}
      },
    },
    tray: () => (withTray ? { show: ({ state }) => shown.push(state), remove: () => shown.push('-') } : null),
    text: () => shellText.en,
    wanted: () => wanted,
    tell: one => told.push(one),
  })
  const say = (archives: ArchiveSummary[], jobs: Job[], problems: Problem[] = []) => {
    listeners.archives?.(archives as never)
    listeners.jobs?.(jobs as never)
    listeners.problems?.(problems as never)
  }
  return { background, say, calls, shown, told, want: (value: boolean) => (wanted = value) }
}

describe('without its window', () => {
  test('the app stays in the tray while something is watched, and ends where nothing is or nobody wants it', () => {
    const { background, say, want } = begin()
    expect(background.afterWindow()).toBe('quit')
    say([work()], [watch()])
    expect(background.afterWindow()).toBe('tray')
    want(false)
    expect(background.afterWindow()).toBe('quit')
  })

  test('it becomes small where no tray would show it', () => {
    const { background, say } = begin({ withTray: false })
    say([work()], [watch()])
    expect(background.afterWindow()).toBe('minimise')
  })

  test('the tray follows, and goes when the profile is locked', () => {
    const { say, shown } = begin()
    say([work()], [watch()])
    say([work()], [watch()], [problem('account')])
    say([], [])
    expect([...new Set(shown)]).toEqual(['proven', 'attention', '-'])
    expect(shown.at(-1)).toBe('-')
  })

  test('a problem is told of once, however often it is tried again, and again only when it had been solved', () => {
    const { say, told } = begin()
    const refused = problem('account')
    for (const problems of [[], [refused], [{ ...refused, next: NOW }], [refused]]) say([work()], [watch()], problems)
    const kinds = () => told.map(({ problem: { kind } }) => kind)
    expect(kinds()).toEqual(['account'])
    say([work()], [watch()], [problem('missing', { key: 'missing 1' }), problem('missing', { key: 'missing 2' })])
    expect(kinds()).toEqual(['account', 'missing'])
    say([work()], [watch()])
    say([work()], [watch()], [refused, problem('loss', { key: 'loss 1' }), problem('loss', { key: 'loss 2' })])
    expect(kinds()).toEqual(['account', 'missing', 'account', 'loss', 'loss'])
  })

  test('from the tray everything watched is captured, paused and resumed', () => {
    const { background, say, calls } = begin()
    say([work(), work({ id: other }), work({ id: 'ab'.repeat(8), watch: false })], [watch(), watch({ id: 'v', archive: other })])
    background.captureAll()
    background.pauseAll(true)
    background.pauseAll(false)
    expect(calls).toEqual([
      { name: 'job.capture', input: { archive: work().id } },
      { name: 'job.capture', input: { archive: other } },
      { name: 'job.pause', input: { job: 'w' } },
      { name: 'job.pause', input: { job: 'v' } },
      { name: 'job.resume', input: { job: 'w' } },
      { name: 'job.resume', input: { job: 'v' } },
    ])
  })
})

describe('the week', () => {
  const DAY = 24 * HOUR
  const week = {
    archive: 'x',
    since: 0,
    until: 0,
    captured: 12,
    flags: 1,
    gone: 3,
    lastProven: NOW - HOUR,
    problems: [problem('account')],
    solved: [],
    losses: 0,
  }
  function begin(change: Partial<Parameters<typeof createWeekly>[0]> = {}) {
    const told: string[] = []
    let last: number | null = null
    let now = NOW
    const weekly = createWeekly({
      client: { call: async () => week as never },
      watched: () => ['a', 'b'],
      wanted: () => true,
      last: () => last,
      remember: at => {
        last = at
      },
      text: () => shellText.en,
      time: () => '13:10',
      notify: (title, body) => told.push(`${title}\n${body}`),
      now: () => now,
      ...change,
    })
    const look = (days: number) => {
      now = NOW + days * DAY
      return weekly.look()
    }
    return { told, look }
  }

  test('is told once every seven days, in numbers and with what stands in the way', async () => {
    const { told, look } = begin()
    for (const day of [0, 1, 6.9, 7, 7.1, 13, 14.2]) await look(day)
    expect(told).toHaveLength(2)
    expect(told[0]).toBe(
      'The week in your archives\n24 new messages, 6 no longer on the server\neverything proven complete 13:10\nproblems that stand: 2',
    )
  })

  test('is not told where nobody wants it, or nothing is watched', async () => {
    for (const change of [{ wanted: () => false }, { watched: () => [] }]) {
      const { told, look } = begin(change)
      for (const day of [0, 8, 16]) await look(day)
      expect(told).toEqual([])
    }
  })
})

describe('start at login', () => {
  const none = { getLoginItemSettings: () => ({ openAtLogin: false }), setLoginItemSettings: () => {} }

  test('on Linux is an entry that is written, found and taken away', () => {
    const home = mkdtempSync(join(tmpdir(), 'mailcoffer-login-'))
    try {
      const item = createLoginItem({ platform: 'linux', app: none, env: {}, home, command: ['/opt/Mailcoffer/mailcoffer', '--hidden'] })
      expect([item.possible, item.get()]).toEqual([true, false])
      item.set(true)
      expect(item.get()).toBe(true)
      expect(readFileSync(join(home, '.config/autostart/mailcoffer.desktop'), 'utf8')).toContain('Exec="/opt/Mailcoffer/mailcoffer" "--hidden"\n')
      item.set(false)
      item.set(false)
      expect(item.get()).toBe(false)
    } finally {
      rmSync(home, { recursive: true, force: true })
    }
  })

  test('elsewhere is asked of the system, with the profile and without a window', () => {
    const asked: unknown[] = []
    const app = {
      getLoginItemSettings: (options: unknown) => {
        asked.push(options)
        return { openAtLogin: true }
      },
      setLoginItemSettings: (settings: unknown) => void asked.push(settings),
    }
    const item = createLoginItem({ platform: 'win32', app, env: {}, home: 'C:\\Users\\a', command: ['C:\\m.exe', '--profile=D:\\p', '--hidden'] })
    expect(item.get()).toBe(true)
    item.set(false)
    expect(asked).toEqual([
      { path: 'C:\\m.exe', args: ['--profile=D:\\p', '--hidden'] },
      { openAtLogin: false, path: 'C:\\m.exe', args: ['--profile=D:\\p', '--hidden'] },
    ])
  })

  test.each([
    ['/a b/c', '"/a b/c"'],
    ['/50%', '"/50%%"'],
    ['/a"b', '"/a\\\\"b"'],
    ['/$HOME`x`', '"/\\\\$HOME\\\\`x\\\\`"'],
    ['/a\\b', '"/a\\\\\\\\b"'],
  ])('a path like %s is quoted as the specification wants it', (path, exec) => {
    expect(desktopEntry([path])).toContain(`Exec=${exec}\n`)
  })
})
