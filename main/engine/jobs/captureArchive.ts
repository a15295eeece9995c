/** Capture of one archive of the profile: from its account, or, for the sample mailbox, from the server inside this program. */
import { AppError } from '../../contract/errors.ts'
import type { AccountSettings } from '../../contract/types.ts'
import type { Archives } from '../archives.ts'
import { startSampleServer } from '../demo/sampleServer.ts'
import type { Fact } from '../log/facts.ts'
import { connectImap } from '../mail/imap/connect.ts'
import type { Connect } from '../mail/types.ts'
import { capture } from './capture.ts'
import { capturePop3 } from './pop3Capture.ts'
import { headKeyOf } from './pop3Head.ts'
import { inItsTurn } from './pop3Turn.ts'
import type { ArchiveStore, JobContext } from './types.ts'

export interface Via {
  /** For IMAP; connections of its own where there is none. */
  connect?: Connect
  /** What has become durable. */
  onSaved?(facts: readonly Fact[]): void
}

export async function captureArchive(archives: Archives, id: string, job: JobContext, via: Via = {}): Promise<void> {
  try {
    await captureInto(await archives.open(id), archives, job, via)
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'index-damaged')) throw error
    // What was committed is safe in the log: the index is brought up to it, or built again, and capture goes on from there.
    job.log('the index could not follow; the archive is opened again')
    await captureInto(await archives.reopen(id), archives, job, via)
  }
}

type OpenArchive = Awaited<ReturnType<Archives['open']>>

async function captureInto(open: OpenArchive, archives: Archives, job: JobContext, { connect = connectImap, onSaved }: Via): Promise<void> {
  const { demo } = await archives.summary(open.id)
  const store = telling(await open.store(), onSaved)
  try {
    if (demo) await captureSample(store, job)
    else await captureAccount(store, headKeyOf(open.keys), await archives.account(open.id), job, connect)
  } finally {
    // The index keeps texts back to write many at once; whoever is told that the capture has ended searches right away.
    store.index.flush()
  }
}

function captureAccount(store: ArchiveStore, headKey: Uint8Array, account: Account, job: JobContext, connect: Connect): Promise<void> {
  if (account.settings.protocol === 'imap') return capture({ store, connect, ...account }, job)
  return inItsTurn(account.settings, job.clock, connect => capturePop3({ store, connect, headKey, ...account }, job))
}

function telling(store: ArchiveStore, onSaved: Via['onSaved']): ArchiveStore {
  if (!onSaved) return store
  return {
    ...store,
    save: async (prepared, facts) => {
      await store.save(prepared, facts)
      onSaved(facts)
    },
  }
}

type Account = Awaited<ReturnType<Archives['account']>>

async function captureSample(store: ArchiveStore, job: JobContext): Promise<void> {
  const server = await startSampleServer()
  try {
    const { host, port, user, password } = server
    const settings: AccountSettings = { protocol: 'imap', host, port, user, security: 'plain' }
    await capture({ store, connect: connectImap, settings, password }, job)
  } finally {
    await server.close()
  }
}
