/**
 * The system's keychain through Electron's safeStorage: it seals a secret that opens the profile, kept in a file of the profile.
 * Where safeStorage has only `basic_text` (a password that is in Electron's source) there is no keychain, and nothing is kept.
 */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SafeStorage } from 'electron'
import { AppError } from '../contract/errors.ts'

export interface Keychain {
  status(): Promise<{ available: boolean; stored: boolean; backend: string }>
  /** Throws no-keychain. */
  create(): Promise<{ secret: string }>
  read(): Promise<{ secret: string | null }>
  forget(): Promise<void>
}

/** The part of safeStorage that is used. Electron 45 has the Async calls and deprecates the others; Electron 33 has only the others. */
export type Storage = Pick<SafeStorage, 'isEncryptionAvailable' | 'encryptString' | 'decryptString' | 'getSelectedStorageBackend'> &
  Partial<Pick<SafeStorage, 'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync'>>

export function openKeychain(dir: string, storage: Storage): Keychain {
  const file = join(dir, 'keychain.bin')

  const backend = () => {
    if (process.platform === 'linux') return storage.getSelectedStorageBackend()
    return process.platform === 'darwin' ? 'keychain' : 'dpapi'
  }
  const available = async () => {
    if (backend() === 'basic_text' || backend() === 'unknown') return false
    return storage.isAsyncEncryptionAvailable ? await storage.isAsyncEncryptionAvailable() : storage.isEncryptionAvailable()
  }

  return {
    async status() {
      return { available: await available(), stored: existsSync(file), backend: backend() }
    },
    async create() {
      if (!(await available())) throw new AppError('no-keychain', `no keychain: ${backend()}`, { facts: { backend: backend() } })
      const secret = randomBytes(32).toString('hex')
      const sealed = storage.encryptStringAsync ? await storage.encryptStringAsync(secret) : storage.encryptString(secret)
      await mkdir(dir, { recursive: true, mode: 0o700 })
      await writeFile(`${file}.tmp`, sealed, { mode: 0o600, flush: true })
      await rename(`${file}.tmp`, file)
      return { secret }
    },
    async read() {
      if (!existsSync(file) || !(await available())) return { secret: null }
      try {
        const sealed = await readFile(file)
        const secret = storage.decryptStringAsync ? (await storage.decryptStringAsync(sealed)).result : storage.decryptString(sealed)
        return { secret: /^[0-9a-f]{64}$/.test(secret) ? secret : null }
      } catch {
        return { secret: null } // another user's, another machine's, or the person refused: the password still opens the profile
      }
    },
    async forget() {
      await rm(file, { force: true })
    },
  }
}
