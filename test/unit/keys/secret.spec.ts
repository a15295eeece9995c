import { expect, test } from 'vitest'
import { AppError } from '../../../main/contract/errors.ts'
import { deriveArchiveKeys } from '../../../main/engine/keys/archiveKeys.ts'
import { openSecret, sealSecret } from '../../../main/engine/keys/secret.ts'
import { key, OTHER, OWNER } from './cheap.ts'

const keys = deriveArchiveKeys(key(1), OWNER)
const failure = (work: () => unknown) => {
  try {
    work()
    return null
  } catch (error) {
    return error instanceof AppError ? error.code : error
  }
}

test('an account password opens with the keys of its archive, and is not readable before', () => {
  const sealed = sealSecret(keys, 'hunter2 żółć')
  expect(openSecret(keys, sealed)).toBe('hunter2 żółć')
  expect(Buffer.from(sealed, 'base64').includes('hunter2')).toBe(false)
  expect(sealSecret(keys, 'hunter2 żółć')).not.toBe(sealed)
})

test('sealed for one archive, it opens in no other; changed, it opens nowhere', () => {
  const sealed = sealSecret(keys, 'hunter2')
  expect(failure(() => openSecret(deriveArchiveKeys(key(1), OTHER), sealed))).toBe('account-missing')
  expect(failure(() => openSecret(deriveArchiveKeys(key(2), OWNER), sealed))).toBe('account-missing')
  const bytes = Buffer.from(sealed, 'base64')
  for (let at = 0; at < bytes.length; at++) {
    const bad = Buffer.from(bytes)
    bad[at]! ^= 1
    expect(failure(() => openSecret(keys, bad.toString('base64')))).toBe('account-missing')
  }
  expect(failure(() => openSecret(keys, ''))).toBe('account-missing')
})
