/** What a copy waits for after its drive was pulled, its share lost, its disk full: resolves when it is worth trying again. */
import { access, constants, readdir, statfs } from 'node:fs/promises'
import { AppError, type ErrorCode } from '../../../contract/errors.ts'
import type { Clock } from '../../base/clock.ts'

/** A person who plugs a drive in looks at the screen. */
const LOOK_MS = 2_000
/** Less is not worth the next segment. */
const ROOM = 1024 * 1024

const passing = new Set<ErrorCode>([
  'destination-missing',
  'destination-other',
  'disk-full',
  'read-only',
  'permission-denied',
  'archive-in-use',
  'drive-unreliable',
])

/** Whether such an error may end by itself, or by what a person does at the drive. */
export const passes = (error: unknown): error is AppError => error instanceof AppError && passing.has(error.code)

export interface CopyWait {
  clock: Clock
  /** Ends with the wait. */
  signal: AbortSignal
  /** The folder, where it can be reached now. */
  find(): Promise<string | null>
}

export async function worthTrying(error: AppError, { clock, signal, find }: CopyWait): Promise<void> {
  const full = error.code === 'disk-full' ? await roomAt(await find()) : 0
  for (;;) {
    await clock.sleep(LOOK_MS, signal)
    const dir = await find()
    if (dir === null) continue
    if (error.code === 'destination-missing' || error.code === 'destination-other') return
    if (error.code === 'disk-full' && (await roomAt(dir)) >= full + ROOM) return
    if ((error.code === 'read-only' || error.code === 'permission-denied') && (await isWritable(dir))) return
  }
}

/** Why what was begun in `dir` cannot be found: the drive or share is away, or what is there now has no `name` in it, being another one or emptied. */
export async function awayFrom(dir: string, name: string): Promise<AppError> {
  const names = await readdir(dir).catch(() => null) // away
  return names !== null && !names.includes(name) ? otherAt(dir) : new AppError('destination-missing', `${dir} is away`, { facts: { path: dir } })
}

export const otherAt = (dir: string) => new AppError('destination-other', `${dir} is not what was written to`, { facts: { path: dir } })

const roomAt = async (dir: string | null): Promise<number> =>
  dir === null
    ? 0
    : statfs(dir).then(
        ({ bavail, bsize }) => bavail * bsize,
        () => 0,
      )

const isWritable = (dir: string): Promise<boolean> =>
  access(dir, constants.W_OK).then(
    () => true,
    () => false,
  )
