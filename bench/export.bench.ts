/**
 * An export in each format, and on request an import of each, against cp and rsync of the same files: same disk, same run.
 *
 *   npm run bench -- export [--corpus small|medium] [--corpora DIR] [--runs N] [--to DIR] [--keep DIR] [--import]
 *
 * The archive is captured from the corpus first; with --keep it stays in DIR and is there the next time. cp and rsync copy what the export wrote, from
 * memory, and end with the bytes on the medium. Ours takes them out of the encrypted log, lists them, and reads all of it back; "written" is when all is on the
 * medium, before it is read back. For the same promise sha256sum is run over what cp wrote, after the system's memory of it was dropped where that is allowed.
 *
 * All that is written stays until the bench ends, four times the corpus for each run and format: ext4 passes over inodes that were removed in the last
 * minutes one by one, which made files written soon after 5 times as slow, ours and theirs.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { dovecotMissing, startDovecot } from '../test/help/dovecot.ts'
import { script } from './help/contest.ts'
import { findCorpus } from './help/findCorpus.ts'
import { measure } from './help/measure.ts'

const { values } = parseArgs({
  options: {
    corpus: { type: 'string', default: 'medium' },
    corpora: { type: 'string', ...(process.env['MAILCOFFER_CORPORA'] ? { default: process.env['MAILCOFFER_CORPORA'] } : {}) },
    runs: { type: 'string', default: '1' },
    to: { type: 'string', default: tmpdir() },
    keep: { type: 'string' },
    import: { type: 'boolean', default: false },
  },
})

if (dovecotMissing) process.exit(0) // said already: without a server there is no archive to export

const corpus = findCorpus(values.corpus, values.corpora)
const home = mkdtempSync(join(values.to, 'mailcoffer-bench-'))
const profile = join(values.keep ?? home, 'profile')
const env = { MAILCOFFER_PASSWORD: 'a password for the bench', MAILCOFFER_ACCOUNT_PASSWORD: '' }
const seconds: Record<string, number[]> = {}
let peers = 0

const proven =
  'cp -r "$1" "$2" && sync -f "$2" && { echo 1 > /proc/sys/vm/drop_caches; } 2>/dev/null; find "$2" -type f -exec sha256sum {} + >/dev/null'

const ways = [
  ['mbox', '--format', 'mbox'],
  ['EML', '--format', 'eml'],
  ['Maildir', '--format', 'maildir'],
  ['EML in a ZIP', '--format', 'eml', '--zip'],
] as const

try {
  if (!existsSync(profile)) await capture()
  for (let run = 0; run < Number(values.runs); run++)
    for (const [name, ...options] of ways) {
      const dir = join(home, `${name} ${run}`)
      await ours(`export, ${name}`, 'export', 'bench', '--to', dir, ...options)
      execFileSync('sh', ['-c', 'sync; find "$1" -type f -exec cat {} + >/dev/null', 'sh', dir])
      await peer(`  cp -r of that, sync`, 'cp -r "$1" "$2" && sync -f "$2"', name, dir)
      await peer(`  rsync -a of that, sync`, 'rsync -a "$1"/ "$2" && sync -f "$2"', name, dir)
      await peer('  cp -r, sync, read back by sha256sum', proven, name, dir)
      if (values.import) {
        await mailcoffer('archive', 'create', `${name} ${run}`)
        await ours(`import, ${name}`, 'import', `${name} ${run}`, dir)
      }
    }
  console.log('\nmedian:')
  for (const [who, all] of Object.entries(seconds)) {
    const median = all.sort((a, b) => a - b)[Math.floor((all.length - 1) / 2)]!
    const rates = [corpus.bytes / 1e6 / median, corpus.messages / median].map(rate => rate.toFixed(0).padStart(7))
    console.log(`${who.padEnd(56)} ${median.toFixed(2).padStart(7)} s ${rates[0]} MB/s ${rates[1]} messages/s`)
  }
} finally {
  rmSync(home, { recursive: true, force: true })
}

async function mailcoffer(...args: string[]) {
  return measure(process.execPath, ['--disable-warning=ExperimentalWarning', script, '--profile', profile, '--json', ...args], { env })
}

async function capture(): Promise<void> {
  mkdirSync(profile, { recursive: true })
  const server = await startDovecot({ users: ['bench'], maildir: join(corpus.dir, 'Maildir') })
  try {
    env.MAILCOFFER_ACCOUNT_PASSWORD = server.password
    await mailcoffer('archive', 'create', 'bench')
    await mailcoffer('account', 'add', 'bench', '--imap', `${server.host}:${server.imapPort}`, '--user', server.user, '--security', 'plain')
    await mailcoffer('sync', 'bench')
  } finally {
    await server.stop()
  }
}

async function ours(who: string, ...args: string[]): Promise<void> {
  const cost = await mailcoffer(...args)
  const { job } = JSON.parse(cost.stdout) as {
    job: { startedAt: number; endedAt: number; outcomes: Record<string, number>; result: { writtenMs?: number } }
  }
  if (job.outcomes['failed'] || job.outcomes['added']! < corpus.messages) throw new Error(`${who} is not whole: ${JSON.stringify(job.outcomes)}`)
  if (job.result.writtenMs !== undefined) note(`${who}: written`, job.result.writtenMs / 1000, '')
  note(
    `${who}: all of it`,
    (job.endedAt - job.startedAt) / 1000,
    `CPU ${cost.cpuSeconds.toFixed(2)} s, the whole command ${cost.seconds.toFixed(2)} s`,
  )
}

async function peer(who: string, command: string, name: string, from: string): Promise<void> {
  const to = join(home, `peer ${++peers}`)
  const cost = await measure('sh', ['-c', command, 'sh', from, to])
  note(`${who} (${name})`, cost.seconds, `CPU ${cost.cpuSeconds.toFixed(2)} s`)
}

function note(who: string, took: number, more: string): void {
  console.log(`${who.padEnd(56)} ${took.toFixed(2).padStart(7)} s  ${more}`)
  seconds[who] = [...(seconds[who] ?? []), took]
}
