/**
 * A ZIP file, unpacked into a folder that only this person can read and that is gone afterwards. Bounded: a small file that unpacks to more than
 * a hundred times its size, or to more entries than any mailbox has, is refused.
 */
import { createWriteStream } from 'node:fs'
import * as fs from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { openPromise } from 'yauzl'
import { makeFolders } from '../../base/folders.ts'
import { randomSuffix } from '../../base/ids.ts'
import { notRead, unreadable } from './files.ts'
import type { Reader } from './types.ts'

const RATIO_MAX = 100
const ALWAYS = 64 * 1024 * 1024
const ENTRIES_MAX = 5_000_000

export async function* zipFile(
  path: string,
  levels: readonly string[],
  where: string,
  temporary: string,
  read: (dir: string, levels: readonly string[], where: string, temporary: string) => Reader,
): Reader {
  const dir = join(temporary, randomSuffix())
  await makeFolders(dir, 0o700)
  try {
    await unpack(path, dir, where)
    yield* read(dir, levels, where, temporary)
  } catch (error) {
    yield notRead(where, error)
  } finally {
    await fs.rm(dir, { recursive: true, force: true })
  }
}

async function unpack(path: string, dir: string, where: string): Promise<void> {
  const most = Math.max(ALWAYS, (await fs.stat(path)).size * RATIO_MAX)
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false })
  let bytes = 0
  let entries = 0
  try {
    for await (const entry of zip.eachEntry()) {
      bytes += entry.uncompressedSize
      if (bytes > most || ++entries > ENTRIES_MAX) throw unreadable(where, 'it unpacks to more than mail would')
      if (entry.fileName.endsWith('/')) continue
      // yauzl refuses names that are absolute or lead upwards.
      const to = join(dir, ...entry.fileName.split('/').map(level => level.replaceAll('\0', '_').slice(0, 200)))
      await makeFolders(dirname(to), 0o700)
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(to, { mode: 0o600 }))
      await fs.utimes(to, entry.getLastModDate(), entry.getLastModDate()).catch(() => {}) // a date no file system knows is no loss
    }
  } finally {
    zip.close()
  }
}
