/** Which folder a copy goes to, and where a known one is now. */
import { basename, join, relative, resolve, sep } from 'node:path'
import { AppError } from '../../../contract/errors.ts'
import { diskError, realDisk } from '../../base/files.ts'
import { randomHex } from '../../base/ids.ts'
import { volumeRoots } from '../../base/volumes.ts'
import { COPY_FILE, readCopyClaim } from '../../log/copyFile.ts'
import { awayFrom, otherAt } from './wait.ts'

export interface CopyPlace {
  dir: string
  copy: string
  /** Nothing is there yet. */
  fresh: boolean
}

/**
 * What a person has chosen: the copy itself, a folder it is in, an empty folder for it, or a drive that has other things on it, where it gets a folder
 * of its own. Throws destination-missing, folder-not-empty, invalid-input.
 */
export async function placeForCopy(chosen: string, archive: { id: string; dir: string }): Promise<CopyPlace> {
  const dir = resolve(chosen)
  const way = relative(resolve(archive.dir), dir)
  if (way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && way !== dir))
    throw new AppError('invalid-input', 'the copy would be inside the archive', {
      facts: { path: dir, problem: 'A copy cannot be inside the folder of its archive.' },
    })
  const here = await lookAt(dir, archive.id)
  if (here) return here
  const own = join(dir, `Mailcoffer-${archive.id.slice(0, 8)}`)
  const there = await lookAt(own, archive.id)
  if (there) return there
  throw new AppError('folder-not-empty', `${own} holds something else`, { facts: { path: own } })
}

/** Where this copy can be reached now: where it was, or at the same path of another mount point. Null where it is away. */
export async function findCopy(archive: string, known: { id: string; dir: string; within: string }): Promise<string | null> {
  const places = [known.dir, ...(await volumeRoots()).map(root => join(root, known.within))]
  for (const dir of new Set(places)) {
    const claim = await readCopyClaim(dir).catch(() => null) // cannot be read: away
    if (claim?.archive === archive && claim.copy === known.id) return dir
  }
  return null
}

/** Why a known copy is not where it was. */
export async function whyAway({ id, dir }: { id: string; dir: string }): Promise<AppError> {
  const claim = await readCopyClaim(dir).catch(() => null) // cannot be read: away
  return claim && claim.copy !== id ? otherAt(dir) : awayFrom(dir, COPY_FILE)
}

/** Null where it is full of something else. */
async function lookAt(dir: string, archive: string): Promise<CopyPlace | null> {
  const claim = await readCopyClaim(dir).catch(error => {
    throw diskError(error, dir)
  })
  if (claim) return claim.archive === archive ? { dir, copy: claim.copy, fresh: false } : null
  const names = await realDisk.list(dir).catch(error => {
    throw diskError(error, dir)
  })
  const fresh = { dir, copy: randomHex(8), fresh: true }
  if (names === null) {
    // A folder is made, the way to it is not: without its drive, all of it would be made on this computer's disk.
    const above = resolve(dir, '..')
    if ((await realDisk.stat(above)) === null) throw new AppError('destination-missing', `${above} is not there`, { facts: { path: above } })
    return fresh
  }
  // A first run that ended before it had begun leaves an empty log folder.
  return names.every(name => name === 'log' || basename(name).endsWith('.tmp')) && ((await realDisk.list(join(dir, 'log'))) ?? []).length === 0
    ? fresh
    : null
}
