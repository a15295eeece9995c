/** An engine in memory, for work on the window and for measuring the list. Never part of the production bundle. */
import type { CallName, EngineClient, InputOf, WatchName } from '../../main/contract/contract.ts'
import { AppError } from '../../main/contract/errors.ts'
import type { ArchiveSummary, Job, MessageWindow, ProfileStatus } from '../../main/contract/types.ts'
import { fakeJob, status } from './fakeArchive.ts'
import { ARCHIVE, lengthOf, mailboxes, rowAt, viewOf } from './fakeMessages.ts'

export interface Scene {
  profile: 'none' | 'locked' | 'open'
  archives: boolean
  /** What becomes of the archive's folder. */
  state: ArchiveSummary['state']
  jobs: boolean
  /** Milliseconds every answer takes. */
  delay: number
}

export interface Stats {
  calls: Record<string, number>
}

const CODE = 'K7QM-2XTB-90RA-JH4D-W8EN-5VCP-3ZGY-6FSK-1MTX'

export function createFakeEngine(scene: Scene): EngineClient & { stats: Stats } {
  const stats: Stats = { calls: {} }
  let profile: ProfileStatus = {
    exists: scene.profile !== 'none',
    unlocked: scene.profile === 'open',
    keychain: false,
    dir: '/home/ada/.config/Mailcoffer',
  }
  let archives: ArchiveSummary[] = scene.archives ? [inState(archive('Work', ARCHIVE), scene.state)] : []
  let jobs: Job[] = scene.jobs ? [fakeJob('capture', 'running'), fakeJob('verify', 'done')] : []
  const watchers = new Map<string, Set<(value: never) => void>>()
  const say = (name: string, value: unknown) => {
    for (const watcher of watchers.get(name) ?? []) watcher(value as never)
  }
  const window = (mailbox: number | null, from: number, to: number): MessageWindow => {
    const length = lengthOf(mailbox)
    const [first, last] = [Math.max(0, from), Math.min(length, to)]
    return {
      rows: Array.from({ length: Math.max(0, last - first) }, (_, step) => rowAt(mailbox, first + step)),
      before: first > 0,
      after: last < length,
    }
  }
  const setJobs = (next: Job[]) => {
    jobs = next
    say('jobs', jobs)
  }
  const changeJob = (id: string, change: Partial<Job>) => {
    setJobs(jobs.map(job => (job.id === id ? { ...job, ...change } : job)))
    return jobs.find(job => job.id === id)
  }
  const setProfile = (change: Partial<ProfileStatus>) => {
    profile = { ...profile, ...change }
    return profile
  }
  const addArchive = (name: string, demo = false) => {
    const made = { ...archive(name, ARCHIVE), demo, recoveryConfirmed: demo }
    archives = [made]
    say('archives', archives)
    return made
  }

  const answers: { [N in CallName]?: (input: InputOf<N>) => unknown } = {
    'engine.about': () => ({ version: '0.1.0', transport: 'in memory', node: '24.21.0', sqlite: '3.50.4', codec: 'zstd' }),
    'profile.status': () => profile,
    'profile.create': () => setProfile({ exists: true, unlocked: true }),
    'profile.unlock': ({ password }) => {
      if (password !== 'open sesame') throw new AppError('wrong-password', 'no slot opens with this password')
      return setProfile({ unlocked: true })
    },
    'profile.lock': () => setProfile({ unlocked: false }),
    'profile.changePassword': () => profile,
    'profile.setKeychain': ({ keychainSecret }) => setProfile({ keychain: keychainSecret !== null }),
    'archive.create': ({ name }) => ({ archive: addArchive(name), recoveryCode: CODE }),
    'archive.confirmRecovery': () => archives[0],
    'archive.open': ({ name }) => addArchive(name ?? 'Opened'),
    'archive.rename': ({ name }) => {
      archives = archives.map(one => ({ ...one, name }))
      say('archives', archives)
      return archives[0]
    },
    'archive.close': () => {
      archives = []
      say('archives', archives)
      return {}
    },
    'archive.status': () => {
      const { error } = archives[0] ?? {}
      if (error) throw new AppError(error.code, error.message, { facts: error.facts })
      return status(archives[0] ?? archive('Work', ARCHIVE))
    },
    'archive.losses': () => ({ losses: [], frozen: false }),
    'archive.week': ({ archive }) => weekOf(archive),
    'account.set': ({ settings }) => {
      archives = archives.map(one => ({ ...one, account: settings }))
      say('archives', archives)
      return archives[0]
    },
    'account.test': ({ settings }) => testAnswer(settings?.host ?? ''),
    'message.window': ({ mailbox, from, direction, limit }) => {
      const at = from?.row
      if (direction === 'after') return at === undefined ? window(mailbox, 0, limit) : window(mailbox, at + 1, at + 1 + limit)
      return at === undefined ? window(mailbox, lengthOf(mailbox) - limit, lengthOf(mailbox)) : window(mailbox, at - limit, at)
    },
    'message.at': ({ mailbox, fraction, limit }) => {
      const at = Math.round(fraction * (lengthOf(mailbox) - limit))
      return { ...window(mailbox, at, at + limit), position: at }
    },
    'message.show': ({ message }) => viewOf(message),
    'message.headers': () => ({
      headers:
        'Return-Path: <zofia@pracownia.example>\r\nReceived: from mail.pracownia.example\r\n\tby imap.example with ESMTPS\r\nSubject: Minutes\r\n',
    }),
    'search.window': ({ from, limit }) => {
      const at = (from?.row ?? -1) + 1
      return { ...window(1, at, at + limit), after: at < 1200 }
    },
    'search.count': () => ({ count: 1000, more: true }),
    'search.at': ({ position, limit }) => ({ ...window(1, position, position + limit), position }),
    'search.understand': ({ query }) => ({ terms: [{ kind: 'words', field: null, text: query, prefix: true, exact: false, not: false, rest: '' }] }),
    'search.why': () => ({ why: [] }),
    'search.complete': () => ({ proposals: [] }),
    'search.operators': () => [],
    'search.list': () => ({ saved: [], recent: [] }),
    'search.remember': () => ({ saved: [], recent: [] }),
    'message.save': ({ to }) => ({ path: to, bytes: 1 }),
    'attachment.save': ({ to }) => ({ path: to, bytes: 1 }),
    'job.pause': ({ job }) => changeJob(job, { state: 'paused', pause: { reason: 'person', until: null } }),
    'job.resume': ({ job }) => changeJob(job, { state: 'running', pause: null }),
    'job.cancel': ({ job }) => changeJob(job, { state: 'cancelled', endedAt: Date.now() }),
    'job.damage': () => [],
    'job.demo': () => {
      const job = { ...fakeJob('demo', 'running'), archive: null }
      setJobs([job, ...jobs])
      setTimeout(() => {
        addArchive('Sample mailbox', true)
        changeJob(job.id, { state: 'done', endedAt: Date.now() })
      }, 2500)
      return job
    },
  }
  for (const kind of ['capture', 'export', 'verify', 'rebuild'] as const)
    answers[`job.${kind}`] = () => {
      const job = fakeJob(kind, 'running')
      setJobs([job, ...jobs])
      return job
    }
  answers['job.wait'] = ({ job }) =>
    new Promise(resolve => {
      const look = () => {
        const found = jobs.find(one => one.id === job)
        if (found?.endedAt) resolve(found)
        else setTimeout(look, 100)
      }
      look()
    })

  return {
    stats,
    async call(name, input, options) {
      stats.calls[name] = (stats.calls[name] ?? 0) + 1
      await new Promise(resolve => setTimeout(resolve, scene.delay))
      if (options?.signal?.aborted) throw new AppError('cancelled', 'cancelled')
      const answer = answers[name] as ((input: unknown) => unknown) | undefined
      if (!answer) throw new AppError('internal', `the fake engine has no ${name}`)
      return (await answer(input)) as never
    },
    watch(name, input, onValue) {
      const set = watchers.get(name) ?? new Set()
      watchers.set(name, set)
      set.add(onValue as (value: never) => void)
      const values: Partial<Record<WatchName, unknown>> = { archives, jobs, mailboxes, problems: [] }
      const value = values[name]
      const timer = setTimeout(() => onValue(value as never), scene.delay)
      void input
      return () => {
        clearTimeout(timer)
        set.delete(onValue as (value: never) => void)
      }
    },
    on: () => () => {},
  }
}

