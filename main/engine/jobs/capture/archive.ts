/** Capture of one archive of the profile: from its account, or, for the sample mailbox, from the server inside this program. */
import { AppError } from '../../../contract/errors.ts'
import type { AccountSettings } from '../../../contract/types.ts'
import type { Archives } from '../../archives.ts'
import type { Fact } from '../../log/facts.ts'
import { connectImap } from '../../mail/imap/connect.ts'
import type { Connect } from '../../mail/types.ts'
import { guardAgainstLosses, suspectsLoss } from '../losses/guard.ts'
import { headKeyOf } from '../pop3/head.ts'
import type { ArchiveStore, JobContext } from '../types.ts'
import { captureAccount } from './account.ts'
import { capture } from './capture.ts'

export interface Via {
  /** For IMAP; connections of its own where there is none. */
  connect?: Connect
  /** What has become durable. */
  onSaved?(facts: readonly Fact[]): void
  /** Asked at its end: some mailboxes were taken to be as they were last seen. */
  partial?(): boolean
  /** A person asks for it now. */
  byPerson?: boolean
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

async function captureInto(
  open: OpenArchive,
  archives: Archives,
  job: JobContext,
  { connect = connectImap, onSaved, partial, byPerson = false }: Via,
): Promise<boolean> {
  const { demo } = await archives.summary(open.id)
  const startedAt = job.clock.now()
  const store = telling(await open.store(), onSaved)
  const watched = { store, job, startedAt, takenBack: () => archives.takenBack(open.id) }
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
      const from = { archives, id: open.id, store, headKey: headKeyOf(open.keys), connect, byPerson }
      const shown = await captureAccount(from, context)
      complete &&= shown
      // Mail that a person moves while we go from mailbox to mailbox has left the one and is not met in the other: before anybody is alarmed, a second look.
      const { account } = await archives.summary(open.id)
      if (account?.protocol === 'imap' && !partial?.() && (await suspectsLoss(watched))) await captureAccount(from, inSilence(context))
    }
    if (!partial?.()) await guardAgainstLosses(watched)
    await readTexts(store, job, startedAt)
    return complete
  } catch (error) {
    // What is here has its headers and its text, whatever became of the rest. Who ended the job does not wait for that: it is read a little later.
    if (!job.signal.aborted) await store.readTexts(inSilence(job)).catch(() => {}) // the first error is the one to tell
    throw error
  } finally {
    // The index keeps texts back to write many at once; whoever is told that the capture has ended searches right away.
    store.index.publish()
  }
}

/** For a look that a person is not to see as a capture of its own; what cannot be had is named in the ledger all the same. */
const inSilence = (job: JobContext): JobContext => ({ ...job, progress: () => {}, count: () => {}, failed: () => {}, result: () => {} })

/** What came faster than it could be read is safe by now, and is read from the log. */
async function readTexts(store: ArchiveStore, job: JobContext, from: number): Promise<void> {
  if (store.index.pending(1).length === 0) return
  job.result({ safeAfterMs: job.clock.now() - from })
  await store.readTexts(job)
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

async function captureSample(store: ArchiveStore, job: JobContext): Promise<void> {
  // Composing its mailbox takes as long as all else that the engine does before it answers.
  const { startSampleServer } = await import('../../demo/sampleServer.ts')
  const server = await startSampleServer()
  try {
    const { host, port, user, password } = server
    const settings: AccountSettings = { protocol: 'imap', host, port, user, security: 'plain' }
    await capture({ store, connect: connectImap, settings, password }, job)
  } finally {
    await server.close()
  }
}
