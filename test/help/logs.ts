/** Small archives' logs for tests: real files in a temporary folder, keys from a fixed master key. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deriveArchiveKeys } from '../../main/engine/keys/archiveKeys.ts'
import type { Fact } from '../../main/engine/log/facts.ts'
import { CODEC_NONE, type LogReader, type RecordId, type Scanned, type Unsealed } from '../../main/engine/log/types.ts'

export { manualClock } from './manualClock.ts'

export const ID = '00112233445566778899aabbccddeeff'
export const MASTER = new Uint8Array(32).fill(7)
export const keys = deriveArchiveKeys(MASTER, ID)

export const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

/** A folder that goes with `using`. */
export function temporaryDir(): { path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'mailcoffer-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

export function blob(content: string | Uint8Array): Unsealed {
  const plain = Buffer.from(content)
  return { kind: 'blob', id: keys.recordId('blob', sha256(plain)), codec: CODEC_NONE, bytes: plain, plainLength: plain.length }
}

/** A message record whose bytes are all literal. */
export function message(content: string | Uint8Array): Unsealed & { whole: Buffer } {
  const whole = Buffer.from(content)
  const head = Buffer.alloc(1 + 32 + 8 + 4 + 5)
  head[0] = 1
  head.set(sha256(whole), 1)
  head.writeBigUInt64LE(BigInt(whole.length), 33)
  head.writeUInt32LE(1, 41)
  head[45] = 0
  head.writeUInt32LE(whole.length, 46)
  const plain = Buffer.concat([head, whole])
  return { kind: 'message', id: keys.recordId('message', sha256(whole)), codec: CODEC_NONE, bytes: plain, plainLength: plain.length, whole }
}

export const mailboxFact = (mailbox: number, ...path: string[]): Fact => ({
  k: 'mailbox',
  mailbox,
  path,
  delimiter: '/',
  raw: path.join('/'),
  role: null,
  selectable: true,
  subscribed: true,
  present: true,
})

export const placed = (uid: number, id: RecordId, size: number): Fact => ({
  k: 'placed',
  epoch: 1,
  uid,
  id,
  size,
  internalDate: 1_700_000_000 + uid,
  zone: 60,
  flags: ['\\Seen'],
})

export async function all(scan: AsyncIterable<Scanned>): Promise<Scanned[]> {
  const items: Scanned[] = []
  for await (const item of scan) items.push(item)
  return items
}

export const scanAll = (reader: LogReader, options?: Parameters<LogReader['scan']>[0]): Promise<Scanned[]> => all(reader.scan(options))
