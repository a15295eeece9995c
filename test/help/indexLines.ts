/** Everything the index of a profile's only archive says, as lines that do not depend on how it came about. */
import { join } from 'node:path'
import { systemClock } from '../../main/engine/base/clock.ts'
import { dumpIndex } from '../../main/engine/index/dump.ts'
import { type ArchiveKeys, deriveArchiveKeys } from '../../main/engine/keys/archiveKeys.ts'
import { openProfile } from '../../main/engine/keys/profile.ts'
import { openArchiveKeys } from '../../main/engine/keys/profileArchives.ts'

export async function indexLines(profileDir: string, password: string): Promise<string[]> {
  const keys = await openedKeys(profileDir, password)
  return [...dumpIndex({ path: join(profileDir, 'index', `${keys.archiveId}.db`), key: keys.indexKey })]
}

/** The keys of a profile's only archive. */
export async function openedKeys(profileDir: string, password: string): Promise<ArchiveKeys> {
  const profile = await openProfile(profileDir, { clock: systemClock })
  await profile.unlock({ password })
  const [entry] = profile.settings().archives
  if (!entry) throw new Error('the profile has no archive')
  const { master } = await openArchiveKeys(profile, entry)
  profile.lock()
  return deriveArchiveKeys(master, entry.id)
}
