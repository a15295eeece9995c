/**
 * What each part of a first capture costs by itself, in processor seconds for a gigabyte: fetching, preparing, the log, the index.
 *
 *   npm run bench -- parts [--corpus small|medium] [--corpora DIR] [--workers N]
 *
 * The parts run one after the other on the same messages, so nothing overlaps and nothing competes; a capture does them side by side.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { systemClock } from '../main/engine/base/clock.ts'
import type { IndexWriter, ParsedMessage, StoredRecord } from '../main/engine/index/types.ts'
import { openIndexWriter } from '../main/engine/index/writer.ts'
import { createPool } from '../main/engine/jobs/pool/pool.ts'
import type { Prepared } from '../main/engine/jobs/pool/types.ts'
import { deriveArchiveKeys } from '../main/engine/keys/archiveKeys.ts'
import type { Fact } from '../main/engine/log/facts.ts'
import { createLog } from '../main/engine/log/open.ts'
import type { LogWriter, RecordId } from '../main/engine/log/types.ts'
import { connectImap } from '../main/engine/mail/imap/connect.ts'
import type { Corpus } from '../test/help/corpus.ts'
import { dovecotMissing, startDovecot } from '../test/help/dovecot.ts'
import { findCorpus, warm } from './help/findCorpus.ts'

const { values } = parseArgs({
  options: {
    corpus: { type: 'string', default: 'small' },
    corpora: { type: 'string', ...(process.env['MAILCOFFER_CORPORA'] ? { default: process.env['MAILCOFFER_CORPORA'] } : {}) },
    workers: { type: 'string', default: '1' },
  },
})
const ID = 'ab'.repeat(16)
const BATCH_MESSAGES = 100
const BATCH_BYTES = 8 * 1024 * 1024

const corpus = findCorpus(values.corpus, values.corpora)
const costs = new Map<string, { cpu: number; seconds: number }>()
warm(corpus)
if (!dovecotMissing) await fetchOnly(corpus)
await store(corpus)
report()

/** All messages over one connection, thrown away as they come. */
async function fetchOnly({ dir }: Corpus): Promise<void> {
  const server = await startDovecot({ users: ['bench'], maildir: join(dir, 'Maildir') })
  try {
    const settings = { protocol: 'imap', host: server.host, port: server.imapPort, security: 'plain', user: server.user } as const
    const session = await connectImap({ settings, password: server.password })
    await timed('fetch', async () => {
      for (const mailbox of await session.list()) {
        if (!mailbox.selectable) continue
        await session.examine(mailbox.raw)
        const uids = [...(await session.allUids())]
        for (let at = 0; at < uids.length; at += 300) for await (const message of session.fetch(uids.slice(at, at + 300))) void message.bytes
      }
    })
    await session.close()
  } finally {
    await server.stop()
  }
}

async function store({ dir: from }: Corpus): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'mailcoffer-bench-'))
  const keys = deriveArchiveKeys(new Uint8Array(32).fill(7), ID)
  const pool = createPool({ idKey: keys.idKey, workers: Number(values.workers) })
  const log = await createLog(join(dir, 'archive'), { id: ID, keys, clock: systemClock })
  const indexPath = join(dir, 'index.db')
  const index = openIndexWriter({ path: indexPath, key: keys.indexKey })
  try {
    await save(
      log,
      index,
      [],
      [
        { k: 'mailbox', mailbox: 1, path: ['INBOX'], delimiter: '/', raw: 'INBOX', role: 'inbox', selectable: true, subscribed: true, present: true },
        { k: 'epoch', epoch: 1, mailbox: 1, uidValidity: 1 },
      ],
    )
    let uid = 0
    for (const messages of batches(join(from, 'Maildir'))) {
      const prepared = await timed('prepare', () => pool.prepare(messages))
      const facts = prepared.map(
        ({ id, size }): Fact => ({ k: 'placed', epoch: 1, uid: ++uid, id, size, internalDate: 1_600_000_000 + uid * 60, zone: 0, flags: ['\\Seen'] }),
      )
      await save(log, index, prepared, facts)
      pool.stored(prepared.flatMap(one => one.records.map(({ id }) => id)))
    }
    await timed('index', () => index.flush())
    await log.close()
    const logBytes = readdirSync(join(dir, 'archive/log')).reduce((sum, name) => sum + statSync(join(dir, 'archive/log', name)).size, 0)
    console.log(`log ${(logBytes / corpus.bytes).toFixed(3)} of raw, index ${(statSync(indexPath).size / corpus.bytes).toFixed(3)} of raw`)
  } finally {
    await pool.close()
    index.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

async function save(log: LogWriter, index: IndexWriter, prepared: Prepared[], facts: Fact[]): Promise<void> {
  const fresh = new Map(prepared.flatMap(one => one.records).map(record => [record.id, record]))
  for (const id of fresh.keys()) if (index.has(id)) fresh.delete(id)
  const { commit, records } = await timed('log', async () => {
    const places = await log.put([...fresh.values()])
    const records = [...fresh.keys()].map((id, at): StoredRecord => ({ id, place: places[at]! }))
    return { commit: await log.commit(facts), records }
  })
  await timed('index', () => index.apply(commit, records, new Map<RecordId, ParsedMessage>(prepared.map(one => [one.id, one.parsed!]))))
}

/** Messages of a Maildir in the order of their files, in batches as capture makes them. */
function* batches(maildir: string): Generator<Uint8Array[]> {
  let batch: Uint8Array[] = []
  let bytes = 0
  const files = readdirSync(maildir, { recursive: true, withFileTypes: true }).filter(file => file.isFile() && /\/(cur|new)$/.test(file.parentPath))
  for (const file of files) {
    const message = readFileSync(join(file.parentPath, file.name))
    batch.push(message)
    bytes += message.length
    if (batch.length < BATCH_MESSAGES && bytes < BATCH_BYTES) continue
    yield batch
    batch = []
    bytes = 0
  }
  if (batch.length > 0) yield batch
}

/** Processor time of the whole process while it ran: nothing else runs meanwhile, workers included. */
async function timed<T>(part: string, work: () => T | Promise<T>): Promise<T> {
  const before = process.cpuUsage()
  const from = performance.now()
  const result = await work()
  const { user, system } = process.cpuUsage(before)
  const sum = costs.get(part) ?? { cpu: 0, seconds: 0 }
  costs.set(part, { cpu: sum.cpu + (user + system) / 1e6, seconds: sum.seconds + (performance.now() - from) / 1000 })
  return result
}

function report(): void {
  const gigabytes = corpus.bytes / 1e9
  for (const [part, { cpu, seconds }] of costs) {
    console.log(
      `${part.padEnd(8)} ${(cpu / gigabytes).toFixed(1).padStart(6)} CPU s/GB  ${(seconds / gigabytes).toFixed(1).padStart(6)} s/GB  ${((gigabytes * 1000) / seconds).toFixed(0).padStart(5)} MB/s`,
    )
  }
  const all = [...costs.values()].reduce((sum, { cpu }) => sum + cpu, 0)
  console.log(`${'sum'.padEnd(8)} ${(all / gigabytes).toFixed(1).padStart(6)} CPU s/GB`)
}
