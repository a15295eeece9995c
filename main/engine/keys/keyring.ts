/**
 * keyring.json: the slots that open an archive's master key, or a profile's (docs/FORMAT.md section 2). Two generations are kept.
 * A keyring is small, is read as a whole, and every change writes a new generation of it.
 */
import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../contract/errors.ts'
import type { SlotSummary } from '../../contract/types.ts'
import { writeFileAtomic } from '../base/files.ts'
import { checkCost, type PasswordCost } from './kdf.ts'
import { type NewSlot, type Secret, type Slot, slotSchema, unwrap, wrap } from './slot.ts'

export type { NewSlot, PasswordCost, Secret, Slot }

const PRESENT = 'keyring.json'
const PREVIOUS = 'keyring.prev.json'
const MAX_BYTES = 1024 * 1024
const MAX_SLOTS = 64
/** Each costs one Argon2id on a wrong password. */
const MAX_PASSWORD_SLOTS = 8

/** A keyring as it was read. Plain data: the functions below take it and give the next one. */
export interface Keyring {
  /** Id of the archive, or of the profile. */
  readonly owner: string
  readonly generation: number
  readonly slots: readonly Slot[]
  /** Slots of the generation before that differ from the present ones: one of them may open where the present one was damaged. */
  readonly spare: readonly Slot[]
  /** keyring.json was damaged or missing, and this is keyring.prev.json. The next change writes a good one. */
  readonly damaged: boolean
}

const fileSchema = z.strictObject({
  format: z.number().int(),
  archive: z.string().regex(/^[0-9a-f]{32}$/),
  generation: z.number().int().nonnegative(),
  slots: z.array(slotSchema),
})
type KeyringFile = z.infer<typeof fileSchema>

/** Writes the first keyring into a folder that has none: both generations, since a sole damaged one would be the end of the archive. */
export async function createKeyring(dir: string, owner: string, master: Uint8Array, wanted: readonly NewSlot[]): Promise<Keyring> {
  const slots: Slot[] = []
  for (const one of wanted) slots.push(await wrap(owner, master, one))
  const keyring: Keyring = { owner, generation: 1, slots, spare: [], damaged: false }
  checkBounds(toFile(keyring))
  await writeFileAtomic(join(dir, PREVIOUS), keyringText(keyring))
  await writeFileAtomic(join(dir, PRESENT), keyringText(keyring))
  return keyring
}

/** Throws keyring-damaged when neither generation can be read (fact `missing` when there is none), keyring-excessive, newer-format. */
export async function readKeyring(dir: string, owner?: string): Promise<Keyring> {
  const present = await readFileOf(join(dir, PRESENT), owner)
  const previous = await readFileOf(join(dir, PREVIOUS), owner)
  if (present.file) {
    const same = new Set(present.file.slots.map(slot => JSON.stringify(slot)))
    const spare = previous.file?.slots.filter(slot => !same.has(JSON.stringify(slot))) ?? []
    return fromFile(present.file, spare, false)
  }
  // What a newer version wrote is no damage: the generation before must not answer for it, and not be written over it.
  if (present.error.code === 'newer-format') throw present.error
  if (previous.file) return fromFile(previous.file, [], true)
  throw present.error
}

/** The master key. Throws wrong-password. */
export function openWithPassword(keyring: Keyring, password: string): Promise<Uint8Array> {
  return openWith(keyring, { kind: 'password', password }, 'wrong-password')
}

/** The master key; `code` as parseRecoveryCode gives it. Throws wrong-recovery-code with the fact `mistyped: false`. */
export function openWithRecoveryCode(keyring: Keyring, code: Uint8Array): Promise<Uint8Array> {
  return openWith(keyring, { kind: 'recovery', code }, 'wrong-recovery-code', { mistyped: false })
}

/** The master key. Throws archive-locked: this profile has no slot in the keyring, so a password or the code is needed. */
export function openWithProfile(keyring: Keyring, key: Uint8Array): Promise<Uint8Array> {
  return openWith(keyring, { kind: 'profile', key }, 'archive-locked')
}

/** The master key of a profile. Throws no-keychain. */
export function openWithKeychain(keyring: Keyring, secret: Uint8Array): Promise<Uint8Array> {
  return openWith(keyring, { kind: 'keychain', secret }, 'no-keychain')
}

export async function addSlot(dir: string, keyring: Keyring, master: Uint8Array, wanted: NewSlot): Promise<Keyring> {
  return write(dir, keyring, [...keyring.slots, await wrap(keyring.owner, master, wanted)])
}

/** The slot keeps its id, label and role. What opened it before opens nothing in this folder any more. */
export async function replaceSlot(dir: string, keyring: Keyring, slotId: string, master: Uint8Array, wanted: NewSlot): Promise<Keyring> {
  const old = keyring.slots.find(slot => slot.id === slotId)
  if (!old) throw new AppError('not-found', `no slot ${slotId}`)
  const slot = await wrap(keyring.owner, master, { label: old.label, role: old.role, ...wanted, id: old.id })
  return writeTwice(
    dir,
    keyring,
    keyring.slots.map(one => (one === old ? slot : one)),
  )
}

