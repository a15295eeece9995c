import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AppError } from '../../../main/contract/errors.ts'
import { openKeychain, type Storage } from '../../../main/shell/keychain.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mailcoffer-keychain-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const turned = (bytes: Buffer) => Buffer.from(bytes.map(byte => byte ^ 0x5a))

/** As Electron 33 has it: synchronous calls alone. */
function oldStorage(backend: ReturnType<Storage['getSelectedStorageBackend']> = 'gnome_libsecret', available = true): Storage {
  return {
    isEncryptionAvailable: () => available,
    encryptString: text => turned(Buffer.from(text)),
    decryptString: sealed => {
      const text = turned(sealed).toString()
      if (!/^[0-9a-f]+$/.test(text)) throw new Error('Error while decrypting')
      return text
    },
    getSelectedStorageBackend: () => backend,
  }
}

/** As Electron 45 has it: the old calls must not be needed. */
function newStorage(): Storage {
  const old = oldStorage()
  const deprecated = () => {
    throw new Error('deprecated')
  }
  return {
    getSelectedStorageBackend: old.getSelectedStorageBackend,
    isEncryptionAvailable: deprecated,
    encryptString: deprecated,
    decryptString: deprecated,
    isAsyncEncryptionAvailable: async () => true,
    encryptStringAsync: async text => old.encryptString(text),
    decryptStringAsync: async sealed => ({ result: old.decryptString(sealed), shouldReEncrypt: false }),
  }
}

test.each([
  ['synchronous', oldStorage],
  ['asynchronous', newStorage],
])('a secret is kept sealed and comes back, with the %s calls', async (_name, storage) => {
  const { secret } = await openKeychain(dir, storage()).create()
  expect(secret).toMatch(/^[0-9a-f]{64}$/)
  expect((await readFile(join(dir, 'keychain.bin'))).includes(secret)).toBe(false)
  const again = openKeychain(dir, storage())
  expect(await again.read()).toEqual({ secret })
  expect(await again.status()).toMatchObject({ available: true, stored: true })
  await again.forget()
  expect(await again.read()).toEqual({ secret: null })
  expect(await again.status()).toMatchObject({ stored: false })
})

test.runIf(process.platform === 'linux').each(['basic_text', 'unknown'] as const)('%s is no keychain: nothing is kept under it', async backend => {
  const keychain = openKeychain(dir, oldStorage(backend))
  expect(await keychain.status()).toEqual({ available: false, stored: false, backend })
  const error = await keychain.create().catch((error: unknown) => error)
  expect(error).toBeInstanceOf(AppError)
  expect((error as AppError).code).toBe('no-keychain')
  expect(await keychain.status()).toMatchObject({ stored: false })
})

test('a keychain that is locked or another user’s gives nothing, and no error: the password still opens the profile', async () => {
  await openKeychain(dir, oldStorage()).create()
  expect(await openKeychain(dir, oldStorage('gnome_libsecret', false)).read()).toEqual({ secret: null })
  await writeFile(join(dir, 'keychain.bin'), 'sealed by somebody else')
  expect(await openKeychain(dir, oldStorage()).read()).toEqual({ secret: null })
})
