/** "Try it with a sample mailbox": an archive of its own, filled from a real IMAP server inside this program. */

import { freeName } from '../archives.ts'
import type { EngineContext } from '../context.ts'
import { captureArchive } from '../jobs/capture/archive.ts'
import type { JobContext } from '../jobs/types.ts'

const NAME = 'Sample mailbox'

/** Result: archive (its id). Where there is no profile yet, a temporary one is used, which goes away when it is locked. */
export async function runDemo(context: EngineContext, job: JobContext): Promise<void> {
  const { profiles, archives } = context
  const profile = await profiles.current()
  if (!profile.status().exists) await profiles.beginTrial()
  const names = (await archives.list()).map(({ name }) => name)
  const { archive } = await archives.create({ name: freeName(names, NAME), demo: true })
  job.result({ archive: archive.id })
  await captureArchive(archives, archive.id, job)
}
