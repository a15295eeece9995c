/** Two computers that open one archive for the first time at the same moment write their keys into its keyring one after the other: else one would leave the other's out. */
import { join } from 'node:path'
import { AppError } from '../../contract/errors.ts'
import type { Clock } from '../base/clock.ts'
import { type Lock, takeLock } from '../log/lock.ts'

const TRY_EVERY_MS = 100
/** Whoever has it needs a moment; on a slow share some. */
const PATIENCE_MS = 15_000

export async function inKeyringTurn<T>(dir: string, clock: Clock, work: () => Promise<T>): Promise<T> {
  const lock = await takeTurn(join(dir, 'keyring.lock'), clock)
  try {
    return await work()
  } finally {
    await lock?.release()
  }
}

/** Null where the folder cannot be written: there is nothing to take turns for. */
async function takeTurn(path: string, clock: Clock): Promise<Lock | null> {
  for (const until = clock.now() + PATIENCE_MS; ; await clock.sleep(TRY_EVERY_MS)) {
    try {
      return await takeLock(path, { clock })
    } catch (error) {
      const code = error instanceof AppError ? error.code : null
      if (code === 'read-only' || code === 'permission-denied') return null
      if (code !== 'archive-in-use' || clock.now() > until) throw error
    }
  }
}
