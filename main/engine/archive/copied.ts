/** What the list of archives says of copies, and of archives that are one. */
import type { ArchiveSummary } from '../../contract/types.ts'
import type { CopyEntry } from '../keys/copyEntry.ts'
import type { ArchiveEntry } from '../keys/settings.ts'
import { readArchiveFile } from '../log/archiveFile.ts'

/** From what is remembered, without a look at the drive. */
export const copyFace = ({ id, since = 0, last }: CopyEntry): NonNullable<ArchiveSummary['copies']>[number] => ({
  id,
  since,
  safeAsOf: last?.finished ?? null,
  damaged: last?.damaged ?? 0,
  archiveDamaged: last?.archiveDamaged ?? 0,
})

/** Whether this archive can be reached there now. */
export const holdsArchive = (dir: string, id: string): Promise<boolean> =>
  readArchiveFile(dir).then(
    file => file.id === id,
    () => false,
  )

/** Its folder has a slot for the profile now. */
export function withoutKey({ master: _, ...entry }: ArchiveEntry): ArchiveEntry {
  return entry
}
