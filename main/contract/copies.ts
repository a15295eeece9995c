/** Copies of an archive on drives and shares. Times are Unix milliseconds, sizes bytes. */
import { z } from 'zod'
import { archiveId, errorSchema } from './types.ts'

const count = z.number().int().nonnegative()
const time = z.number().int()

/** 8 random bytes, lower-case hex: which copy it is, wherever its drive appears. */
export const copyId = z.string().regex(/^[0-9a-f]{16}$/)

/** Whether the copy would be lost together with the archive; unknown where the system does not tell. */
export const sameDisk = z.enum(['same', 'different', 'unknown'])

export const copyState = z.object({
  id: copyId,
  archive: archiveId,
  /** Where it was seen last. */
  dir: z.string(),
  /** Runs by itself when its drive or share appears, and after captures. */
  auto: z.boolean(),
  /** Its folder can be reached now. */
  present: z.boolean(),
  /**
   * never: no run has come to its end; safe: everything that is in the archive now was read back from it; behind: the archive went on since;
   * damaged: places in it open no more, and the archive could not give them; problem: the last run failed (see error).
   */
  state: z.enum(['never', 'safe', 'behind', 'damaged', 'problem']),
  /** What the archive held at this moment was written to the copy and read back from it; null before the first whole run. */
  safeAsOf: time.nullable(),
  /** Each byte of the copy was read from the medium, and each record opened, at this time or later. */
  oldestProof: time.nullable(),
  bytes: count,
  /** In the archive and not in the copy yet, as far as is known without opening it. */
  behindBytes: count,
  /** Places that open neither in the copy nor in the archive. */
  damaged: count,
  /** Places damaged in the archive, as the last run found: a copy may have them whole. */
  archiveDamaged: count,
  sameDisk,
  /** Of the last run, where it failed or is waiting. */
  error: errorSchema.optional(),
})

/** What a copy there would be, before anything is written. */
export const copyLook = z.object({
  /** The copy's own folder, which may be one below the folder that was asked for. */
  dir: z.string(),
  /** There is none yet. */
  fresh: z.boolean(),
  sameDisk,
  /** Of the archive's log. */
  bytes: count,
  /** Of these, what the copy does not have yet, as far as sizes tell. */
  toWrite: count,
  /** Room there; null where the system does not tell. */
  free: count.nullable(),
})

export type CopyLook = z.infer<typeof copyLook>
export type SameDisk = z.infer<typeof sameDisk>
export type CopyState = z.infer<typeof copyState>
