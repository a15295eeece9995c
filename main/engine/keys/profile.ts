/**
 * A profile: what one person has on one computer. One password opens it, and it opens every archive.
 *
 *   profile.json         {"mailcoffer":"profile","format":1,"id":…,"created":…}
 *   keyring.json         slots of the profile key: the password, and this computer's keychain where the person wants it
 *   settings.sealed      everything else, sealed under the profile key
 *   index/, archives/    the indexes of the archives; new archives, unless another place is asked for
 *
 * Nothing readable in it names an address, a person or a path.
 */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../contract/errors.ts'
import type { ProfileStatus } from '../../contract/types.ts'
import type { Clock } from '../base/clock.ts'
import { fileError } from '../base/fileError.ts'
import { writeFileAtomic } from '../base/files.ts'
import { makeFolders } from '../base/folders.ts'
import { newArchiveId } from '../base/ids.ts'
import { KEY_BYTES } from './aead.ts'
import type { PasswordCost } from './kdf.ts'
import {
  addSlot,
  createKeyring,
  type Keyring,
  openWithKeychain,
  openWithPassword,
  readKeyring,
  removeSlot,
  repairKeyring,
  replaceSlot,
} from './keyring.ts'
import { followPasswordEverywhere, foundArchives } from './profileArchives.ts'
import { type ArchiveEntry, emptySettings, readSettings, type Settings, writeSettings } from './settings.ts'
import { type PreparedPassword, preparePassword } from './slot.ts'

export type { ArchiveEntry, Settings }

/** Characters, counted as people count them. */
const LEAST_PASSWORD = 8
const FILE = 'profile.json'
const fileSchema = z.object({ mailcoffer: z.literal('profile'), format: z.number().int() })

export interface Profile {
  readonly dir: string
  status(): ProfileStatus
  /** Throws profile-exists, weak-password. Leaves the profile unlocked. */
  create(password: string, keychainSecret?: Uint8Array): Promise<void>
  /** `profileKey`: what `key` gave before a crash of the engine. Throws profile-missing, wrong-password, no-keychain. */
  unlock(secret: { password: string } | { keychainSecret: Uint8Array } | { profileKey: Uint8Array }): Promise<void>
  /** Forgets the key. */
  lock(): void
  /**
   * Throws wrong-password, weak-password, profile-locked. The archives' password slots follow; the ids of those that could not be
   * reached come back, and they follow when they are next opened.
   */
  changePassword(oldPassword: string, newPassword: string): Promise<{ deferred: string[] }>
  /** 32 random bytes that the system's keychain keeps, or null to take that way in away. */
  setKeychain(secret: Uint8Array | null): Promise<void>
  /** Throws profile-locked, as everything below. */
  settings(): Settings
  /** Reads the settings again (another process may have changed them), changes them, makes them durable. One change at a time. */
  update(change: (settings: Settings) => Settings): Promise<Settings>
  /** For this room only: opens the profile's slots in archives. */
  key(): Uint8Array
  /** For slots in archives that follow the profile's password. */
  passwordForSlots(): PreparedPassword
  indexDir(): string
  archivesDir(): string
}

export interface ProfileOptions {
  clock: Clock
  /** What a guess at the password costs; tests make it cheap. */
  cost?: PasswordCost
  /** Told when something damaged was put right. */
  onNotice?: (line: string) => void
}

