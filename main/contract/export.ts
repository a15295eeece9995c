/** What an export is told. */
import { z } from 'zod'
import { restoreScope } from './restore.ts'
import { archiveId } from './types.ts'

export const exportFormat = z.enum(['eml', 'mbox', 'maildir'])
/** How lines within a message that begin with "From " are told from the beginning of the next one. mboxrd can always be undone. */
export const mboxDialect = z.enum(['mboxrd', 'mboxo', 'mboxcl', 'mboxcl2'])
/** Folders as the mailboxes are, each message in all of its mailboxes; or by year and month, each message once; or mbox files as a profile of Thunderbird has them. */
export const exportLayout = z.enum(['mailbox', 'date', 'thunderbird'])

export const exportRequest = z.strictObject({
  archive: archiveId,
  scope: restoreScope,
  /** The folder that gets the files, or the ZIP file. */
  to: z.string().min(1).max(4096),
  format: exportFormat,
  layout: exportLayout.optional(),
  dialect: mboxDialect.optional(),
  zip: z.boolean().optional(),
  /** A drive that is pulled, a share that is lost, a disk without room are waited for. */
  patient: z.boolean().optional(),
  /** Only counts: nothing is written. */
  dryRun: z.boolean().optional(),
})

export type ExportFormat = z.infer<typeof exportFormat>
export type MboxDialect = z.infer<typeof mboxDialect>
export type ExportLayout = z.infer<typeof exportLayout>
export type ExportRequest = z.infer<typeof exportRequest>
