/** What a copy or an export may be written to, and what can happen to it: drives.ts and samba.ts have them. */
import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Shell } from './shell.ts'

export interface Target {
  /** As a folder of this computer. */
  at: string
  /** It is away, in the middle of whatever goes on; then it is back. */
  pull(): Promise<void>
  plug(): Promise<void>
  /** Not a byte more fits on it; then there is room again. */
  fill(): Promise<void>
  empty(): Promise<void>
  /** It can only be read; then it can be written again. */
  protect(): Promise<void>
  release(): Promise<void>
  /** Nothing gets through for a while, again and again, as with a worn-out drive or a busy server. */
  slow(): Promise<void>
  hurry(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** The file system of `dir` with no room left, and with it again. */
export function withBallast(dir: string, shell: Shell): Pick<Target, 'fill' | 'empty'> {
  const ballast = join(dir, 'ballast')
  return {
    fill: async () => {
      const { bavail, bsize } = statfsSync(dir)
      if (await shell.try('fallocate', '-l', String(bavail * bsize), ballast)) return
      for (let room = bavail * bsize; room > 4096; room >>= 1)
        try {
          writeFileSync(ballast, Buffer.alloc(room, 1), { flag: 'a' })
        } catch {
          // what fits is in it
        }
    },
    empty: async () => rmSync(ballast, { force: true }),
  }
}
