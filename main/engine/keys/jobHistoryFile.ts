/**
 * Jobs that have ended, and those that were begun and may not have: a sealed line each, for they name folders of this computer and mailboxes. Only added to,
 * so that two processes may; losing it loses no mail.
 */
import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { job } from '../../contract/types.ts'
import { writeFileAtomic } from '../base/files.ts'
import { NONCE_BYTES, open, seal } from './aead.ts'
import { hkdf } from './archiveKeys.ts'

/** `owner`: the process in which it runs, as long as it has not ended. */
const entrySchema = job.extend({ owner: z.object({ host: z.string(), pid: z.number().int() }).optional() })
export type JobEntry = z.infer<typeof entrySchema>

export interface JobHistoryFile {
  /** The last that was said of each; the newest last. */
  read(): Promise<JobEntry[]>
  add(entry: JobEntry): Promise<void>
}

const NAME = 'jobs.sealed'
const KEPT = 500
const CONTEXT = Buffer.from('mailcoffer/1/jobs')

export function jobHistoryFile(profileDir: string, profileKey: Uint8Array): JobHistoryFile {
  const path = join(profileDir, NAME)
  const key = hkdf(profileKey, new Uint8Array(), 'mailcoffer/1/jobs')
  const lines = async (): Promise<string[]> => {
    const text = await readFile(path, 'latin1').catch(() => '') // none yet
    return text.split('\n').filter(line => line !== '')
  }
  const entryIn = (line: string): JobEntry[] => {
    try {
      const bytes = Buffer.from(line, 'base64')
      return [entrySchema.parse(JSON.parse(Buffer.from(open(key, bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES), CONTEXT)).toString()))]
    } catch {
      return [] // cut off, or written by a later version: the others are still there
    }
  }
  return {
    read: async () => {
      const last = new Map<string, JobEntry>()
      for (const entry of (await lines()).slice(-KEPT).flatMap(entryIn)) {
        last.delete(entry.id)
        last.set(entry.id, entry)
      }
      return [...last.values()]
    },
    add: async entry => {
      const { nonce, sealed } = seal(key, Buffer.from(JSON.stringify(entry)), CONTEXT)
      await appendFile(path, `${Buffer.concat([nonce, sealed]).toString('base64')}\n`, { mode: 0o600 })
      const all = await lines()
      if (all.length > 2 * KEPT) await writeFileAtomic(path, `${all.slice(-KEPT).join('\n')}\n`)
    },
  }
}
