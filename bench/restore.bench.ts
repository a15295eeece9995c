/**
 * A whole archive put into an empty account, beside mbsync pushing the same messages from a Maildir to the same server.
 *
 *   npm run bench -- restore [--messages N] [--runs N]
 *
 * Ours writes down before each batch what it sends and forces that to the disk, looks first what is there, and, in a run of its own, fetches every
 * byte back and compares it; mbsync trusts the server's answer. What compares with its push is the time until all was put in.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startSampleServer } from '../main/engine/demo/sampleServer.ts'
import { encodeLevel } from '../main/engine/mail/imap/mailboxName.ts'
import { dovecotMissing, startDovecot } from '../test/help/dovecot.ts'
import { generatedStore } from '../test/help/generatedStore.ts'
import { type Account, mbsyncConfig, mbsyncMissing, script } from './help/contest.ts'
import { type Cost, measure } from './help/measure.ts'

const { values } = parseArgs({ options: { messages: { type: 'string', default: '5000' }, runs: { type: 'string', default: '3' } } })
if (dovecotMissing) process.exit(0) // said already

const store = generatedStore({ messages: Number(values.messages), seed: 1 })
const all = store.mailboxes.flatMap(({ messages }) => messages)
const bytes = all.reduce((sum, message) => sum + message.bytes.byteLength, 0)
const home = mkdtempSync(join(tmpdir(), 'mailcoffer-bench-'))
const results = new Map<string, Pick<Cost, 'seconds' | 'cpuSeconds' | 'peakBytes'>[]>()

try {
  const runs = Number(values.runs)
  const users = Array.from({ length: runs * 3 }, (_, i) => `bench${i}`)
  const server = await startDovecot({ users })
  const account = (): Account => ({ host: server.host, port: server.imapPort, user: users.shift()!, password: server.password })
  try {
    await makeArchive()
    const maildir = makeMaildir()
    console.log(`${all.length} messages, ${(bytes / 1e6).toFixed(0)} MB\n`)
    for (let run = 0; run < runs; run++) {
      const contests = [
        () => ours('restore, a sample fetched back', account(), 'sample'),
        () => ours('restore, every byte fetched back', account(), 'all'),
        () => mbsync(account(), maildir, run),
      ]
      if (run % 2 === 1) contests.reverse()
      for (const contest of contests) await contest()
    }
  } finally {
    await server.stop()
  }
  for (const [who, costs] of results) {
    const { seconds, cpuSeconds, peakBytes } = costs.sort((a, b) => a.seconds - b.seconds)[Math.floor((costs.length - 1) / 2)]!
    console.log(
      `${who.padEnd(56)} ${seconds.toFixed(2).padStart(6)} s  ${(all.length / seconds).toFixed(0).padStart(6)}/s  ${cpuSeconds.toFixed(1).padStart(5)} CPU s  ${((peakBytes ?? 0) / 1e6).toFixed(0)} MB`,
    )
  }
} finally {
  rmSync(home, { recursive: true, force: true })
}

function cli(args: readonly string[], accountPassword: string) {
  const env = { MAILCOFFER_PASSWORD: 'a password for the bench', MAILCOFFER_ACCOUNT_PASSWORD: accountPassword }
  return measure(process.execPath, ['--disable-warning=ExperimentalWarning', script, '--profile', join(home, 'profile'), ...args], { env })
}

async function makeArchive(): Promise<void> {
  const source = await startSampleServer(store)
  try {
    await cli(['archive', 'create', 'Bench'], '')
    const address = `${source.host}:${source.port}`
    await cli(['account', 'add', 'Bench', '--imap', address, '--user', source.user, '--security', 'plain'], source.password)
    await cli(['sync', 'Bench'], source.password)
  } finally {
    await source.close()
  }
}

async function ours(who: string, { host, port, user, password }: Account, check: string): Promise<void> {
  const to = ['--imap', `${host}:${port}`, '--user', user, '--security', 'plain', '--check', check]
  const cost = await cli(['--json', 'restore', 'Bench', ...to], password)
  const { job } = JSON.parse(cost.stdout) as { job: { startedAt: number; endedAt: number; result: { putInMs: number } } }
  note(who, cost)
  note(`${who}: until all was put in`, { ...cost, seconds: job.result.putInMs / 1000 })
  note(`${who}: the job by itself`, { ...cost, seconds: (job.endedAt - job.startedAt) / 1000 })
}

function makeMaildir(): string {
  const root = join(home, 'mail')
  for (const mailbox of store.mailboxes) {
    const folder = join(root, ...mailbox.path.map(encodeLevel))
    for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(folder, part), { recursive: true })
    mailbox.messages.forEach(({ bytes, flags, internalDate }, n) => {
      const info = `${flags.includes('\\Flagged') ? 'F' : ''}${flags.includes('\\Seen') ? 'S' : ''}`
      writeFileSync(join(folder, 'cur', `${internalDate}.M${n}.bench:2,${info}`), bytes)
    })
  }
  return root
}

async function mbsync(account: Account, mail: string, run: number): Promise<void> {
  if (mbsyncMissing) return console.log(`mbsync: ${mbsyncMissing}`)
  const state = join(home, `state${run}`)
  mkdirSync(state)
  const config = join(state, 'mbsyncrc')
  const lines = mbsyncConfig(account, mail)
    .split('\n')
    .filter(line => !/^(Sync|Create|SyncState|CopyArrivalDate|Expunge|Remove)\b/.test(line))
  writeFileSync(config, `${lines.join('\n').trimEnd()}\nSync Push\nCreate Both\nCopyArrivalDate yes\nSyncState ${state}/\n`, { mode: 0o600 })
  note('mbsync push', await measure('mbsync', ['-c', config, '-a'], { env: { HOME: state } }))
}

function note(who: string, cost: Pick<Cost, 'seconds' | 'cpuSeconds' | 'peakBytes'>): void {
  results.set(who, [...(results.get(who) ?? []), cost])
}
