/**
 * One record: header, ciphertext, tag (docs/FORMAT.md section 4). The header carries a checksum of its own, so that a scan that opens
 * nothing cannot be led astray by a flipped length or id; the seal covers header and payload against everything else.
 */
import { createHash, type KeyObject } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { giveBackAll } from '../base/giveBack.ts'
import type { RecordId } from '../base/ids.ts'
import { NONCE_BYTES, NotOpened, open, sealInto, TAG_BYTES } from '../keys/aead.ts'
import type { ArchiveKeys } from '../keys/archiveKeys.ts'
import { decompress } from './codec.ts'
import { CODEC_DEFLATE, type Codec, type RecordKind } from './types.ts'

export const RECORD_MAGIC = Buffer.from('4d43521e', 'hex')
export const RECORD_HEADER = 64
export const RECORD_OVERHEAD = RECORD_HEADER + TAG_BYTES
export const MAX_PAYLOAD = 16 * 1024 * 1024
export const MAX_COMMIT = 64 * 1024 * 1024

const VERSION = 1
const KINDS = { blob: 1, message: 2, commit: 3 } as const
const KIND_NAMES: readonly (RecordKind | undefined)[] = [undefined, 'blob', 'message', 'commit']

const AT = { version: 4, kind: 5, codec: 6, zero: 7, sealed: 8, plain: 12, id: 16, nonce: 48, crc: 60 } as const

export interface RecordHeader {
  kind: RecordKind
  codec: Codec
  plainLength: number
  id: RecordId
  /** Of the whole record: header, ciphertext and tag. */
  length: number
}

export interface ToSeal {
  kind: RecordKind
  id: RecordId
  codec: Codec
  bytes: Uint8Array
  plainLength: number
}

/** Length of the record that these bytes become. */
export const recordLength = (bytes: Uint8Array): number => RECORD_OVERHEAD + bytes.length

/** Seals a record into `into` at `at`; there must be room for `recordLength(record.bytes)`. */
export function sealRecord(key: KeyObject, record: ToSeal, into: Buffer, at: number): void {
  const header = into.subarray(at, at + RECORD_HEADER)
  RECORD_MAGIC.copy(header)
  header[AT.version] = VERSION
  header[AT.kind] = KINDS[record.kind]
  header[AT.codec] = record.codec
  header[AT.zero] = 0
  header.writeUInt32LE(record.bytes.length, AT.sealed)
  header.writeUInt32LE(record.plainLength, AT.plain)
  header.write(record.id, AT.id, 'hex')
  const sealed = into.subarray(at + RECORD_HEADER, at + recordLength(record.bytes))
  header.set(sealInto(key, record.bytes, header.subarray(0, AT.nonce), sealed), AT.nonce)
  header.writeUInt32LE(crc32(header.subarray(0, AT.crc)), AT.crc)
}

/** What the 64 bytes at the start say, or null where no record can begin there. Nothing is opened. */
export function parseRecordHeader(bytes: Buffer): RecordHeader | null {
  if (bytes.length < RECORD_HEADER || bytes.readUInt32BE(0) !== 0x4d43521e) return null
  if (bytes.readUInt32LE(AT.crc) !== crc32(bytes.subarray(0, AT.crc))) return null
  const kind = KIND_NAMES[bytes[AT.kind]!]
  const codec = bytes[AT.codec]!
  if (bytes[AT.version] !== VERSION || !kind || codec > CODEC_DEFLATE || bytes[AT.zero] !== 0) return null
  const sealed = bytes.readUInt32LE(AT.sealed)
  const plainLength = bytes.readUInt32LE(AT.plain)
  if (plainLength > maxPayload(kind) || sealed > plainLength) return null
  return { kind, codec: codec as Codec, plainLength, id: bytes.toString('hex', AT.id, AT.nonce) as RecordId, length: RECORD_OVERHEAD + sealed }
}

export const maxPayload = (kind: RecordKind): number => (kind === 'commit' ? MAX_COMMIT : MAX_PAYLOAD)

/** The plain payload of a whole record, or null where it does not open. */
export function openRecord(key: KeyObject, header: RecordHeader, record: Uint8Array): Uint8Array | null {
  try {
    const nonce = record.subarray(AT.nonce, AT.nonce + NONCE_BYTES)
    const packed = open(key, nonce, record.subarray(RECORD_HEADER, header.length), record.subarray(0, AT.nonce))
    const plain = decompress(header.codec, packed, header.plainLength)
    if (plain.buffer !== packed.buffer) giveBackAll(packed)
    return plain
  } catch (error) {
    // Sealed with our key and yet not to be decompressed: whoever wrote it erred, and for a reader it is as good as damaged.
    if (error instanceof NotOpened || error instanceof Error) return null
    throw error
  }
}

/** Whether the seal of a whole record holds: its bytes are what was sealed. Nothing is decompressed. */
export function sealHolds(key: KeyObject, header: RecordHeader, record: Uint8Array): boolean {
  try {
    open(key, record.subarray(AT.nonce, AT.nonce + NONCE_BYTES), record.subarray(RECORD_HEADER, header.length), record.subarray(0, AT.nonce))
    return true
  } catch (error) {
    if (error instanceof NotOpened) return false
    throw error
  }
}

/** Whether a payload has the id its header claims. A message's id is that of the whole message, and cannot be told from its payload. */
export function idFits(keys: ArchiveKeys, header: RecordHeader, plain: Uint8Array): boolean {
  return header.kind === 'message' || keys.recordId(header.kind, createHash('sha256').update(plain).digest()) === header.id
}
