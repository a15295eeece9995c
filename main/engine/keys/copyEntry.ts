/** What a profile remembers of a copy: where it was seen, and what its last run proved. */
import { z } from 'zod'
import { copyId, sameDisk } from '../../contract/copies.ts'
import { errorSchema } from '../../contract/types.ts'

const n = z.number().int().nonnegative()

export const copyEntry = z.object({
  id: copyId,
  dir: z.string(),
  /** From the root of its drive or share: found again where the system mounts it somewhere else. */
  within: z.string(),
  auto: z.boolean(),
  /** When it was made, or met. */
  since: n.optional(),
  sameDisk,
  last: z
    .object({
      finished: n,
      oldestProof: n,
      bytes: n,
      /** Where it ends, to see whether the archive went on. */
      segment: n,
      length: n,
      damaged: n,
      archiveDamaged: n,
      /** Generation of the archive's keyring that it has: a password that was changed must not go on opening it. */
      keyring: n.optional(),
    })
    .nullable(),
  error: errorSchema.optional(),
})
export type CopyEntry = z.infer<typeof copyEntry>
