/** The body of a commit: facts as JSON, compressed, in a chain (docs/FORMAT.md section 6). */
import { createHash } from 'node:crypto'
import { AppError } from '../../contract/errors.ts'
import type { RecordId } from '../base/ids.ts'
import type { ArchiveKeys } from '../keys/archiveKeys.ts'
import { compress } from './codec.ts'
import { commitBody, type Fact, fact } from './facts.ts'
import { MAX_COMMIT, type ToSeal } from './record.ts'

export interface CommitContent {
  seq: number
  time: number
  prev: RecordId
  facts: Fact[]
}

const KNOWN = new Set<string>(fact.options.map(option => option.shape.k.value))

/** Throws internal when a fact has not its shape: nothing that a reader could not read is ever written. */
export function encodeCommit(keys: ArchiveKeys, { seq, time, prev, facts }: CommitContent): ToSeal {
  const body = commitBody.safeParse({ v: 1, seq, time, prev, facts })
  if (!body.success) throw new AppError('internal', `facts that do not fit: ${body.error.message}`, { cause: body.error })
  const plain = Buffer.from(JSON.stringify(body.data))
  if (plain.length > MAX_COMMIT) throw new AppError('internal', `a commit of ${plain.length} bytes`)
  const id = keys.recordId('commit', createHash('sha256').update(plain).digest())
  return { kind: 'commit', id, ...compress(plain), plainLength: plain.length }
}

/**
 * What a commit says; null when it is not one that any version could have written. Facts of a kind not known here are passed over:
 * a newer version wrote them (docs/FORMAT.md section 6).
 */
export function decodeCommit(plain: Uint8Array): CommitContent | null {
  try {
    const { facts, ...rest } = JSON.parse(Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength).toString())
    const known = Array.isArray(facts) ? facts.filter(one => KNOWN.has(one?.k)) : facts
    const body = commitBody.parse({ ...rest, facts: known })
    return { seq: body.seq, time: body.time, prev: body.prev as RecordId, facts: body.facts }
  } catch {
    return null // what is wrong with it matters to nobody but its writer; that it is wrong is said
  }
}
