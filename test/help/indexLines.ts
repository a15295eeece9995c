/** Everything the index of a profile's only archive says, as lines that do not depend on how it came about. */
import { join } from 'node:path'
import { systemClock } from '../../main/engine/base/clock.ts'
import { dumpIndex } from '../../main/engine/index/dump.ts'
import { deriveArchiveKeys } from '../../main/engine/keys/archiveKeys.ts'
import { openProfile } from '../../main/engine/keys/profile.ts'
import { openArchiveKeys } from '../../main/engine/keys/profileArchives.ts'

export async function indexLines(profileDir: string, password: string): Promise<string[]> {
  const profile = await openProfile(profileDir, { clock: systemClock })
  await profile.unlock({ password })
  const [entry] = profile.settings().archives
  if (!entry) throw new Error('the profile has no archive')
  const { master } = await openArchiveKeys(profile, entry)
  const { indexKey } = deriveArchiveKeys(master, entry.id)
  profile.lock()
  return [...dumpIndex({ path: join(profile.indexDir(), `${entry.id}.db`), key: indexKey })]
}
