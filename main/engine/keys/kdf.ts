/** From a secret to the key that opens a slot. What a keyring may ask of this computer is bounded before any work is done. */
import * as crypto from 'node:crypto'
import { promisify } from 'node:util'
import { z } from 'zod'
import { AppError } from '../../contract/errors.ts'
import { KEY_BYTES } from './aead.ts'
import { hkdf } from './archiveKeys.ts'

const SALT_BYTES = 16
export const saltSchema = z
  .string()
  .refine(text => Buffer.from(text, 'base64').length === SALT_BYTES && Buffer.from(text, 'base64').toString('base64') === text)

export const kdfSchema = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('argon2id'), salt: saltSchema, memory: z.number().int(), passes: z.number().int(), lanes: z.number().int() }),
  z.strictObject({ name: z.literal('hkdf'), salt: saltSchema }),
])
export type Kdf = z.infer<typeof kdfSchema>

/** What a guess costs: memory in KiB, passes over it, lanes. */
export interface PasswordCost {
  memory: number
  passes: number
  lanes: number
}

/** 0.3 s of one core with hash-wasm; three times the passes of RFC 9106's second choice would be 1 s for nothing one can feel safe by. */
export const DEFAULT_COST: PasswordCost = { memory: 64 * 1024, passes: 3, lanes: 1 }

/** docs/FORMAT.md section 2. A keyring is a file that anybody can hand us: without these it could ask for all memory, or for days. */
const BOUNDS = { memory: [8 * 1024, 512 * 1024], passes: [1, 12], lanes: [1, 8] } as const

/** Throws keyring-excessive. */
export function checkCost(cost: PasswordCost): void {
  for (const [name, [least, most]] of Object.entries(BOUNDS)) {
    const value = cost[name as keyof PasswordCost]
    if (value >= least && value <= most) continue
    throw new AppError('keyring-excessive', `a key slot asks for ${name} ${value}`, { facts: { parameter: name, value, least, most } })
  }
}

export function passwordKdf(cost: PasswordCost = DEFAULT_COST): Kdf & { name: 'argon2id' } {
  checkCost(cost)
  return { name: 'argon2id', salt: newSalt(), ...cost }
}

export function keyKdf(): Kdf {
  return { name: 'hkdf', salt: newSalt() }
}

/** The text under which a slot's parameters are bound into its seal. */
export function canonicalKdf(kdf: Kdf): string {
  return kdf.name === 'hkdf' ? `hkdf,${kdf.salt}` : `argon2id,${kdf.salt},${kdf.memory},${kdf.passes},${kdf.lanes}`
}

/** Argon2id v1.3 of the password. */
export async function keyFromPassword(password: string, kdf: Kdf & { name: 'argon2id' }): Promise<Uint8Array> {
  checkCost(kdf)
  // Two keyboards write "é" differently: NFC makes them one password.
  const asked = { ...kdf, password: password.normalize('NFC'), salt: Buffer.from(kdf.salt, 'base64') }
  return (await argon2Native(asked)) ?? argon2Portable(asked)
}

interface Argon2 extends PasswordCost {
  password: string
  salt: Uint8Array
}

/**
 * Node.js 24.7 and later with OpenSSL have it: two thirds of the time, on a thread of its own, and its 64 MB are given back at once. WebAssembly's stay
 * until the next large collection, which may be all of a first capture away. Null where there is none; Electron's cryptography has none.
 */
export async function argon2Native({ password, salt, memory, passes, lanes }: Argon2): Promise<Uint8Array | null> {
  if (typeof crypto.argon2 !== 'function') return null
  const parameters = { message: Buffer.from(password), nonce: salt, parallelism: lanes, tagLength: KEY_BYTES, memory, passes }
  return promisify(crypto.argon2)('argon2id', parameters).then(
    key => new Uint8Array(key),
    () => null,
  )
}

/** It blocks its thread for as long as it takes. Loaded where it is needed: half a megabyte of code. */
export async function argon2Portable({ password, salt, memory, passes, lanes }: Argon2): Promise<Uint8Array> {
  const { argon2id } = await import('hash-wasm')
  return argon2id({ password, salt, memorySize: memory, iterations: passes, parallelism: lanes, hashLength: KEY_BYTES, outputType: 'binary' })
}

/** A secret that is random already needs no slow function: one HKDF, told apart by what it is for. */
export function keyFromSecret(secret: Uint8Array, kdf: Kdf & { name: 'hkdf' }, kind: 'recovery' | 'profile' | 'keychain'): Uint8Array {
  return hkdf(secret, Buffer.from(kdf.salt, 'base64'), `mailcoffer/1/${kind}`)
}

function newSalt(): string {
  return crypto.randomBytes(SALT_BYTES).toString('base64')
}
