/** A slot: the master key, wrapped so that one secret opens it (docs/FORMAT.md section 2). */
import { z } from 'zod'
import { newSlotId } from '../base/ids.ts'
import { KEY_BYTES, NONCE_BYTES, NotOpened, open, seal, TAG_BYTES } from './aead.ts'
import { canonicalKdf, type Kdf, kdfSchema, keyFromPassword, keyFromSecret, keyKdf, type PasswordCost, passwordKdf } from './kdf.ts'

const base64 = (bytes: number) =>
  z.string().refine(text => {
    const decoded = Buffer.from(text, 'base64')
    // Only the one spelling: Node's decoder passes over what it does not know, and a changed character must not go unnoticed.
    return decoded.length === bytes && decoded.toString('base64') === text
  })

export const slotSchema = z
  .strictObject({
    id: z.string().regex(/^[0-9a-f]{16}$/),
    kind: z.enum(['password', 'recovery', 'profile', 'keychain']),
    label: z.string().max(200),
    role: z.enum(['owner', 'reader']),
    kdf: kdfSchema,
    nonce: base64(NONCE_BYTES),
    wrapped: base64(KEY_BYTES + TAG_BYTES),
  })
  .refine(slot => (slot.kind === 'password') === (slot.kdf.name === 'argon2id'))
export type Slot = z.infer<typeof slotSchema>

/** The key that a password gives under these parameters: makes slots for that password where the password itself is not at hand. */
export interface PreparedPassword {
  kdf: Kdf & { name: 'argon2id' }
  key: Uint8Array
}

export async function preparePassword(password: string, cost?: PasswordCost): Promise<PreparedPassword> {
  const kdf = passwordKdf(cost)
  return { kdf, key: await keyFromPassword(password, kdf) }
}

/** What opens a slot. `code`, `key` and `secret` are random bytes: a recovery code's 20, a profile's 32, the 32 in the system's keychain. */
export type Secret =
  | { kind: 'password'; password: string }
  | { kind: 'recovery'; code: Uint8Array }
  | { kind: 'profile'; key: Uint8Array }
  | { kind: 'keychain'; secret: Uint8Array }

/** A slot to be made. `cost` is for passwords: what a guess shall cost. `id` where a slot is replaced and keeps its name. */
export type NewSlot = (Secret | { kind: 'password'; prepared: PreparedPassword }) & {
  label?: string
  role?: Slot['role']
  cost?: PasswordCost
  id?: string
}

/** `owner` is the id of the archive or the profile whose key it is: a slot does not open in another's keyring. */
export async function wrap(owner: string, master: Uint8Array, wanted: NewSlot): Promise<Slot> {
  const slot = {
    id: wanted.id ?? newSlotId(),
    kind: wanted.kind,
    label: wanted.label ?? '',
    role: wanted.role ?? ('owner' as const),
    kdf: wanted.kind !== 'password' ? keyKdf() : 'prepared' in wanted ? wanted.prepared.kdf : passwordKdf(wanted.cost),
  }
  const key = 'prepared' in wanted ? wanted.prepared.key : await keyFor(slot.kdf, wanted)
  const { nonce, sealed } = seal(key, master, contextOf(owner, slot))
  return { ...slot, nonce: Buffer.from(nonce).toString('base64'), wrapped: Buffer.from(sealed).toString('base64') }
}

/** The master key, or null when this secret does not open this slot, or the slot was changed. Throws keyring-excessive. */
export async function unwrap(owner: string, slot: Slot, secret: Secret): Promise<Uint8Array | null> {
  if (slot.kind !== secret.kind) return null
  const key = await keyFor(slot.kdf, secret)
  try {
    return open(key, Buffer.from(slot.nonce, 'base64'), Buffer.from(slot.wrapped, 'base64'), contextOf(owner, slot))
  } catch (error) {
    if (error instanceof NotOpened) return null
    throw error
  }
}

async function keyFor(kdf: Kdf, secret: Secret): Promise<Uint8Array> {
  if (kdf.name === 'argon2id' && secret.kind === 'password') return keyFromPassword(secret.password, kdf)
  if (kdf.name === 'hkdf' && secret.kind === 'recovery') return keyFromSecret(secret.code, kdf, 'recovery')
  if (kdf.name === 'hkdf' && secret.kind === 'profile') return keyFromSecret(secret.key, kdf, 'profile')
  if (kdf.name === 'hkdf' && secret.kind === 'keychain') return keyFromSecret(secret.secret, kdf, 'keychain')
  throw new TypeError(`a ${secret.kind} slot has no ${kdf.name}`)
}

/** All but the label is bound into the seal: a slot cannot be moved, relabelled as another kind, given more rights, or made cheaper to guess. */
function contextOf(owner: string, slot: Omit<Slot, 'nonce' | 'wrapped' | 'label'>): Uint8Array {
  return Buffer.from(`mailcoffer/1/slot|${owner}|${slot.id}|${slot.kind}|${slot.role}|${canonicalKdf(slot.kdf)}`)
}
