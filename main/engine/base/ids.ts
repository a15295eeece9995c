/** Names that are given once. Random ones are drawn here; a record's id is computed from its bytes (keys/archiveKeys.ts). */
import { randomBytes } from 'node:crypto'

declare const brand: unique symbol
/** 32 bytes, lower-case hex: the keyed hash of what a record holds (docs/FORMAT.md section 4). */
export type RecordId = string & { readonly [brand]: 'RecordId' }

/** An archive's or a profile's identity: 16 random bytes, lower-case hex. */
export const newArchiveId = (): string => randomHex(16)

/** A key slot's: 8 random bytes, lower-case hex. */
export const newSlotId = (): string => randomHex(8)

/** A job's. It is written into the log by an export, so it must not repeat over the years. */
export const newJobId = (): string => randomHex(8)

/** For temporary names beside a file: two writers do not meet. */
export const randomSuffix = (): string => randomHex(6)

export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex')
}
