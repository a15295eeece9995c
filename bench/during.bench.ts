/**
 * Lists and searches while a large archive is copied, exported and verified: how long a window of a list, and one of a search, takes meanwhile.
 *
 *   npm run bench -- during [--corpus small|medium] [--corpora DIR] [--keep DIR] [--to DIR]
 *
 * The archive is captured from the corpus first; with --keep it stays in DIR and is there the next time. Questions go through the engine's door, twenty a
 * second, each due at its time: what is late because the engine was busy counts from when it was due. Goal: p95 50 ms.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Job } from '../main/contract/types.ts'
import { createEngine } from '../main/engine/engine.ts'
import { archiveIdOf } from '../test/help/cli.ts'
import { dovecotMissing, startDovecot } from '../test/help/dovecot.ts'
import { randomOf } from '../test/help/random.ts'
import { findCorpus } from './help/findCorpus.ts'

const { values } = parseArgs({
  options: {
    corpus: { type: 'string', default: 'medium' },
    corpora: { type: 'string', ...(process.env['MAILCOFFER_CORPORA'] ? { default: process.env['MAILCOFFER_CORPORA'] } : {}) },
    keep: { type: 'string' },
    to: { type: 'string', default: tmpdir() },
  },
})

if (dovecotMissing) process.exit(0) // said already: without a server there is no archive

const PASSWORD = 'a password for the bench'
const EVERY_MS = 50
const IDLE_MS = 5_000
const WINDOW = 50
/** Two letters of a word, as somebody types it, and whole ones. */
const QUERIES = ['in*', 're*', 'the', 'projekt', 'umowa', '合同', 'is:unread', 'has:attachment']

const home = mkdtempSync(join(values.to, 'mailcoffer-bench-'))
const profileDir = join(values.keep ?? home, 'profile')
const isNew = !existsSync(profileDir)
mkdirSync(profileDir, { recursive: true })
const engine = createEngine({ profileDir, transport: 'in-process' })
const { call } = engine.client
const random = randomOf(1)

try {
  if (isNew) await capture()
  else await call('profile.unlock', { password: PASSWORD })
  const archive = await archiveIdOf(engine.client)
  await call('archive.status', { archive })
  const scope = { which: 'all' as const }
  await measured('nothing else', () => new Promise(resolve => setTimeout(resolve, IDLE_MS)))
  await measured('verify, everything', async () => ended(await call('job.verify', { archive, full: true })))
  await measured('copy', async () => ended(await call('copy.start', { archive, to: join(home, 'copy'), auto: false })))
  for (const format of ['mbox', 'eml'] as const)
    await measured(`export, ${format}`, async () => ended(await call('job.export', { archive, scope, to: join(home, format), format })))
  for (const copy of await call('copy.list', { archive })) if (copy.dir.startsWith(home)) await call('copy.forget', { archive, copy: copy.id })

  async function measured(what: string, work: () => Promise<unknown>): Promise<void> {
    const took = { list: [] as number[], search: [] as number[] }
    let over = false
    const asking: Promise<void>[] = []
    const from = performance.now()
    const asked = (async () => {
      for (let n = 0; !over; n++) {
        const due = from + n * EVERY_MS
        await new Promise(resolve => setTimeout(resolve, Math.max(0, due - performance.now())))
        const kind = n % 2 === 0 ? 'list' : 'search'
        asking.push(ask(kind).then(() => void took[kind].push(performance.now() - due)))
      }
    })()
    await work()
    const seconds = (performance.now() - from) / 1000
    over = true
    await asked
    await Promise.all(asking)
    console.log(`${what.padEnd(20)} ${seconds.toFixed(1).padStart(6)} s   list ${summary(took.list)}   search ${summary(took.search)}`)
  }

  /** The window at a random place of all messages, or the first one of a search. */
  async function ask(kind: 'list' | 'search'): Promise<void> {
    if (kind === 'list') await call('message.at', { archive, mailbox: null, fraction: random.next(), limit: WINDOW })
    else await call('search.window', { archives: [archive], query: random.pick(QUERIES), from: null, limit: WINDOW })
  }
} finally {
  await engine.close()
  rmSync(home, { recursive: true, force: true })
}

async function capture(): Promise<void> {
  const server = await startDovecot({ users: ['bench'], maildir: join(findCorpus(values.corpus, values.corpora).dir, 'Maildir') })
  try {
    await call('profile.create', { password: PASSWORD })
    const { id: archive } = (await call('archive.create', { name: 'bench' })).archive
    await call('archive.watch', { archive, on: false })
    const settings = { protocol: 'imap', host: server.host, port: server.imapPort, user: server.user, security: 'plain' } as const
    await call('account.set', { archive, settings, password: server.password })
    await ended(await call('job.capture', { archive }))
  } finally {
    await server.stop()
  }
}

async function ended({ id }: Job): Promise<void> {
  const job = await call('job.wait', { job: id })
  if (job.state !== 'done' || job.outcomes.failed > 0)
    throw new Error(`${job.kind} ended as ${job.state}: ${JSON.stringify(job.error ?? job.failures[0])}`)
}

function summary(took: number[]): string {
  const sorted = took.sort((a, b) => a - b)
  const at = (part: number) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(1).padStart(6)
  return `p50 ${at(0.5)}  p95 ${at(0.95)}  most ${at(1)} ms (${sorted.length})`
}
