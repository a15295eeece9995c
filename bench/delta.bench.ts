/**
 * Later captures beside mbsync, on the same server, by turns: nothing changed, and then 500 new messages, 200 flag changes and 50 deletions in between.
 *
 *   npm run bench -- delta [--corpus small|medium] [--corpora DIR] [--runs N] [--json FILE]
 *
 * Mailcoffer is the running engine with its archive open, as in the app: from asking for a capture until it is done, and what is new is found by a word.
 * Each capture connects and logs in. mbsync is a process of its own, start included (some milliseconds); what it fetches is not searchable yet.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import type { ImapFlow } from 'imapflow'
import { createEngine } from '../main/engine/engine.ts'
import { dovecotMissing, startDovecot } from '../test/help/dovecot.ts'
import { randomOf } from '../test/help/random.ts'
import { mbsyncConfig, mbsyncMissing } from './help/contest.ts'
import { findCorpus, warm } from './help/findCorpus.ts'
import { measure } from './help/measure.ts'

const { values } = parseArgs({
  options: {
    corpus: { type: 'string', default: 'small' },
    corpora: { type: 'string', ...(process.env['MAILCOFFER_CORPORA'] ? { default: process.env['MAILCOFFER_CORPORA'] } : {}) },
    runs: { type: 'string', default: '3' },
    json: { type: 'string' },
  },
})
for (const missing of [dovecotMissing, mbsyncMissing])
  if (missing) {
    console.log(`SKIPPED: ${missing}`)
    process.exit(0)
  }

const NEW = 500
const FLAGS = 200
const DELETIONS = 50
/** Of each measurement of "nothing changed". */
const REPEATS = 5

interface Took {
  seconds: number
  cpuSeconds: number
}
interface Contestant {
  who: string
  /** Brings its copy up to date. `word`: everything new holds it. */
  update(word: string | null): Promise<Took>
}

const corpus = findCorpus(values.corpus, values.corpora)
warm(corpus)
const work = mkdtempSync(join(tmpdir(), 'mailcoffer-delta-'))
// Beside the corpus, on its file system: the files are linked, not copied, and the corpus stays as it is.
const mail = mkdtempSync(join(dirname(corpus.dir), '.delta-'))
execFileSync('cp', ['-al', join(corpus.dir, 'Maildir'), mail])
execFileSync('chmod', ['755', mail])
// Dovecot refuses uid 0 for mail, and serves it as nobody, who writes to these folders; the files themselves belong to the corpus.
if (userInfo().uid === 0) execFileSync('find', [mail, '-type', 'd', '-exec', 'chown', 'nobody', '{}', '+'])
const server = await startDovecot({ users: ['bench'], maildir: join(mail, 'Maildir') })
const engine = createEngine({ profileDir: join(work, 'profile'), transport: 'bench' })
try {
  const writer = await server.writer()
  const contestants = [await mailcoffer(), mbsync()]
  for (const one of contestants) await one.update(null)
  const mailboxes = (await writer.list()).filter(({ flags }) => !flags.has('\\Noselect'))
  console.log(`${corpus.messages} messages in ${mailboxes.length} mailboxes\n`)

  const quiet = await byTurns(contestants, Number(values.runs) * REPEATS, async () => null)
  summary('nothing changed', quiet)
  const changed = await byTurns(contestants, Number(values.runs), async run => {
    await change(writer, run)
    return `delta${run}`
  })
  summary(`${NEW} new, ${FLAGS} flag changes, ${DELETIONS} deletions`, changed)
  if (values.json) writeFileSync(values.json, JSON.stringify({ messages: corpus.messages, quiet, changed }, null, 1))
} finally {
  await engine.close()
  await server.stop()
  for (const dir of [work, mail]) rmSync(dir, { recursive: true, force: true })
}

/** Who is first changes every time: the server's caches are warm for the second. */
async function byTurns(contestants: Contestant[], runs: number, before: (run: number) => Promise<string | null>): Promise<Record<string, Took[]>> {
  const took: Record<string, Took[]> = Object.fromEntries(contestants.map(({ who }) => [who, []]))
  for (let run = 1; run <= runs; run++) {
    const word = await before(run)
    for (const one of run % 2 === 0 ? contestants : contestants.toReversed()) took[one.who]!.push(await one.update(word))
  }
  return took
}

