/** The problems of one archive as this computer knows them, sealed: they name mailboxes. One generation; losing it loses only since when. */
import { readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { type Problem, problem } from '../../contract/problems.ts'
import { writeFileAtomic } from '../base/files.ts'
import { makeFolders } from '../base/folders.ts'
import { NONCE_BYTES, open, seal } from './aead.ts'
import { hkdf } from './archiveKeys.ts'

/** `profileDir` and `profileKey` of the open profile. */
export interface ProblemFile {
  read(archive: string): Promise<Problem[]>
  write(archive: string, problems: readonly Problem[]): Promise<void>
}

export function problemFile(profileDir: string, profileKey: Uint8Array): ProblemFile {
  const keyOf = (archive: string) => hkdf(profileKey, Buffer.from(archive, 'hex'), 'mailcoffer/1/problems')
  const pathOf = (archive: string) => join(profileDir, 'problems', `${archive}.sealed`)
  return {
    read: async archive => {
      try {
        const bytes = await readFile(pathOf(archive))
        const plain = open(keyOf(archive), bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES), Buffer.from(archive))
        return z.array(problem).parse(JSON.parse(Buffer.from(plain).toString()))
      } catch {
        return [] // none yet, or damaged: what stands is found again, and is then said to stand since today
      }
    },
    write: async (archive, problems) => {
      if (problems.length === 0) return rm(pathOf(archive), { force: true })
      await makeFolders(dirname(pathOf(archive)), 0o700)
      const { nonce, sealed } = seal(keyOf(archive), Buffer.from(JSON.stringify(problems)), Buffer.from(archive))
      await writeFileAtomic(pathOf(archive), Buffer.concat([nonce, sealed]))
    },
  }
}
