/** What the key tests share: folders of their own, and passwords that cost a thirtieth of the real thing. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { AppError, type ErrorCode } from '../../../main/contract/errors.ts'
import type { PasswordCost } from '../../../main/engine/keys/kdf.ts'

/** The least that the bounds permit. */
export const cost: PasswordCost = { memory: 8 * 1024, passes: 1, lanes: 1 }

export const OWNER = '0123456789abcdef0123456789abcdef'
export const OTHER = 'fedcba9876543210fedcba9876543210'
export const key = (byte: number) => new Uint8Array(32).fill(byte)

const folders: string[] = []

export async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'mailcoffer-keys-'))
  folders.push(dir)
  return dir
}

afterEach(async () => {
  for (const dir of folders.splice(0)) await rm(dir, { recursive: true, force: true })
})

/** The code that a promise fails with; null when it does not fail. Anything but an AppError is thrown on. */
export async function codeOf(work: Promise<unknown>): Promise<ErrorCode | null> {
  return (await errorOf(work))?.code ?? null
}

export async function errorOf(work: Promise<unknown>): Promise<AppError | null> {
  try {
    await work
    return null
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}