function inState(summary: ArchiveSummary, state: ArchiveSummary['state']): ArchiveSummary {
  if (state !== 'missing' && state !== 'problem') return { ...summary, state }
  const code = state === 'missing' ? 'destination-missing' : 'archive-in-use'
  return { ...summary, state, writable: false, error: { code, message: `ENOENT: ${summary.dir}`, facts: { path: summary.dir } } }
}

function archive(name: string, id: string): ArchiveSummary {
  return {
    id,
    name,
    dir: '/home/ada/Archives/Work',
    state: 'open',
    writable: true,
    account: { protocol: 'imap', host: 'imap.pracownia.example', port: 993, security: 'tls', user: 'ada@nowak.example' },
    recoveryConfirmed: true,
    demo: false,
    watch: false,
    lastProven: null,
  }
}

function testAnswer(host: string) {
  const names = ['resolve', 'connect', 'secure', 'greeting', 'login', 'list', 'examine'] as const
  const details = ['192.0.2.14', '192.0.2.14:993', 'TLS 1.3', 'IMAP4rev1 ready', 'ada@nowak.example', '12', 'INBOX']
  const good = names.map((step, index) => ({ step, ok: true, detail: details[index]! }))
  if (host.includes('pin'))
    return {
      ok: false,
      steps: [...good.slice(0, 2), { step: 'secure', ok: false, detail: 'self-signed certificate' }],
      error: { code: 'tls-untrusted', message: 'DEPTH_ZERO_SELF_SIGNED_CERT', facts: { host } },
      certificate: {
        sha256: '3a7bd3e2360a3d29eea436fcfb7e44c735d117c42d1c1835420b6b9942dd4f1b',
        subject: 'CN=mail.local',
        issuer: 'CN=mail.local',
        validTo: '2027-03-01',
      },
    }
  if (host.includes('bad'))
    return {
      ok: false,
      steps: [...good.slice(0, 4), { step: 'login', ok: false, detail: 'NO [AUTHENTICATIONFAILED]' }],
      error: { code: 'auth-failed', message: '[AUTHENTICATIONFAILED] Invalid credentials', facts: { host, user: 'ada@nowak.example' } },
    }
  return { ok: true, steps: good, mailboxes: 12, messages: 200_000 }
}

const weekOf = (archive: string) => ({
  ...{
    archive,
    since: Date.now() - 604_800_000,
    until: Date.now(),
    captured: 214,
    flags: 31,
    gone: 12,
    lastProven: null,
    problems: [],
    solved: [],
    losses: 0,
  },
})
