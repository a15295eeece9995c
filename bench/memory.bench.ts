/**
 * What memory the engine takes, all its threads: its process is one of its own, as the window starts it, and is looked at by the kernel's counters.
 *
 *   npm run bench -- memory [capture] [many] [large] [--corpus medium] [--corpora DIR] [--messages 200000] [--megabytes 1024] [--flag=--v8-option …] [--json FILE]
 *
 * capture: the first capture of a corpus.
 * many: a mailbox of 200,000 short messages: first capture; then, in a new process, watching it, searches, new mail, verification, and building the index again.
 * large: one message of a gigabyte, captured, shown and exported.
 * Without a name, all three. What is made for them is kept beside the corpora. Linux only; Dovecot serves the mail.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Dovecot, dovecotMissing, startDovecot } from '../test/help/dovecot.ts'
import { findCorpus, warm } from './help/findCorpus.ts'
import { findMade, largeMessage, shortMessages } from './help/madeMail.ts'
import { buildEngine, type MeasuredEngine, type Memory, type Stage, startMeasuredEngine } from './help/measuredEngine.ts'

const { values, positionals } = parseArgs({
  options: {
    corpus: { type: 'string', default: 'medium' },
    corpora: { type: 'string', ...(process.env['MAILCOFFER_CORPORA'] ? { default: process.env['MAILCOFFER_CORPORA'] } : {}) },
    messages: { type: 'string', default: '200000' },
    megabytes: { type: 'string', default: '1024' },
    flag: { type: 'string', multiple: true, default: [] },
    json: { type: 'string' },
  },
  allowPositionals: true,
})
if (dovecotMissing || process.platform !== 'linux') {
  console.log(`SKIPPED: ${dovecotMissing ?? 'memory is looked at in /proc'}`)
  process.exit(0)
}

/** So long after the last work what could be given back is given back. */
const REST_MS = 15_000
const PASSWORD = 'a password of the bench'

const stages: Stage[] = []
const parts = { capture, many, large }
await buildEngine()
console.log(`${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)} before; MB of 10^6 bytes\n`)
for (const [name, part] of Object.entries(parts)) if (positionals.length === 0 || positionals.includes(name)) await part()
if (values.json) writeFileSync(values.json, JSON.stringify(stages, null, 1))

async function capture(): Promise<void> {
  const corpus = findCorpus(values.corpus, values.corpora)
  warm(corpus)
  await withServer(join(corpus.dir, 'Maildir'), (server, profile) =>
    withEngine(profile, async engine => {
      const archive = await step(engine, 'a new profile and archive', () => newArchive(engine, server))
      await step(engine, `first capture, ${corpus.messages} messages, ${mega(corpus.bytes)} MB`, () =>
        jobDone(engine, engine.client.call('job.capture', { archive })),
      )
      await rest(engine)
    }),
  )
}

