/**
 * First capture of a whole account, against mbsync, and against mbsync with notmuch after it: same server, same mail, same run.
 *
 *   npm run bench -- capture [--corpus small|medium] [--corpora DIR] [--runs N] [--quick] [--json FILE]
 *
 * --quick leaves notmuch out, which takes most of the time.
 *
 * A corpus is looked for in --corpora (or MAILCOFFER_CORPORA) as DIR/<name>/Maildir with a manifest.json beside it; where there is none it
 * is made once, in a temporary folder that stays. Every contestant meets a Dovecot that was just started and knows nothing about the mail yet.
 */
import { writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { dovecotMissing, startDovecot } from '../test/help/dovecot.ts'
import { type Account, clearAway, mbsyncMissing, notmuchMissing, type Result, runMailcoffer, runPeers } from './help/contest.ts'
import { findCorpus, warm } from './help/findCorpus.ts'
import { buildEngine } from './help/measuredEngine.ts'

const { values } = parseArgs({
  options: {
    corpus: { type: 'string', default: 'small' },
    corpora: { type: 'string', ...(process.env['MAILCOFFER_CORPORA'] ? { default: process.env['MAILCOFFER_CORPORA'] } : {}) },
    runs: { type: 'string', default: '3' },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
})

if (dovecotMissing) process.exit(0) // said already: without a server there is nothing to measure
for (const reason of [mbsyncMissing, mbsyncMissing ? null : notmuchMissing]) if (reason) console.log(`SKIPPED: ${reason}`)

await buildEngine()
const corpus = findCorpus(values.corpus, values.corpora)
warm(corpus)
console.log(`${corpus.messages} messages, ${mega(corpus.bytes)} MB; ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)} before\n`)

process.on('exit', clearAway)
const all: Result[][] = []
for (let run = 1; run <= Number(values.runs); run++) {
  // By turns first, so that whatever the machine does over time hits both
  const contests = [
    () => onServer(async account => [await runMailcoffer(account)]),
    ...(mbsyncMissing ? [] : [() => onServer(account => runPeers(account, !values.quick))]),
  ]
  if (run % 2 === 0) contests.reverse()
  const results: Result[] = []
  for (const contest of contests) results.push(...(await contest()))
  for (const result of results) {
    if (result.messages !== corpus.messages) throw new Error(`${result.who} has ${result.messages} of ${corpus.messages} messages`)
    console.log(`run ${run}  ${line(result)}`)
  }
  all.push(results)
}
summary(all.flat())
if (values.json) writeFileSync(values.json, JSON.stringify({ corpus, runs: all }, null, 1))

async function onServer(work: (account: Account) => Promise<Result[]>): Promise<Result[]> {
  const server = await startDovecot({ users: ['bench'], maildir: join(corpus.dir, 'Maildir') })
  try {
    return await work({ host: server.host, port: server.imapPort, user: server.user, password: server.password })
  } finally {
    await server.stop()
  }
}

function summary(results: Result[]): void {
  console.log(`\nmedian of ${values.runs}:`)
  const medians = [...new Set(results.map(one => one.who))].map(who => {
    const mine = results.filter(one => one.who === who)
    const middle = (of: (one: Result) => number) => mine.map(of).sort((a, b) => a - b)[Math.floor((mine.length - 1) / 2)] as number
    return {
      who,
      seconds: middle(one => one.cost.seconds),
      safe: middle(one => one.safeSeconds ?? one.cost.seconds),
      cpu: middle(one => one.cost.cpuSeconds),
      peak: middle(one => one.cost.peakBytes ?? 0),
      disk: middle(one => one.diskBytes),
    }
  })
  const ours = medians.find(one => one.who === 'mailcoffer sync')
  for (const one of medians) {
    // mbsync ends with files on disk, which is what being safe in the log compares with; with notmuch it ends with search.
    const ratio =
      ours && one !== ours
        ? `  mailcoffer: all safe ${(one.seconds / ours.safe).toFixed(2)} times, searchable ${(one.seconds / ours.seconds).toFixed(2)} times as fast`
        : ''
    console.log(
      `${one.who.padEnd(20)} ${(corpus.messages / one.seconds).toFixed(0).padStart(6)} messages/s  ${mega(corpus.bytes / one.seconds)} MB/s  ` +
        `CPU ${one.cpu.toFixed(2)} s (${((one.cpu / corpus.bytes) * 1e9).toFixed(1)} s/GB)  peak ${mega(one.peak)} MB  disk ${(one.disk / corpus.bytes).toFixed(3)} of raw${ratio}`,
    )
  }
}

function line({ who, cost, diskBytes, note }: Result): string {
  return `${who.padEnd(20)} ${cost.seconds.toFixed(2).padStart(7)} s  CPU ${cost.cpuSeconds.toFixed(2).padStart(7)} s  peak ${mega(cost.peakBytes ?? 0).padStart(5)} MB  disk ${mega(diskBytes).padStart(6)} MB  ${note}`
}

function mega(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)
}