async function mailcoffer(): Promise<Contestant> {
  const { client } = engine
  await client.call('profile.create', { password: 'a password of the bench' })
  const { archive } = await client.call('archive.create', { name: 'Bench' })
  const { host, imapPort: port, user, password } = server
  await client.call('account.set', { archive: archive.id, settings: { protocol: 'imap', host, port, user, security: 'plain' }, password })
  return {
    who: 'mailcoffer',
    update: async word => {
      const cpu = process.cpuUsage()
      const began = performance.now()
      const { id } = await client.call('job.capture', { archive: archive.id })
      const { state, outcomes } = await client.call('job.wait', { job: id })
      if (state !== 'done' || outcomes.failed > 0) throw new Error(`the capture ended as ${state}, ${outcomes.failed} failed`)
      if (word) {
        const { count } = await client.call('search.count', { archives: [archive.id], query: word, cap: 10_000 })
        if (count !== NEW) throw new Error(`${count} of ${NEW} new messages are found`)
      }
      const seconds = (performance.now() - began) / 1000
      const { user, system } = process.cpuUsage(cpu)
      return { seconds, cpuSeconds: (user + system) / 1e6 }
    },
  }
}

function mbsync(): Contestant {
  const near = join(work, 'mbsync')
  mkdirSync(near)
  const config = join(work, 'mbsyncrc')
  const { host, imapPort: port, user, password } = server
  writeFileSync(config, mbsyncConfig({ host, port, user, password }, near), { mode: 0o600 })
  return { who: 'mbsync', update: () => measure('mbsync', ['-c', config, '-a'], { env: { HOME: work } }) }
}

/** New mail is old mail under another subject: of the sizes and kinds that the corpus has. */
async function change(writer: ImapFlow, run: number): Promise<void> {
  const random = randomOf(run)
  const names = (await writer.list()).filter(({ flags }) => !flags.has('\\Noselect')).map(({ path }) => path)
  const files = readdirSync(join(corpus.dir, 'Maildir', 'cur'))
  for (const [count, act] of [
    [FLAGS, (uid: number) => writer.messageFlagsAdd(String(uid), [random.pick(['\\Seen', '\\Flagged', '\\Answered', `$Run${run}`])], { uid: true })],
    [DELETIONS, (uid: number) => writer.messageDelete(String(uid), { uid: true })],
  ] as const)
    for (let done = 0; done < count; ) {
      const name = random.pick(names)
      await writer.mailboxOpen(name)
      const uids = (await writer.search({ all: true }, { uid: true })) || []
      for (let i = 0; i < 10 && uids.length > 20 && done < count; i++, done++) await act(uids.splice(random.below(uids.length), 1)[0]!)
    }
  await writer.mailboxClose()
  // Last, so that all of it is there to be found.
  for (let n = 0; n < NEW; n++) {
    const text = readFileSync(join(corpus.dir, 'Maildir', 'cur', random.pick(files)), 'latin1')
    const fresh = text
      .replace(/^Subject:/im, `Subject: delta${run} number ${n}\r\nX-Subject:`)
      .replace(/^Message-ID: *</im, `Message-ID: <${run}.${n}.`)
    await writer.append(n % 2 === 0 ? 'INBOX' : random.pick(names), Buffer.from(fresh, 'latin1'))
  }
}

function summary(what: string, took: Record<string, Took[]>): void {
  const median = (of: number[]) => of.toSorted((a, b) => a - b)[Math.floor((of.length - 1) / 2)]!
  console.log(`${what}, median of ${took['mbsync']!.length}:`)
  const peer = median(took['mbsync']!.map(({ seconds }) => seconds))
  for (const [who, all] of Object.entries(took)) {
    const seconds = median(all.map(one => one.seconds))
    const ratio = who === 'mbsync' ? '' : `  ${(seconds / peer).toFixed(2)} times mbsync's time`
    console.log(
      `  ${who.padEnd(12)} ${(seconds * 1000).toFixed(0).padStart(6)} ms  CPU ${(median(all.map(one => one.cpuSeconds)) * 1000).toFixed(0).padStart(6)} ms${ratio}`,
    )
  }
  console.log('')
}
