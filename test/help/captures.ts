/** What tests of capture need around it: an archive in a temporary folder, with the real log, index and pool, and a context that keeps what it is told. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { AppError } from '../../main/contract/errors.ts'
import type { AccountSettings, JobProgress } from '../../main/contract/types.ts'
import { type Clock, systemClock } from '../../main/engine/base/clock.ts'
import { openIndexWriter } from '../../main/engine/index/writer.ts'
import { capture } from '../../main/engine/jobs/capture/capture.ts'
import { createPool } from '../../main/engine/jobs/pool/pool.ts'
import type { Pool, Prepared } from '../../main/engine/jobs/pool/types.ts'
import { createStore } from '../../main/engine/jobs/store.ts'
import type { ArchiveStore, JobContext } from '../../main/engine/jobs/types.ts'
import { type ArchiveKeys, deriveArchiveKeys } from '../../main/engine/keys/archiveKeys.ts'
import type { Fact, FactOf } from '../../main/engine/log/facts.ts'
import { readMessage } from '../../main/engine/log/message.ts'
import { createLog } from '../../main/engine/log/open.ts'
import type { LogWriter, RecordId } from '../../main/engine/log/types.ts'
import { connectImap } from '../../main/engine/mail/imap/connect.ts'
import type { Connect } from '../../main/engine/mail/types.ts'

export interface TestArchive {
  store: ArchiveStore
  /** For readers beside the store's own connection. */
  indexFile: { path: string; key: Uint8Array }
  /** Every fact of the log, in order. */
  facts(): Promise<Fact[]>
  factsOf<K extends Fact['k']>(kind: K): Promise<FactOf<K>[]>
  /** The exact bytes of a stored message. */
  bytes(id: string): Promise<Buffer>
  close(): Promise<void>
}

// One for all tests of a file: every archive here has the same keys, and a worker takes longer to start than a test to run.
let pool: Pool | null = null
afterAll(() => pool?.close())

export async function testArchive(): Promise<TestArchive> {
  const dir = mkdtempSync(join(tmpdir(), 'mailcoffer-capture-'))
  mkdirSync(join(dir, 'archive'))
  const id = '0123456789abcdef'.repeat(2)
  const keys: ArchiveKeys = deriveArchiveKeys(new Uint8Array(32).fill(7), id)
  const log: LogWriter = await createLog(join(dir, 'archive'), { id, keys, clock: systemClock })
  const indexFile = { path: join(dir, 'index.db'), key: keys.indexKey }
  const index = openIndexWriter(indexFile)
  pool ??= createPool({ idKey: keys.idKey, workers: 1 })
  const ours = pool
  const store = createStore({ log, index, pool: ours })
  const facts = async () => {
    const all: Fact[] = []
    for await (const item of log.scan()) if (item.type === 'commit') all.push(...item.commit.facts)
    return all
  }
  const read = async (record: RecordId) => (await log.read(index.place(record)!, record)).bytes
  return {
    indexFile,
    store,
    facts,
    factsOf: async kind => (await facts()).filter(fact => fact.k === kind) as never,
    bytes: async message => Buffer.from(await readMessage(read, message as RecordId)),
    close: async () => {
      ours.forget()
      index.close()
      await log.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Saves messages that were prepared, one a second, in an INBOX of their own: UIDs from 1. */
export async function saveInInbox(store: ArchiveStore, prepared: readonly Prepared[]): Promise<void> {
  await store.save(prepared, [
    { k: 'mailbox', mailbox: 1, path: ['INBOX'], delimiter: '/', raw: 'INBOX', role: 'inbox', selectable: true, subscribed: true, present: true },
    { k: 'epoch', epoch: 1, mailbox: 1, uidValidity: 1 },
    ...prepared.map(
      ({ id, size }, i): Fact => ({ k: 'placed', epoch: 1, uid: i + 1, id, size, internalDate: 1_700_000_000 + i, zone: 0, flags: [] }),
    ),
  ])
}

export interface Heard {
  progress: Partial<JobProgress>
  outcomes: Record<'added' | 'unchanged' | 'failed', number>
  failures: { what: string; error: AppError }[]
  result: Record<string, string | number | boolean>
}

export interface CaptureTrial {
  archive: TestArchive
  settings: Partial<AccountSettings> & { host: string; port: number; user: string }
  password: string
  connections?: number
  connect?: Connect
  clock?: Clock
  terms?: Parameters<typeof capture>[0]['terms']
  signal?: AbortSignal
  checkpoint?: () => Promise<void>
}

/** Waits are not waited for: back-off is tested by what is tried, not by how long it takes. */
export const impatientClock: Clock = { now: systemClock.now, sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 5), signal) }

/** One capture, from beginning to end; throws what it throws. */
export async function captureOnce(trial: CaptureTrial): Promise<Heard> {
  const heard: Heard = { progress: {}, outcomes: { added: 0, unchanged: 0, failed: 0 }, failures: [], result: {} }
  const ctx: JobContext = {
    signal: trial.signal ?? new AbortController().signal,
    clock: trial.clock ?? impatientClock,
    progress: update => Object.assign(heard.progress, update),
    checkpoint: trial.checkpoint ?? (async () => {}),
    failed: (what, error) => {
      heard.outcomes.failed++
      heard.failures.push({ what, error })
    },
    count: (outcome, by = 1) => {
      heard.outcomes[outcome] += by
    },
    result: values => Object.assign(heard.result, values),
    log: () => {},
  }
  const settings: AccountSettings = { protocol: 'imap', security: 'plain', ...trial.settings }
  await capture(
    {
      store: trial.archive.store,
      connect: trial.connect ?? connectImap,
      settings,
      password: trial.password,
      ...(trial.terms && { terms: trial.terms }),
      ...(trial.connections && { connections: trial.connections }),
    },
    ctx,
  )
  return heard
}
