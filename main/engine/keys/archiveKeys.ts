/** Every key of an archive, derived from its master key (docs/FORMAT.md section 2). */
import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import type { RecordId } from '../base/ids.ts'
import { KEY_BYTES } from './aead.ts'

export interface ArchiveKeys {
  readonly archiveId: string
  /** Key of record ids, for the pool's workers. */
  readonly idKey: Uint8Array
  /** The id of a record: `sha256` is H(x) of docs/FORMAT.md section 4, 32 bytes. */
  recordId(kind: 'blob' | 'message' | 'commit', sha256: Uint8Array): RecordId
  /** The key that seals the records of a segment; `salt` is the 32 bytes in its header. */
  segmentKey(salt: Uint8Array): Uint8Array
  readonly headerKey: Uint8Array
  readonly headKey: Uint8Array
  readonly indexKey: Uint8Array
  readonly secretKey: Uint8Array
}

/** `master`: 32 bytes; `archiveId`: 32 hex digits. */
export function deriveArchiveKeys(master: Uint8Array, archiveId: string): ArchiveKeys {
  if (master.length !== KEY_BYTES) throw new TypeError('a master key has 32 bytes')
  const salt = Buffer.from(archiveId, 'hex')
  if (salt.length !== 16) throw new TypeError('an archive id has 16 bytes')
  // A copy of its own, so that the caller may wipe the one it has.
  const own = Uint8Array.from(master)
  const derive = (name: string) => hkdf(own, salt, `mailcoffer/1/${name}`)
  const idKey = derive('id')
  // As a KeyObject it costs 2 microseconds a record, as plain bytes 13.
  const idKeyObject = createSecretKey(idKey)
  return {
    archiveId,
    idKey,
    recordId: (kind, sha256) => recordId(idKeyObject, kind, sha256),
    segmentKey: segmentSalt => hkdf(own, segmentSalt, 'mailcoffer/1/segment'),
    headerKey: derive('header'),
    headKey: derive('head'),
    indexKey: derive('index'),
    secretKey: derive('secret'),
  }
}

const KIND_BYTE = { blob: 1, message: 2, commit: 3 } as const

/** HMAC-SHA256(id key, kind byte | H(x)): equal bytes have equal ids, and no id reveals a known document without the key. */
export function recordId(idKey: Uint8Array | KeyObject, kind: keyof typeof KIND_BYTE, sha256: Uint8Array): RecordId {
  return createHmac('sha256', idKey).update(Uint8Array.of(KIND_BYTE[kind])).update(sha256).digest('hex') as RecordId
}

/** HKDF-SHA256 to 32 bytes; `info` is ASCII. */
export function hkdf(secret: Uint8Array, salt: Uint8Array, info: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, salt, info, KEY_BYTES))
}
