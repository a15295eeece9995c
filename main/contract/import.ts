/** What an import is told. */
import { z } from 'zod'
import { archiveId } from './types.ts'

export const importRequest = z.strictObject({
  archive: archiveId,
  /** Files and folders, as a person chose them. */
  paths: z.array(z.string().min(1).max(4096)).min(1).max(1000),
  /** A folder of the archive below which all of it goes; levels parted by a slash. Default: none in an archive that holds no account's mail, else "Imported". */
  prefix: z.string().max(500).optional(),
  /** Only read and count. */
  dryRun: z.boolean().optional(),
})

export type ImportRequest = z.infer<typeof importRequest>