export async function removeSlot(dir: string, keyring: Keyring, slotId: string): Promise<Keyring> {
  return writeTwice(
    dir,
    keyring,
    keyring.slots.filter(slot => slot.id !== slotId),
  )
}

/** Writes a good keyring.json in the place of a damaged one. */
export function repairKeyring(dir: string, keyring: Keyring): Promise<Keyring> {
  return write(dir, keyring, keyring.slots)
}

export function slotSummaries(keyring: Keyring): SlotSummary[] {
  return keyring.slots.map(({ id, kind, label, role }) => ({ id, kind, label, role }))
}

async function openWith(
  keyring: Keyring,
  secret: Secret,
  code: 'wrong-password' | 'wrong-recovery-code' | 'archive-locked' | 'no-keychain',
  facts: Record<string, boolean> = {},
): Promise<Uint8Array> {
  for (const slot of [...keyring.slots, ...keyring.spare]) {
    const master = await unwrap(keyring.owner, slot, secret)
    if (master) return master
  }
  throw new AppError(code, `no ${secret.kind} slot opens`, { facts })
}

async function write(dir: string, keyring: Keyring, slots: readonly Slot[]): Promise<Keyring> {
  const onDisk = await readFileOf(join(dir, PRESENT), keyring.owner)
  if (onDisk.file && onDisk.file.generation !== keyring.generation)
    throw new AppError('archive-in-use', 'the keyring was changed by another process', { facts: { dir } })
  const next: Keyring = { ...keyring, generation: keyring.generation + 1, slots, spare: [], damaged: false }
  checkBounds(toFile(next))
  // The generation that we read and checked becomes the previous one, not whatever bytes stand in keyring.json.
  await writeFileAtomic(join(dir, PREVIOUS), keyringText(keyring))
  await writeFileAtomic(join(dir, PRESENT), keyringText(next))
  return next
}

/** Twice, so that the previous generation, too, no longer holds what was replaced: an old password must not go on working there. */
async function writeTwice(dir: string, keyring: Keyring, slots: readonly Slot[]): Promise<Keyring> {
  return write(dir, await write(dir, keyring, slots), slots)
}

/** An answer, never an exception: the other generation may still be good. */
async function readFileOf(path: string, owner?: string): Promise<{ file: KeyringFile; error?: never } | { file?: never; error: AppError }> {
  try {
    const text = await readBounded(path)
    const file = parse(text)
    if (owner && file.archive !== owner) throw new AppError('keyring-damaged', 'the keyring of another archive')
    return { file }
  } catch (error) {
    if (error instanceof AppError) return { error }
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    return {
      error: new AppError('keyring-damaged', missing ? 'there is no keyring' : 'the keyring cannot be read', { cause: error, facts: { missing } }),
    }
  }
}

async function readBounded(path: string): Promise<string> {
  const { size } = await stat(path)
  if (size > MAX_BYTES) throw excessive('bytes', size, MAX_BYTES)
  const file = await open(path, 'r')
  try {
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

function parse(text: string): KeyringFile {
  const raw: unknown = JSON.parse(text)
  const format = z.object({ format: z.number() }).safeParse(raw)
  if (format.success && format.data.format > 1)
    throw new AppError('newer-format', `keyring format ${format.data.format}`, { facts: { format: format.data.format } })
  const slots = z.object({ slots: z.array(z.unknown()) }).safeParse(raw)
  if (slots.success && slots.data.slots.length > MAX_SLOTS) throw excessive('slots', slots.data.slots.length, MAX_SLOTS)
  const file = fileSchema.parse(raw)
  checkBounds(file)
  return file
}

/** Before any work is done, for every slot: a keyring with one excessive slot is refused as a whole. */
function checkBounds(file: KeyringFile): void {
  if (file.slots.length > MAX_SLOTS) throw excessive('slots', file.slots.length, MAX_SLOTS)
  const passwords = file.slots.filter(slot => slot.kind === 'password').length
  if (passwords > MAX_PASSWORD_SLOTS) throw excessive('password slots', passwords, MAX_PASSWORD_SLOTS)
  for (const slot of file.slots) if (slot.kdf.name === 'argon2id') checkCost(slot.kdf)
}

function excessive(parameter: string, value: number, most: number): AppError {
  return new AppError('keyring-excessive', `a keyring with ${parameter} ${value}`, { facts: { parameter, value, most } })
}

function toFile(keyring: Keyring): KeyringFile {
  return { format: 1, archive: keyring.owner, generation: keyring.generation, slots: [...keyring.slots] }
}

function fromFile(file: KeyringFile, spare: readonly Slot[], damaged: boolean): Keyring {
  return { owner: file.archive, generation: file.generation, slots: file.slots, spare, damaged }
}

/** As it stands in the file. */
export function keyringText(keyring: Keyring): string {
  return `${JSON.stringify(toFile(keyring), null, 1)}\n`
}
