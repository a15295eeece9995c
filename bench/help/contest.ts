/** Who takes part in the capture bench. Each begins with nothing and ends with every message on disk. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
// @ts-expect-error a plain script without types
import { engineEnvironment, engineFlags } from '../../scripts/engineFlags.mjs'
import { type Cost, measure } from './measure.ts'

export interface Account {
  host: string
  port: number
  user: string
  password: string
}

export interface Result {
  who: string
  cost: Cost
  messages: number
  /** All files it left. */
  diskBytes: number
  /** When every message was on disk, where that was before its end, seconds. */
  safeSeconds?: number
  /** What it says about itself, where it says anything. */
  note: string
}

/** The command line as it is built (`buildEngine`) and shipped: from its sources it starts later, and each thread compiles them anew. */
const built = fileURLToPath(new URL('../../dist/engine/cli.mjs', import.meta.url))

/** The first capture by the command line, as a process of its own; making archive and account before it is not counted. */
export async function runMailcoffer(account: Account): Promise<Result> {
  return inFolder(async dir => {
    const profile = join(dir, 'profile')
    const cli = (...args: string[]) => ['--disable-warning=ExperimentalWarning', ...engineFlags, built, '--profile', profile, '--json', ...args]
    const env = { ...engineEnvironment, MAILCOFFER_PASSWORD: 'a password for the bench', MAILCOFFER_ACCOUNT_PASSWORD: account.password }
    const address = `${account.host}:${account.port}`
    await measure(process.execPath, cli('archive', 'create', 'bench'), { env })
    await measure(process.execPath, cli('account', 'add', 'bench', '--imap', address, '--user', account.user, '--security', 'plain'), { env })
    const began = Date.now()
    const cost = await measure(process.execPath, cli('sync', 'bench'), { env })
    const { archives } = JSON.parse(cost.stdout) as {
      archives: { job: { startedAt: number; endedAt: number; outcomes: { added: number; failed: number }; result: { safeAfterMs?: number } } }[]
    }
    const job = archives[0]?.job
    if (!job || job.outcomes.failed > 0) throw new Error(`capture left out messages: ${cost.stdout.slice(0, 500)}`)
    const engine = (job.endedAt - job.startedAt) / 1000
    // From the start of the process on; what it does after that moment is part of the other figure.
    const safe = (job.startedAt - began + (job.result.safeAfterMs ?? job.endedAt - job.startedAt)) / 1000
    return {
      who: 'mailcoffer sync',
      cost,
      safeSeconds: safe,
      messages: job.outcomes.added,
      diskBytes: sizeOf(profile),
      note: `all safe in the log after ${safe.toFixed(2)} s, then searchable; the engine's own clock: ${engine.toFixed(2)} s`,
    }
  })
}

/** Why they cannot run here, or null. */
export const mbsyncMissing = missing('mbsync', 'isync')
export const notmuchMissing = missing('notmuch', 'notmuch')

/**
 * mbsync in its best set-up (no fsync; the server offers no compression), and what notmuch needs on top to make it searchable,
 * which is what Mailcoffer's capture ends with.
 */
export async function runPeers(account: Account, withNotmuch: boolean): Promise<Result[]> {
  return inFolder(async dir => {
    const mail = join(dir, 'mail')
    mkdirSync(mail)
    const config = join(dir, 'mbsyncrc')
    writeFileSync(config, mbsyncConfig(account, mail), { mode: 0o600 })
    const fetched = await measure('mbsync', ['-c', config, '-a'], { env: { HOME: dir } })
    const messages = countMessages(mail)
    const results: Result[] = [{ who: 'mbsync', cost: fetched, messages, diskBytes: sizeOf(mail), note: 'plain files, no fsync' }]
    if (notmuchMissing || !withNotmuch) return results
    const notmuch = join(dir, 'notmuchrc')
    writeFileSync(
      notmuch,
      `[database]\npath=${mail}\n[user]\nname=Bench\nprimary_email=bench@example.com\n[new]\ntags=\nignore=.mbsyncstate;.uidvalidity\n`,
    )
    const indexed = await measure('notmuch', ['new', '--quiet'], { env: { HOME: dir, NOTMUCH_CONFIG: notmuch } })
    results.push({
      who: 'mbsync, notmuch new',
      cost: {
        seconds: fetched.seconds + indexed.seconds,
        cpuSeconds: fetched.cpuSeconds + indexed.cpuSeconds,
        peakBytes: Math.max(fetched.peakBytes ?? 0, indexed.peakBytes ?? 0),
        stdout: '',
      },
      messages,
      diskBytes: sizeOf(mail),
      note: `of which notmuch ${indexed.seconds.toFixed(2)} s`,
    })
    return results
  })
}

/** The command line from its sources, as a program of Node. */
export const script = fileURLToPath(new URL('../../scripts/mailcoffer.mjs', import.meta.url))

function missing(program: string, debian: string): string | null {
  const found = spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0
  return found ? null : `${program} is not installed (Debian: apt-get install ${debian})`
}

/** Its best set-up on a fast line. */
export function mbsyncConfig({ host, port, user, password }: Account, mail: string): string {
  return [
    'IMAPAccount bench',
    `Host ${host}`,
    `Port ${port}`,
    `User ${user}`,
    `Pass "${password}"`,
    'SSLType None',
    'AuthMechs LOGIN',
    '',
    'IMAPStore far',
    'Account bench',
    '',
    'MaildirStore near',
    `Path ${mail}/`,
    `Inbox ${mail}/INBOX`,
    'SubFolders Verbatim',
    '',
    'Channel bench',
    'Far :far:',
    'Near :near:',
    'Patterns *',
    'Create Near',
    'Sync Pull',
    'SyncState *',
    '',
  ]
    .join('\n')
    .replace(/^/, 'FSync no\n\n')
}

const left: string[] = []

/**
 * Each in a folder of its own, which stays until `clearAway`: ext4 passes over the inodes of files that were deleted in the last seconds, one by one, and whoever
 * makes 20,000 files right after 20,000 were deleted takes twice as long, and three times the processor.
 */
async function inFolder<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'mailcoffer-bench-'))
  left.push(dir)
  try {
    return await work(dir)
  } finally {
    // What one leaves unwritten, the next would pay for
    execFileSync('sync')
  }
}

/** Deletes what all of them left; to be called once, at the end. */
export function clearAway(): void {
  for (const dir of left.splice(0)) rmSync(dir, { recursive: true, force: true })
}

function sizeOf(dir: string): number {
  return files(dir).reduce((sum, file) => sum + statSync(file).size, 0)
}

function countMessages(maildir: string): number {
  return files(maildir).filter(file => /\/(cur|new)\/[^/]+$/.test(file)).length
}

function files(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
}