async function many(): Promise<void> {
  const messages = Number(values.messages)
  const maildir = findMade(`short-${messages}`, values.corpora, dir => shortMessages(dir, messages))
  // Linked, not copied, on the same file system: new mail is not for the next run.
  const copy = mkdtempSync(`${maildir}.run-`)
  execFileSync('cp', ['-al', '--preserve=all', maildir, join(copy, 'Maildir')])
  execFileSync('chmod', ['755', copy])
  try {
    await manyFrom(join(copy, 'Maildir'), messages)
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

async function manyFrom(maildir: string, messages: number): Promise<void> {
  await withServer(maildir, async (server, profile) => {
    const archive = await withEngine(profile, async engine => {
      const made = await newArchive(engine, server)
      await step(engine, `first capture, ${messages} short messages`, () => jobDone(engine, engine.client.call('job.capture', { archive: made })))
      await rest(engine)
      return made
    })
    await withEngine(profile, async engine => {
      const ask = engine.client.call
      await step(engine, 'unlocked, watching', async () => {
        await ask('profile.unlock', { password: PASSWORD })
        await ask('archive.watch', { archive, on: true })
        await wait(REST_MS)
      })
      await step(engine, '200 searches and windows', async () => {
        for (let n = 0; n < 100; n++) {
          await ask('search.window', { archives: [archive], query: `subject:number ${n * 7}`, from: null, limit: 50 })
          await ask('message.at', { archive, mailbox: null, fraction: n / 100, limit: 50 })
        }
      })
      await step(engine, '500 new messages in a round of the watch', () => deliver(engine, server, archive, 500))
      await rest(engine)
      await step(engine, 'verification, every byte', () => jobDone(engine, engine.client.call('job.verify', { archive, full: true })))
      await step(engine, 'the index built again', () => jobDone(engine, engine.client.call('job.rebuild', { archive })))
      await rest(engine)
    })
  })
}

async function large(): Promise<void> {
  const bytes = Number(values.megabytes) * 1024 * 1024
  const maildir = findMade(`large-${values.megabytes}`, values.corpora, dir => largeMessage(dir, bytes))
  await withServer(maildir, (server, profile) =>
    withEngine(profile, async engine => {
      const archive = await newArchive(engine, server)
      await step(engine, `capture of a message of ${mega(bytes)} MB`, () => jobDone(engine, engine.client.call('job.capture', { archive })))
      const { rows } = await engine.client.call('message.at', { archive, mailbox: null, fraction: 0, limit: 1 })
      const message = rows[0]!.id
      await step(engine, 'it is shown', () => engine.client.call('message.show', { archive, message }))
      await step(engine, 'its attachment is saved', () =>
        engine.client.call('attachment.save', { archive, message, index: 0, to: join(profile, 'attachment') }),
      )
      await step(engine, 'it is exported', () => engine.client.call('message.save', { archive, message, to: join(profile, 'message.eml') }))
      await rest(engine)
    }),
  )
}

async function withServer(maildir: string, work: (server: Dovecot, profile: string) => Promise<void>): Promise<void> {
  const server = await startDovecot({ users: ['bench'], maildir })
  const dir = mkdtempSync(join(tmpdir(), 'mailcoffer-bench-'))
  try {
    await work(server, join(dir, 'profile'))
  } finally {
    await server.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

async function withEngine<T>(profile: string, work: (engine: MeasuredEngine) => Promise<T>): Promise<T> {
  const engine = startMeasuredEngine(profile, values.flag)
  try {
    return await work(engine)
  } finally {
    await engine.close()
  }
}

async function newArchive({ client }: MeasuredEngine, { host, imapPort: port, user, password }: Dovecot): Promise<string> {
  await client.call('profile.create', { password: PASSWORD })
  const { archive } = await client.call('archive.create', { name: 'Bench' })
  // Else it would be watched from now on, and a capture would be a round of the watch, which does not end.
  await client.call('archive.watch', { archive: archive.id, on: false })
  await client.call('account.set', { archive: archive.id, settings: { protocol: 'imap', host, port, user, security: 'plain' }, password })
  return archive.id
}

async function jobDone({ client }: MeasuredEngine, started: Promise<{ id: string }>): Promise<void> {
  const { id } = await started
  const { state, outcomes } = await client.call('job.wait', { job: id })
  if (state !== 'done' || outcomes.failed > 0) throw new Error(`the job ended as ${state}, ${outcomes.failed} failed`)
}

async function deliver({ client }: MeasuredEngine, server: Dovecot, archive: string, messages: number): Promise<void> {
  const word = createHash('sha256').update(String(performance.now())).digest('hex').slice(0, 12)
  const writer = await server.writer()
  for (let n = 0; n < messages; n++)
    await writer.append('INBOX', Buffer.from(`From: a@example.org\r\nSubject: ${word} ${n}\r\n\r\nA new message.\r\n`))
  await writer.logout()
  const until = performance.now() + 60_000
  for (let found = 0; found < messages; await wait(200)) {
    found = (await client.call('search.count', { archives: [archive], query: word, cap: 10_000 })).count
    if (performance.now() > until) throw new Error(`${found} of ${messages} new messages are found`)
  }
}

function rest(engine: MeasuredEngine): Promise<void> {
  return step(engine, `${REST_MS / 1000} s later`, () => wait(REST_MS))
}

async function step<T>(engine: MeasuredEngine, what: string, work: () => Promise<T>): Promise<T> {
  const { stage, result } = await engine.stage(what, work)
  stages.push(stage)
  const { seconds, cpuSeconds, peak, most, last } = stage
  console.log(`${what}: peak ${mega(peak)} MB; at the end ${mega(last.resident)}; ${seconds.toFixed(1)} s, CPU ${cpuSeconds.toFixed(1)} s`)
  console.log(`    at most: ${parted(most)}\n    at end:  ${parted(last)}`)
  return result
}

function parted({ resident, anonymous, files, allocated, threads, heaps }: Memory): string {
  const inV8 = heaps.reduce((sum, { heap }) => sum + heap, 0)
  const each = heaps.map(({ name, heap, used, external }) => `${name} ${mega(heap)} (used ${mega(used)}; buffers ${mega(external)})`).join(', ')
  return `${mega(resident)} = files ${mega(files)} + heaps of V8 ${mega(inV8)} + the C library's ${mega(allocated)} + large buffers, stacks ${mega(anonymous - inV8 - allocated)}; ${threads} threads; ${each}`
}

function mega(bytes: number): string {
  return (bytes / 1e6).toFixed(0)
}
