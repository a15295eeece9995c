/** What stands between an archive and being complete: a list that outlives restarts. A problem is on it until what it concerns is solved. */
import { z } from 'zod'
import { type ErrorCode, errorCodes } from './errors.ts'

const time = z.number().int()
const count = z.number().int().nonnegative()

/**
 * account: the server refuses it; network, server: they pass; disk: full; place: the archive's folder is away or cannot be written; mailbox: one that could
 * not be read; missing: messages that could not be had; stale: nothing was proven complete for a day; loss: much disappeared from the server;
 * damage: a check, or the copying, found places that do not open; copyDamaged: a copy has such places; copyOld: one was not brought up to date for a month; job: an export, a copy or the like that did not come to its end; other: anything else.
 */
export const problemKind = z.enum([
  'account',
  'network',
  'server',
  'disk',
  'place',
  'mailbox',
  'missing',
  'stale',
  'loss',
  'damage',
  'copyDamaged',
  'copyOld',
  'job',
  'other',
])

export const problem = z.object({
  archive: z.string(),
  /** Tells it apart from the others of its archive, for as long as it stands. */
  key: z.string(),
  kind: problemKind,
  /** A person should look; others pass by themselves. */
  urgent: z.boolean(),
  code: z.enum(errorCodes as [ErrorCode, ...ErrorCode[]]).nullable(),
  /** A mailbox, or the kind of a job; '' where it concerns the whole archive. */
  what: z.string(),
  /** Messages or places it concerns; 0 where that is no number of things. */
  count,
  since: time,
  /** retry: it is tried again by itself, at `next` where that is known; person: somebody has to do something first; none: nothing is to be done to the archive. */
  doing: z.enum(['retry', 'person', 'none']),
  next: time.nullable(),
  /** Null while it stands. */
  solvedAt: time.nullable(),
})

/** What a week brought, for a person who looks up now and then. */
export const weekSummary = z.object({
  archive: z.string(),
  since: time,
  until: time,
  /** Messages new to the archive; changes of flags; messages that left their mailbox on the server. */
  captured: count,
  flags: count,
  gone: count,
  /** Everything on the server was here then. */
  lastProven: time.nullable(),
  /** What stands, and what was solved in this time. */
  problems: z.array(problem),
  solved: z.array(problem),
  losses: count,
})

export type ProblemKind = z.infer<typeof problemKind>
export type Problem = z.infer<typeof problem>
export type WeekSummary = z.infer<typeof weekSummary>