/** Looks at the folder, which need not exist yet. Throws newer-format, keyring-damaged, keyring-excessive. */
export async function openProfile(dir: string, { clock, cost, onNotice = () => {} }: ProfileOptions): Promise<Profile> {
  let keyring = await existingKeyring(dir)
  let open: { key: Uint8Array; settings: Settings } | null = null
  let queue: Promise<unknown> = Promise.resolve()

  const opened = () => {
    if (!open) throw new AppError('profile-locked', 'the profile is locked')
    return open
  }
  const present = () => {
    if (!keyring) throw new AppError('profile-missing', 'there is no profile', { facts: { dir } })
    return keyring
  }
  const oneByOne = <T>(work: () => Promise<T>): Promise<T> => {
    const run = queue.then(work, work)
    queue = run.catch(() => {})
    return run
  }
  const update = (change: (settings: Settings) => Settings) =>
    oneByOne(async () => {
      const state = opened()
      const before = (await readSettings(dir, present().owner, state.key)).settings ?? state.settings
      const next = change(before)
      await writeSettings(dir, present().owner, state.key, before, next).catch(fileError('destination-missing', dir))
      state.settings = next
      return next
    })

  const profile: Profile = {
    dir,
    status: () => ({
      exists: keyring !== null,
      unlocked: open !== null,
      keychain: keyring?.slots.some(slot => slot.kind === 'keychain') ?? false,
      dir,
    }),

    create: async (password, keychainSecret) => {
      if (keyring ?? (await existingKeyring(dir))) throw new AppError('profile-exists', 'there is a profile already', { facts: { dir } })
      checkStrength(password)
      await makeProfileFolders(dir)
      const id = newArchiveId()
      const key = new Uint8Array(randomBytes(KEY_BYTES))
      const prepared = await preparePassword(password, cost)
      const slots = await preparePassword(password, cost)
      await writeSettings(dir, id, key, emptySettings, { ...emptySettings, password: rememberedPassword(slots, prepared.kdf.salt) })
      // The profile exists from here on. A crash before it leaves nothing that asks for a password nobody has.
      keyring = await createKeyring(dir, id, key, [
        { kind: 'password', prepared },
        ...(keychainSecret ? [{ kind: 'keychain' as const, secret: keychainSecret }] : []),
      ])
      const file = { mailcoffer: 'profile', format: 1, id, created: new Date(clock.now()).toISOString() } as const
      await writeFileAtomic(join(dir, FILE), `${JSON.stringify(file)}\n`)
      open = { key, settings: (await readSettings(dir, id, key)).settings ?? emptySettings }
    },

    unlock: async secret => {
      keyring = await existingKeyring(dir)
      const ring = present()
      const key = await keyBy(ring, secret)
      if (ring.damaged) {
        onNotice('keyring.json was damaged; the generation before it is used')
        keyring = await repairKeyring(dir, ring).catch(() => ring) // A folder that cannot be written can still be read.
      }
      const { settings, damaged } = await readSettings(dir, ring.owner, key)
      // A key from before is not proven by a slot: on a profile that was replaced meanwhile it must not write over anything.
      if (!settings && 'profileKey' in secret) throw new AppError('profile-locked', 'the key from before does not open this profile')
      if (damaged)
        onNotice(settings ? 'settings.sealed was damaged; the generation before it is used' : 'the settings are lost; archives are looked for')
      open = { key, settings: settings ?? { ...emptySettings, archives: await foundArchives(profile.archivesDir(), key) } }
      if (!settings) await update(() => opened().settings)
      if ('password' in secret) await rememberPassword(secret.password)
    },

    lock: () => {
      const key = open?.key
      open = null
      // A change of the settings that is under way still needs it.
      void queue.then(() => key?.fill(0))
    },

    changePassword: async (oldPassword, newPassword) => {
      const { key } = opened()
      const ring = present()
      await openWithPassword(ring, oldPassword)
      checkStrength(newPassword)
      const slot = ring.slots.find(one => one.kind === 'password')
      const prepared = await preparePassword(newPassword, cost)
      keyring = slot
        ? await replaceSlot(dir, ring, slot.id, key, { kind: 'password', prepared })
        : await addSlot(dir, ring, key, { kind: 'password', prepared })
      await rememberPassword(newPassword)
      return followPasswordEverywhere(profile)
    },

    setKeychain: async secret => {
      const { key } = opened()
      for (const slot of present().slots) if (slot.kind === 'keychain') keyring = await removeSlot(dir, present(), slot.id)
      if (secret) keyring = await addSlot(dir, present(), key, { kind: 'keychain', secret })
    },

    settings: () => opened().settings,
    update,
    key: () => Uint8Array.from(opened().key),
    passwordForSlots: () => {
      const stored = opened().settings.password
      if (!stored) throw new AppError('profile-locked', 'the password has to be given once')
      return { kdf: stored.kdf, key: Buffer.from(stored.key, 'base64') }
    },
    indexDir: () => join(dir, 'index'),
    archivesDir: () => join(dir, 'archives'),
  }

  /** After a change of password, and where a crash came between the two halves of one. */
  async function rememberPassword(password: string): Promise<void> {
    const of = saltOfPassword(present())
    if (opened().settings.password?.of === of) return
    const slots = await preparePassword(password, cost)
    await update(settings => ({ ...settings, password: rememberedPassword(slots, of) }))
  }

  return profile
}

async function keyBy(keyring: Keyring, secret: Parameters<Profile['unlock']>[0]): Promise<Uint8Array> {
  if ('password' in secret) return openWithPassword(keyring, secret.password)
  if ('keychainSecret' in secret) return openWithKeychain(keyring, secret.keychainSecret)
  return Uint8Array.from(secret.profileKey)
}

/** Throws weak-password. */
export function checkStrength(password: string): void {
  const length = [...password].length
  if (length < LEAST_PASSWORD) throw new AppError('weak-password', 'the password is too short', { facts: { length, least: LEAST_PASSWORD } })
}

/** Null where there is no profile. Throws newer-format, keyring-damaged, keyring-excessive. */
async function existingKeyring(dir: string): Promise<Keyring | null> {
  const marked = await readMark(dir)
  if (marked && marked.format > 1) throw new AppError('newer-format', `profile format ${marked.format}`, { facts: { format: marked.format } })
  try {
    return await readKeyring(dir)
  } catch (error) {
    // A profile that lost its keyring is no free place for a new one.
    if (error instanceof AppError && error.facts['missing'] === true && !marked) return null
    throw error
  }
}

/** profile.json holds nothing that is needed to open the profile: damaged is as good as absent. */
async function readMark(dir: string): Promise<{ format: number } | null> {
  try {
    return fileSchema.parse(JSON.parse(await readFile(join(dir, FILE), 'utf8')))
  } catch {
    return null // Absent, or damaged.
  }
}

async function makeProfileFolders(dir: string): Promise<void> {
  for (const one of [dir, join(dir, 'index'), join(dir, 'archives')]) await makeFolders(one, 0o700).catch(fileError('destination-missing', dir))
}

function rememberedPassword(slots: PreparedPassword, of: string): Settings['password'] {
  return { kdf: slots.kdf, key: Buffer.from(slots.key).toString('base64'), of }
}

function saltOfPassword(keyring: Keyring): string {
  return keyring.slots.find(slot => slot.kind === 'password')?.kdf.salt ?? ''
}
