/** Account passwords: sealed under the archive's secret key, kept in the profile's settings, opened only to connect. */
import { AppError } from '../../contract/errors.ts'
import { NONCE_BYTES, NotOpened, open, seal } from './aead.ts'
import type { ArchiveKeys } from './archiveKeys.ts'

type SecretKeys = Pick<ArchiveKeys, 'archiveId' | 'secretKey'>

/** Base64 of nonce, ciphertext and tag. */
export function sealSecret(keys: SecretKeys, plain: string): string {
  const { nonce, sealed } = seal(keys.secretKey, Buffer.from(plain), contextOf(keys))
  return Buffer.concat([nonce, sealed]).toString('base64')
}

/** Throws account-missing when it was sealed for another archive or was changed: the person has to give the password again. */
export function openSecret(keys: SecretKeys, text: string): string {
  const bytes = Buffer.from(text, 'base64')
  try {
    return Buffer.from(open(keys.secretKey, bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES), contextOf(keys))).toString()
  } catch (error) {
    if (error instanceof NotOpened) throw new AppError('account-missing', 'the stored account password does not open', { cause: error })
    throw error
  }
}

function contextOf(keys: SecretKeys): Uint8Array {
  return Buffer.from(`mailcoffer/1/account|${keys.archiveId}`)
}
