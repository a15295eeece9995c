import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { CallName, WatchName } from '../../../main/contract/contract.ts'
import type { ErrorCode } from '../../../main/contract/errors.ts'
import type { ArchiveSummary, Job } from '../../../main/contract/types.ts'
import { createBackground } from '../../../main/shell/background.ts'
import { createLoginItem, desktopEntry } from '../../../main/shell/loginItem.ts'
import { type Problem, standingOf } from '../../../main/shell/standing.ts'
import { shellText } from '../../../main/shell/text.ts'
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

describe('how everything stands together', () => {
  const stateOf = (archives: ArchiveSummary[], jobs: Job[]) => standingOf(archives, jobs, NOW).state

  test('is nothing where no archive is watched', () => {
    expect(stateOf([], [])).toBe('none')
    expect(stateOf([work({ watch: false }), work({ demo: true })], [])).toBe('none')
  })

  test('is proven since the oldest of the proofs', () => {
    const standing = standingOf([work(), work({ id: other, lastProven: NOW - HOUR })], [watch(), watch({ archive: other })], NOW)
    expect(standing).toMatchObject({ state: 'proven', lastProven: NOW - HOUR, problems: [] })
    expect(standingOf([work(), work({ id: other, lastProven: null })], [watch()], NOW).lastProven).toBeNull()
  })

  test('says what goes on', () => {
    expect(stateOf([work()], [watch({ progress: { ...aJob().progress, phase: 'fetching' } })])).toBe('capturing')
    expect(stateOf([work()], [watch({ state: 'paused', pause: { reason: 'person', until: null } })])).toBe('paused')
    expect(stateOf([work()], [failing('connection-lost', { state: 'paused', pause: { reason: 'offline', until: NOW } })])).toBe('waiting')
  })

  test.each([
    ['auth-failed', 'account'],
    ['tls-untrusted', 'account'],
    ['disk-full', 'disk'],
    ['destination-missing', 'place'],
    ['record-damaged', 'problem'],
    ['internal', 'problem'],
  ] as const)('%s is a problem a person should look at (%s), also while it is tried again', (code, kind) => {
    for (const job of [failing(code, { state: 'paused', pause: { reason: 'problem', until: NOW } }), failing(code)])
      expect(standingOf([work()], [job], NOW)).toMatchObject({ state: 'attention', problems: [{ archive: work().id, name: 'Work', kind }] })
  })

  test.each(['offline', 'connection-refused', 'server-unavailable', 'server-throttled', 'archive-in-use'] as const)(
    '%s passes, and is no news',
    code => {
      expect(standingOf([work()], [failing(code)], NOW).problems).toEqual([])
    },
  )

  test('a message that could not be had is one; and so is a day without proof, but not a first capture that takes long', () => {
    const kinds = (archive: ArchiveSummary, job: Job) => standingOf([archive], [job], NOW).problems.map(({ kind }) => kind)
    expect(kinds(work(), watch({ outcomes: { added: 0, unchanged: 0, failed: 3 } }))).toEqual(['missing'])
    expect(kinds(work({ lastProven: NOW - 25 * HOUR }), failing('offline'))).toEqual(['stale'])
    expect(kinds(work({ lastProven: null }), watch({ startedAt: NOW - 25 * HOUR, progress: { ...aJob().progress, phase: 'fetching' } }))).toEqual([])
    expect(kinds(work({ lastProven: NOW - 25 * HOUR }), watch({ state: 'paused', pause: { reason: 'person', until: null } }))).toEqual([])
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
  const told: Problem[] = []
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
    tell: problem => told.push(problem),
    now: () => NOW,
  })
  const say = (archives: ArchiveSummary[], jobs: Job[]) => {
    listeners.archives?.(archives as never)
    listeners.jobs?.(jobs as never)
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
    say([work()], [failing('auth-failed')])
    say([], [])
    expect([...new Set(shown)]).toEqual(['proven', 'attention', '-'])
    expect(shown.at(-1)).toBe('-')
  })

  test('a problem is told of once, however often it is tried again, and again only when it had been solved', () => {
    const { say, told } = begin()
    const refused = failing('auth-failed', { state: 'paused', pause: { reason: 'account', until: null } })
    for (const job of [watch(), refused, failing('auth-failed'), refused]) say([work()], [job])
    expect(told.map(({ kind }) => kind)).toEqual(['account'])
    say([work()], [watch({ outcomes: { added: 0, unchanged: 0, failed: 1 } })])
    expect(told.map(({ kind }) => kind)).toEqual(['account', 'missing'])
    say([work()], [watch()])
    say([work()], [refused])
    expect(told.map(({ kind }) => kind)).toEqual(['account', 'missing', 'account'])
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
