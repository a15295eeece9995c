/** Which profile the engine works with: the person's own, or, while they try the sample mailbox without one, a temporary one that goes away with it. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from './base/clock.ts'
import { createEmitter } from './base/emitter.ts'
import { openProfile, type Profile, type ProfileOptions } from './keys/profile.ts'

export interface Profiles {
  /** The profile in use. Throws newer-format, keyring-damaged, keyring-excessive. */
  current(): Promise<Profile>
  /** Changes to a new, unlocked, temporary profile. */
  beginTrial(): Promise<Profile>
  /** Back to the person's own profile, locked; a temporary one is deleted. */
  lock(): Promise<void>
  readonly temporary: boolean
  /** Locked, unlocked, or another one is in use. */
  onChange(listener: () => void): () => void
  changed(): void
}

/** Trying the sample mailbox protects nothing worth guessing at; the password is random and nobody knows it. */
const TRIAL_COST: NonNullable<ProfileOptions['cost']> = { memory: 8 * 1024, passes: 1, lanes: 1 }

export interface ProfilesOptions {
  clock: Clock
  log: (line: string) => void
  /** See ProfileOptions. */
  cost?: ProfileOptions['cost']
}

export function createProfiles(dir: string, { clock, log, cost }: ProfilesOptions): Profiles {
  const changes = createEmitter<void>()
  let own: Promise<Profile> | null = null
  let trial: Profile | null = null

  const openOwn = () => {
    own ??= openProfile(dir, { clock, onNotice: log, ...(cost && { cost }) }).catch(error => {
      own = null
      throw error
    })
    return own
  }
  const dropTrial = async () => {
    if (!trial) return
    const gone = trial
    trial = null
    gone.lock()
    await rm(gone.dir, { recursive: true, force: true })
  }

  return {
    current: async () => trial ?? openOwn(),
    beginTrial: async () => {
      await dropTrial()
      const place = await mkdtemp(join(tmpdir(), 'mailcoffer-sample-'))
      const profile = await openProfile(place, { clock, cost: TRIAL_COST, onNotice: log })
      await profile.create(randomBytes(24).toString('base64'))
      trial = profile
      changes.emit()
      return profile
    },
    lock: async () => {
      await dropTrial()
      if (own) (await own).lock()
      changes.emit()
    },
    get temporary() {
      return trial !== null
    },
    onChange: listener => changes.subscribe(listener),
    changed: () => changes.emit(),
  }
}
