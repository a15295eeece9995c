/** A profile's settings: what must not be readable in its folder (names, addresses, paths), sealed as one file, two generations of it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { captureRules } from '../../contract/captureRules.ts'
import { AppError } from '../../contract/errors.ts'
import { searchList } from '../../contract/search.ts'
import { signInClient } from '../../contract/signIn.ts'
import { accountSettings, archiveId, errorSchema } from '../../contract/types.ts'
import { writeFileAtomic } from '../base/files.ts'
import { KEY_BYTES, NONCE_BYTES, NotOpened, open, seal } from './aead.ts'
import { hkdf } from './archiveKeys.ts'
import { copyEntry } from './copyEntry.ts'
import { kdfSchema, saltSchema } from './kdf.ts'

const PRESENT = 'settings.sealed'
const PREVIOUS = 'settings.prev.sealed'
const MAGIC = Buffer.from('MCOFSET1')

export const archiveEntry = z.object({
  id: archiveId,
  name: z.string(),
  dir: z.string(),
  account: accountSettings.optional(),
  /** As sealSecret gives it. */
  sealedPassword: z.string().optional(),
  recoveryConfirmed: z.boolean(),
  demo: z.boolean(),
  /** New mail is captured as it comes; where nothing was said, it is. */
  watch: z.boolean().optional(),
  /** What a person has said about how it is captured; the rest is as usual. */
  rules: captureRules.partial().optional(),
  /** The server refused the account, and nothing has changed since. */
  refused: z.object({ at: z.number().int(), error: errorSchema }).optional(),
  /** The server has said how long it wants to be left alone. */
  busy: z.object({ until: z.number().int(), error: errorSchema }).optional(),
  /** The slot in the archive's keyring that follows the profile's password, and the salt it has now: another than the profile's is out of date. */
  passwordSlot: z.object({ id: z.string(), salt: saltSchema }).optional(),
  /** The folder is a copy of an archive that is not here: for reading. */
  isCopy: z.boolean().optional(),
  /** Where copies of it are kept. */
  copies: z.array(copyEntry).optional(),
  /** Base64 of the master key, only where the archive's folder cannot be written and so can hold no slot for this profile. */
  master: z.string().optional(),
})
export type ArchiveEntry = z.infer<typeof archiveEntry>

export const settingsSchema = z.object({
  v: z.literal(1),
  archives: z.array(archiveEntry),
  /** Absent until there are any. */
  searches: searchList.optional(),
  /** What this program is to providers that are signed in at. */
  signInClients: z.array(signInClient).optional(),
  /**
   * The key that the profile's password gives under `kdf`, so that archives made or met while the password is not at hand (opened through the
   * keychain; a drive that was away when it changed) get a slot for it. `of` is the salt of the profile's own password slot it belongs to.
   */
  password: z.object({ kdf: kdfSchema.options[0], key: z.string(), of: saltSchema }).nullable(),
})
export type Settings = z.infer<typeof settingsSchema>

export const emptySettings: Settings = { v: 1, archives: [], password: null }

/** Null when neither generation is there or opens; `damaged` when the present one is not the one that was read. Throws newer-format. */
export async function readSettings(dir: string, profileId: string, profileKey: Uint8Array): Promise<{ settings: Settings | null; damaged: boolean }> {
  const present = await readOne(join(dir, PRESENT), profileId, profileKey)
  if (present) return { settings: present, damaged: false }
  return { settings: await readOne(join(dir, PREVIOUS), profileId, profileKey), damaged: true }
}

/** `before` becomes the previous generation: what was read and is good, not whatever bytes stand in the file. */
export async function writeSettings(dir: string, profileId: string, profileKey: Uint8Array, before: Settings, next: Settings): Promise<void> {
  await writeFileAtomic(join(dir, PREVIOUS), sealed(profileId, profileKey, before))
  await writeFileAtomic(join(dir, PRESENT), sealed(profileId, profileKey, next))
}

function sealed(profileId: string, profileKey: Uint8Array, settings: Settings): Uint8Array {
  const plain = Buffer.from(JSON.stringify(settingsSchema.parse(settings)))
  const box = seal(keyOf(profileId, profileKey), plain, contextOf(profileId))
  return Buffer.concat([MAGIC, box.nonce, box.sealed])
}

async function readOne(path: string, profileId: string, profileKey: Uint8Array): Promise<Settings | null> {
  try {
    const bytes = await readFile(path)
    if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null
    const nonce = bytes.subarray(MAGIC.length, MAGIC.length + NONCE_BYTES)
    const plain = open(keyOf(profileId, profileKey), nonce, bytes.subarray(MAGIC.length + NONCE_BYTES), contextOf(profileId))
    const raw: { v?: unknown } = JSON.parse(Buffer.from(plain).toString())
    // Not damage: writing over them would lose what a newer version put there.
    if (typeof raw.v === 'number' && raw.v > 1) throw new AppError('newer-format', `settings format ${raw.v}`, { facts: { format: raw.v } })
    return settingsSchema.parse(raw)
  } catch (error) {
    // Damaged, torn or of another key: the other generation may be good, and the caller says it when both are not.
    const damaged = error instanceof NotOpened || error instanceof z.ZodError || error instanceof SyntaxError
    if (damaged || (error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function keyOf(profileId: string, profileKey: Uint8Array): Uint8Array {
  if (profileKey.length !== KEY_BYTES) throw new TypeError('a profile key has 32 bytes')
  return hkdf(profileKey, Buffer.from(profileId, 'hex'), 'mailcoffer/1/settings')
}

function contextOf(profileId: string): Uint8Array {
  return Buffer.from(`mailcoffer/1/settings|${profileId}`)
}
