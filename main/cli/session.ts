/** The engine's client as the commands use it, and the profile, opened or made. */
import type { EngineClient, InputOf, OutputOf, WatchName } from '../contract/contract.ts'
import { AppError } from '../contract/errors.ts'
import type { ArchiveSummary, Mailbox, ProfileStatus } from '../contract/types.ts'
import type { Secrets } from './secrets.ts'
import type { Terminal } from './terminal.ts'

const TRIES = 3

/** The same client, but every question ends when the person presses Ctrl-C, whether its answer heeds that or not. */
export function interruptible(client: EngineClient, signal: AbortSignal): EngineClient {
  return {
    ...client,
    // A job is cancelled by asking for it, and then its end is waited for.
    call: (name, input, options) =>
      name.startsWith('job.') ? client.call(name, input, options) : orCancelled(client.call(name, input, { signal, ...options }), signal),
    watch: (name, input, onValue, onError) => client.watch(name, input, onValue, onError),
    on: (name, listener) => client.on(name, listener),
  }
}

export async function orCancelled<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => {}) // Nobody waits for it any more once we are cancelled.
  if (signal.aborted) throw new AppError('cancelled', 'cancelled')
  let onAbort = () => {}
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(new AppError('cancelled', 'cancelled'))
    signal.addEventListener('abort', onAbort, { once: true })
  })
  return Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', onAbort))
}

/** Unlocks the profile; with `create`, makes it where there is none. Throws profile-missing, wrong-password, weak-password. */
export async function openProfile(engine: EngineClient, terminal: Terminal, secrets: Secrets, create: boolean): Promise<ProfileStatus> {
  const status = await engine.call('profile.status', {})
  if (status.unlocked) return status
  if (!status.exists) {
    if (!create) throw new AppError('profile-missing', 'there is no profile', { facts: { path: status.dir } })
    if (terminal.canAsk) terminal.err('A new profile. Choose a password of at least 8 characters; it opens all your archives.\n')
    return engine.call('profile.create', { password: await secrets.newPassword('profile', 'New password: ') })
  }
  const given = await secrets.given('profile')
  if (given !== null) return engine.call('profile.unlock', { password: given })
  for (let n = 1; ; n++) {
    try {
      return await engine.call('profile.unlock', {
        password: await secrets.password('profile', n === 1 ? 'Password: ' : 'This is not the password. Password: '),
      })
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'wrong-password') || n === TRIES) throw error
    }
  }
}

/** The present value of something that can be watched. */
export function presentValue<N extends WatchName>(engine: EngineClient, name: N, input: InputOf<N>, signal: AbortSignal): Promise<OutputOf<N>> {
  let end = () => {}
  const first = new Promise<OutputOf<N>>((resolve, reject) => {
    end = engine.watch(name, input, resolve, reject)
  })
  return orCancelled(first, signal).finally(() => end())
}

/** By its name (case does not matter where that is plain), or its id. Throws archive-unknown. */
export function findArchive(archives: readonly ArchiveSummary[], wanted: string): ArchiveSummary {
  const exact = archives.find(({ name, id }) => name === wanted || id === wanted)
  const [alike, another] = archives.filter(({ name }) => same(name, wanted))
  const found = exact ?? (another ? undefined : alike)
  if (!found) throw new AppError('archive-unknown', `no archive ${wanted}`, { facts: { name: wanted } })
  return found
}

/** As `mailboxes` names it. INBOX in any case: RFC 9051 5.1. Throws not-found. */
export async function findMailbox(engine: EngineClient, archive: string, wanted: string, signal: AbortSignal): Promise<Mailbox> {
  const mailboxes = await presentValue(engine, 'mailboxes', { archive }, signal)
  const found = mailboxes.find(({ name }) => name === wanted) ?? mailboxes.find(({ name }) => same(name, wanted))
  if (!found) throw new AppError('not-found', `no mailbox ${wanted}`, { facts: { what: `mailbox "${wanted}"` } })
  return found
}

const same = (one: string, other: string) => one.normalize('NFC').toLowerCase() === other.normalize('NFC').toLowerCase()
