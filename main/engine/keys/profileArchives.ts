/** How a profile opens archives: its own slot in each, a slot that follows its password, a recovery code for when the archive travels. */
import { randomBytes } from 'node:crypto'
import { access, constants, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../contract/errors.ts'
import { KEY_BYTES } from './aead.ts'
import {
  addSlot,
  createKeyring,
  type Keyring,
  openWithPassword,
  openWithProfile,
  openWithRecoveryCode,
  readKeyring,
  repairKeyring,
  replaceSlot,
} from './keyring.ts'
import type { Profile } from './profile.ts'
import { newRecoveryCode, parseRecoveryCode } from './recoveryCode.ts'
import type { ArchiveEntry } from './settings.ts'

/** What the engine keeps of an archive's keyring in its ArchiveEntry. */
export type EntryKeys = Pick<ArchiveEntry, 'passwordSlot' | 'master'>

/** Keys of a new archive in an existing, empty folder. The recovery code is in no file: who calls shows it once. */
export async function createArchiveKeys(
  profile: Profile,
  dir: string,
  id: string,
): Promise<{ master: Uint8Array; recoveryCode: string; keys: EntryKeys }> {
  const master = new Uint8Array(randomBytes(KEY_BYTES))
  const code = newRecoveryCode()
  const prepared = profile.passwordForSlots()
  const keyring = await createKeyring(dir, id, master, [
    { kind: 'profile', key: profile.key() },
    { kind: 'password', prepared },
    { kind: 'recovery', code: code.bytes },
  ])
  const slot = keyring.slots[1]!
  return { master, recoveryCode: code.text, keys: { passwordSlot: { id: slot.id, salt: slot.kdf.salt } } }
}

/**
 * The master key of an archive the profile knows. Throws archive-locked when the profile has no slot in it (any more).
 * Puts a damaged keyring right, and brings the password slot up to date when the password changed while the archive was away;
 * `keys` are then other than the entry's.
 */
export async function openArchiveKeys(profile: Profile, entry: ArchiveEntry): Promise<{ master: Uint8Array; keyring: Keyring; keys: EntryKeys }> {
  let keyring = await readKeyring(entry.dir, entry.id)
  const master = entry.master ? new Uint8Array(Buffer.from(entry.master, 'base64')) : await openWithProfile(keyring, profile.key())
  if (!(await writable(entry.dir))) return { master, keyring, keys: keysOf(entry) }
  if (keyring.damaged) keyring = await repairKeyring(entry.dir, keyring)
  return { master, ...(await followPassword(profile, entry, keyring, master)) }
}

/**
 * Takes in an archive from elsewhere, opened by its password or its recovery code, and gives the profile a slot in it.
 * Neither: the profile must have a slot already. In a folder that cannot be written, the profile keeps the key itself.
 */
export async function adoptArchiveKeys(
  profile: Profile,
  dir: string,
  id: string,
  secret: { password?: string | undefined; recoveryCode?: string | undefined },
): Promise<{ master: Uint8Array; keyring: Keyring; keys: EntryKeys }> {
  let keyring = await readKeyring(dir, id)
  const own = await openWithProfile(keyring, profile.key()).catch(ifLocked)
  if (own) return { master: own, keyring, keys: {} }
  const master = await openFromOutside(keyring, secret)
  if (!(await writable(dir))) return { master, keyring, keys: { master: Buffer.from(master).toString('base64') } }
  keyring = await addSlot(dir, keyring, master, { kind: 'profile', key: profile.key() })
  return { master, keyring, keys: {} }
}

/** A slot for the profile in an archive that it has opened with a key of its own keeping. */
export async function addProfileSlot(profile: Profile, dir: string, id: string, master: Uint8Array): Promise<void> {
  const keyring = await readKeyring(dir, id)
  const own = await openWithProfile(keyring, profile.key()).catch(ifLocked)
  if (!own) await addSlot(dir, keyring, master, { kind: 'profile', key: profile.key() })
}

/**
 * After a change of password: the slots of all archives that can be reached follow it. The others stay as they are and follow when
 * they are opened again; their ids come back.
 */
export async function followPasswordEverywhere(profile: Profile): Promise<{ deferred: string[] }> {
  const deferred: string[] = []
  for (const entry of profile.settings().archives) {
    if (!isBehind(profile, entry)) continue
    try {
      const { keys } = await openArchiveKeys(profile, entry)
      const current = { ...entry, ...keys }
      if (isBehind(profile, current)) deferred.push(entry.id)
      else
        await profile.update(settings => ({ ...settings, archives: settings.archives.map(one => (one.id === entry.id ? { ...one, ...keys } : one)) }))
    } catch {
      deferred.push(entry.id) // Away, read-only or damaged: the entry's old salt remembers what is still to be done.
    }
  }
  return { deferred }
}

/** Archives in a folder that this profile key opens: what can be had back when the settings are lost. Their names and accounts cannot. */
export async function foundArchives(archivesDir: string, profileKey: Uint8Array): Promise<ArchiveEntry[]> {
  const found: ArchiveEntry[] = []
  for (const id of await readdir(archivesDir).catch(() => [])) {
    const dir = join(archivesDir, id)
    const opens = await readKeyring(dir, id)
      .then(keyring => openWithProfile(keyring, profileKey))
      .then(
        () => true,
        () => false,
      )
    if (opens) found.push({ id, dir, name: id.slice(0, 8), recoveryConfirmed: false, demo: false })
  }
  return found
}

async function followPassword(
  profile: Profile,
  entry: ArchiveEntry,
  keyring: Keyring,
  master: Uint8Array,
): Promise<{ keyring: Keyring; keys: EntryKeys }> {
  const slot = keyring.slots.find(one => one.id === entry.passwordSlot?.id)
  if (!slot || !isBehind(profile, entry)) return { keyring, keys: keysOf(entry) }
  const prepared = profile.passwordForSlots()
  const next = slot.kdf.salt === prepared.kdf.salt ? keyring : await replaceSlot(entry.dir, keyring, slot.id, master, { kind: 'password', prepared })
  return { keyring: next, keys: { ...keysOf(entry), passwordSlot: { id: slot.id, salt: prepared.kdf.salt } } }
}

function isBehind(profile: Profile, entry: ArchiveEntry): boolean {
  const present = profile.settings().password?.kdf.salt
  return entry.passwordSlot !== undefined && present !== undefined && entry.passwordSlot.salt !== present
}

async function openFromOutside(keyring: Keyring, secret: { password?: string | undefined; recoveryCode?: string | undefined }): Promise<Uint8Array> {
  if (secret.password !== undefined) return openWithPassword(keyring, secret.password)
  if (secret.recoveryCode !== undefined) return openWithRecoveryCode(keyring, parseRecoveryCode(secret.recoveryCode))
  throw new AppError('archive-locked', 'the password or the recovery code of the archive is needed')
}

function ifLocked(error: unknown): null {
  if (error instanceof AppError && error.code === 'archive-locked') return null
  throw error
}

function keysOf(entry: ArchiveEntry): EntryKeys {
  return { ...(entry.passwordSlot && { passwordSlot: entry.passwordSlot }), ...(entry.master !== undefined && { master: entry.master }) }
}

/** A copy counts as not writable: its keyring is that of its archive, and is written anew from it. */
async function writable(dir: string): Promise<boolean> {
  return !(await may(join(dir, 'copy.json'), constants.F_OK)) && may(dir, constants.W_OK)
}

const may = (path: string, mode: number): Promise<boolean> =>
  access(path, mode).then(
    () => true,
    () => false,
  )
