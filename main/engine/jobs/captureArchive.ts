/** Capture of one archive of the profile: from its account, or, for the sample mailbox, from the server inside this program. */
import { AppError } from '../../contract/errors.ts'
import type { AccountSettings } from '../../contract/types.ts'
import type { Archives } from '../archives.ts'
import { startSampleServer } from '../demo/sampleServer.ts'
import type { Fact } from '../log/facts.ts'
import { connectImap } from '../mail/imap/connect.ts'
import { pop3Provider } from '../mail/pop3/provider.ts'
import type { Connect } from '../mail/types.ts'
import { capture } from './capture.ts'
import { guardAgainstLosses } from './losses/guard.ts'
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

/** Whether all that the server has is here now: nothing failed, and the server shows all of it. */
export async function captureArchive(archives: Archives, id: string, job: JobContext, via: Via = {}): Promise<boolean> {
  try {
    return await captureInto(await archives.open(id), archives, job, via)
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'index-damaged')) throw error
    // What was committed is safe in the log: the index is brought up to it, or built again, and capture goes on from there.
    job.log('the index could not follow; the archive is opened again')
    return await captureInto(await archives.reopen(id), archives, job, via)
  }
}

type OpenArchive = Awaited<ReturnType<Archives['open']>>

async function captureInto(open: OpenArchive, archives: Archives, job: JobContext, { connect = connectImap, onSaved }: Via): Promise<boolean> {
  const { demo } = await archives.summary(open.id)
  const startedAt = job.clock.now()
  const store = telling(await open.store(), onSaved)
  try {
    let complete = true
    const context: JobContext = {
      ...job,
      failed: (what, error) => {
        complete = false
        job.failed(what, error)
      },
    }
    if (demo) await captureSample(store, context)
    else {
      const account = await archives.account(open.id)
      await captureAccount(store, headKeyOf(open.keys), account, context, connect)
      if (account.settings.protocol === 'pop3' && pop3Provider(account.settings).windowed) complete = false
    }
    await guardAgainstLosses(store, job, startedAt)
    return complete
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
