/**
 * A copy of an archive, against cp and rsync of the same files: same disk, same run.
 *
 *   npm run bench -- copy [--corpus small|medium] [--corpora DIR] [--runs N] [--to DIR]
 *
 * The archive is captured from the corpus first, and is in memory when the copying begins; the copies go to a temporary folder, or to --to, each
 * run to an empty one. All end with the bytes on the medium (sync after cp and rsync). Only ours reads them back from there, and opens every
 * record; for the same promise, sha256sum is run over what cp wrote, after the system's memory of it was dropped where that is allowed.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { dovecotMissing, startDovecot } from '../test/help/dovecot.ts'
import { type Account, script } from './help/contest.ts'
import { findCorpus } from './help/findCorpus.ts'
import { measure } from './help/measure.ts'

const { values } = parseArgs({
  options: {
    corpus: { type: 'string', default: 'medium' },
    corpora: { type: 'string', ...(process.env['MAILCOFFER_CORPORA'] ? { default: process.env['MAILCOFFER_CORPORA'] } : {}) },
    runs: { type: 'string', default: '3' },
    to: { type: 'string', default: tmpdir() },
  },
})

if (dovecotMissing) process.exit(0) // said already: without a server there is no archive to copy

const corpus = findCorpus(values.corpus, values.corpora)
const home = mkdtempSync(join(tmpdir(), 'mailcoffer-bench-'))
const env = { MAILCOFFER_PASSWORD: 'a password for the bench', MAILCOFFER_ACCOUNT_PASSWORD: '' }
const cli = (...args: string[]) => ['--disable-warning=ExperimentalWarning', script, '--profile', join(home, 'profile'), '--json', ...args]
const seconds: Record<string, number[]> = {}

try {
  const { dir, bytes } = await makeArchive()
  console.log(`${(bytes / 1e6).toFixed(0)} MB of log in ${readdirSync(join(dir, 'log')).length} segments\n`)
  for (let run = 0; run < Number(values.runs); run++) {
    const contests = [() => ours(), () => peer('cp -r, sync', 'cp -r "$1" "$2" && sync -f "$2"', dir), () => rsync(dir), () => proven(dir)]
    if (run % 2 === 1) contests.reverse()
    for (const contest of contests) await contest()
  }
  console.log('\nmedian:')
  for (const [who, all] of Object.entries(seconds)) {
    const median = all.sort((a, b) => a - b)[Math.floor((all.length - 1) / 2)]!
    console.log(
      `${who.padEnd(44)} ${median.toFixed(2).padStart(6)} s  ${who.includes('nothing new') ? '' : `${(bytes / 1e6 / median).toFixed(0).padStart(5)} MB/s`}`,
    )
  }
} finally {
  rmSync(home, { recursive: true, force: true })
}

async function makeArchive(): Promise<{ dir: string; bytes: number }> {
  const server = await startDovecot({ users: ['bench'], maildir: join(corpus.dir, 'Maildir') })
  try {
    const account: Account = { host: server.host, port: server.imapPort, user: server.user, password: server.password }
    env.MAILCOFFER_ACCOUNT_PASSWORD = account.password
    const made = await measure(process.execPath, cli('archive', 'create', 'bench'), { env })
    const { dir } = (JSON.parse(made.stdout) as { archive: { dir: string } }).archive
    await measure(
      process.execPath,
      cli('account', 'add', 'bench', '--imap', `${account.host}:${account.port}`, '--user', account.user, '--security', 'plain'),
      { env },
    )
    await measure(process.execPath, cli('sync', 'bench'), { env })
    const bytes = readdirSync(join(dir, 'log')).reduce((sum, name) => sum + statSync(join(dir, 'log', name)).size, 0)
    execFileSync('sh', ['-c', 'sync; cat "$1"/log/* >/dev/null', 'sh', dir])
    return { dir, bytes }
  } finally {
    await server.stop()
  }
}

async function ours(): Promise<void> {
  await inFolder(async to => {
    for (const who of ['mailcoffer copy', 'mailcoffer copy, nothing new']) {
      const cost = await measure(process.execPath, cli('copy', 'bench', '--to', to), { env })
      const { job } = JSON.parse(cost.stdout) as {
        job: { startedAt: number; endedAt: number; outcomes: { failed: number }; result: { damaged: number } }
      }
      if (job.outcomes.failed > 0 || job.result.damaged > 0) throw new Error('the copy is not whole')
      note(who, (job.endedAt - job.startedAt) / 1000, `CPU ${cost.cpuSeconds.toFixed(2)} s, the whole command ${cost.seconds.toFixed(2)} s`)
    }
    await measure(process.execPath, cli('copies', 'bench', '--forget', to), { env })
  })
}

async function rsync(dir: string): Promise<void> {
  await inFolder(async to => {
    for (const who of ['rsync -a, sync', 'rsync -a, nothing new']) {
      const cost = await measure('sh', ['-c', 'rsync -a "$1"/ "$2" && sync -f "$2"', 'sh', dir, join(to, 'copy')])
      note(who, cost.seconds, `CPU ${cost.cpuSeconds.toFixed(2)} s`)
    }
  })
}

async function proven(dir: string): Promise<void> {
  await peer(
    'cp -r, sync, read back by sha256sum',
    'cp -r "$1" "$2" && sync -f "$2" && { echo 1 > /proc/sys/vm/drop_caches; } 2>/dev/null; sha256sum "$2"/*/log/* >/dev/null',
    dir,
  )
}

async function peer(who: string, command: string, dir: string): Promise<void> {
  await inFolder(async to => {
    const cost = await measure('sh', ['-c', command, 'sh', dir, to])
    note(who, cost.seconds, `CPU ${cost.cpuSeconds.toFixed(2)} s`)
  })
  execFileSync('sh', ['-c', 'cat "$1"/log/* >/dev/null', 'sh', dir])
}

function note(who: string, took: number, more: string): void {
  console.log(`${who.padEnd(44)} ${took.toFixed(2).padStart(6)} s  ${more}`)
  seconds[who] = [...(seconds[who] ?? []), took]
}

async function inFolder(work: (to: string) => Promise<void>): Promise<void> {
  const to = mkdtempSync(join(values.to!, 'mailcoffer-bench-copy-'))
  try {
    await work(to)
  } finally {
    rmSync(to, { recursive: true, force: true })
  }
}
