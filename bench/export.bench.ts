/**
 * An export as mbox and as EML files, and an import of each, against cp and rsync of the same files: same disk, same run.
 *
 *   npm run bench -- export [--corpus small|medium] [--corpora DIR] [--runs N] [--to DIR]
 *
 * The archive is captured from the corpus first. cp and rsync copy what the first export wrote, from memory, and end with the bytes on the medium;
 * ours takes them out of the encrypted log, lists them, and reads all of it back.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
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
    runs: { type: 'string', default: '3' },
    to: { type: 'string', default: tmpdir() },
  },
})

if (dovecotMissing) process.exit(0) // said already: without a server there is no archive to export

const corpus = findCorpus(values.corpus, values.corpora)
const home = mkdtempSync(join(values.to, 'mailcoffer-bench-'))
const env = { MAILCOFFER_PASSWORD: 'a password for the bench', MAILCOFFER_ACCOUNT_PASSWORD: '' }
const seconds: Record<string, number[]> = {}

try {
  await capture()
  for (let run = 0; run < Number(values.runs); run++)
    for (const format of ['mbox', 'eml'] as const) {
      const dir = join(home, `${format} ${run}`)
      await ours(`export as ${format}`, 'export', 'bench', '--to', dir, '--format', format)
      execFileSync('sh', ['-c', 'sync; find "$1" -type f -exec cat {} + >/dev/null', 'sh', dir])
      await peer(`cp -r of the ${format} files, sync`, 'cp -r "$1" "$2" && sync -f "$2"', dir)
      await peer(`rsync -a of the ${format} files, sync`, 'rsync -a "$1"/ "$2" && sync -f "$2"', dir)
      await mailcoffer('archive', 'create', `${format} ${run}`)
      await ours(`import of ${format}`, 'import', `${format} ${run}`, dir)
      rmSync(dir, { recursive: true })
    }
  console.log('\nmedian:')
  for (const [who, all] of Object.entries(seconds)) {
    const median = all.sort((a, b) => a - b)[Math.floor((all.length - 1) / 2)]!
    console.log(
      `${who.padEnd(40)} ${median.toFixed(2).padStart(7)} s ${(corpus.bytes / 1e6 / median).toFixed(0).padStart(6)} MB/s ${(corpus.messages / median).toFixed(0).padStart(7)} messages/s`,
    )
  }
} finally {
  rmSync(home, { recursive: true, force: true })
}

async function mailcoffer(...args: string[]) {
  return measure(process.execPath, ['--disable-warning=ExperimentalWarning', script, '--profile', join(home, 'profile'), '--json', ...args], { env })
}

async function capture(): Promise<void> {
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
  const { job } = JSON.parse(cost.stdout) as { job: { startedAt: number; endedAt: number; outcomes: Record<string, number> } }
  if (job.outcomes['failed'] || job.outcomes['added'] !== corpus.messages) throw new Error(`${who} is not whole: ${JSON.stringify(job.outcomes)}`)
  note(who, (job.endedAt - job.startedAt) / 1000, `CPU ${cost.cpuSeconds.toFixed(2)} s, the whole command ${cost.seconds.toFixed(2)} s`)
}

async function peer(who: string, command: string, from: string): Promise<void> {
  const to = join(home, 'peer')
  const cost = await measure('sh', ['-c', command, 'sh', from, to])
  note(who, cost.seconds, `CPU ${cost.cpuSeconds.toFixed(2)} s`)
  rmSync(to, { recursive: true })
}

function note(who: string, took: number, more: string): void {
  console.log(`${who.padEnd(40)} ${took.toFixed(2).padStart(7)} s  ${more}`)
  seconds[who] = [...(seconds[who] ?? []), took]
}
