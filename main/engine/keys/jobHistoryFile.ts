/** Jobs that have ended, a sealed line each: they name folders of this computer and mailboxes. Only added to, so that two processes may; losing it loses no mail. */
import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Job, job } from '../../contract/types.ts'
import { writeFileAtomic } from '../base/files.ts'
import { NONCE_BYTES, open, seal } from './aead.ts'
import { hkdf } from './archiveKeys.ts'

export interface JobHistoryFile {
  /** The newest last. */
  read(): Promise<Job[]>
  add(job: Job): Promise<void>
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
  const jobIn = (line: string): Job[] => {
    try {
      const bytes = Buffer.from(line, 'base64')
      return [job.parse(JSON.parse(Buffer.from(open(key, bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES), CONTEXT)).toString()))]
    } catch {
      return [] // cut off, or written by a later version: the others are still there
    }
  }
  return {
    read: async () => (await lines()).slice(-KEPT).flatMap(jobIn),
    add: async ended => {
      const { nonce, sealed } = seal(key, Buffer.from(JSON.stringify(ended)), CONTEXT)
      await appendFile(path, `${Buffer.concat([nonce, sealed]).toString('base64')}\n`, { mode: 0o600 })
      const all = await lines()
      if (all.length > 2 * KEPT) await writeFileAtomic(path, `${all.slice(-KEPT).join('\n')}\n`)
    },
  }
}
