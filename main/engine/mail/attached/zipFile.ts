/** A ZIP file in memory: its entries one by one, unpacked no further than the budget. */
import { pipeline, type Readable } from 'node:stream'
import { createInflateRaw } from 'node:zlib'
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl'
import { inGate } from '../../base/threadGate.ts'
import type { Budget } from './types.ts'

export interface ZipEntry {
  name: string
  isEncrypted: boolean
  /** As it says itself: unpacked bytes. */
  size: number
  /** At most `most` bytes, cut off there. Throws where it is damaged, or the budget is spent. */
  read(most?: number): Promise<Buffer>
}

export class BudgetSpent extends Error {}

const ENTRY_MAX = 64 * 1024 * 1024
const ENTRIES_MAX = 20_000
const GENERAL_ENCRYPTED = 1
const DEFLATED = 8

/** Throws where this is no ZIP file. */
export async function zipEntries(bytes: Buffer, budget: Budget): Promise<ZipEntry[]> {
  // Names are judged by nobody: nothing is written anywhere. Old names are in the charset of some system; yauzl reads them as CP437.
  const zip = await fromBufferPromise(bytes, { lazyEntries: true, autoClose: false, validateEntrySizes: false, strictFileNames: false })
  const entries: ZipEntry[] = []
  for await (const entry of zip.eachEntry()) {
    const isEncrypted = (entry.generalPurposeBitFlag & GENERAL_ENCRYPTED) !== 0
    if (!entry.fileName.endsWith('/'))
      entries.push({ name: entry.fileName, isEncrypted, size: entry.uncompressedSize, read: most => unpack(zip, entry, budget, most) })
    if (entries.length >= ENTRIES_MAX) break
  }
  return entries
}

async function unpack(zip: ZipFile, entry: Entry, budget: Budget, most = ENTRY_MAX): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  // Leaving the loop ends the stream.
  for await (const piece of await plainStream(zip, entry)) {
    // What an entry says of its own size is not believed: what comes out is counted.
    budget.unpacked -= piece.length
    if (budget.unpacked < 0) throw new BudgetSpent()
    pieces.push(piece)
    length += piece.length
    if (length >= most) break
  }
  return Buffer.concat(pieces).subarray(0, most)
}

/** The library's own stream, but that the making of the decompressor is one in which the thread is not ended. */
async function plainStream(zip: ZipFile, entry: Entry): Promise<AsyncIterable<Buffer>> {
  if (entry.compressionMethod !== DEFLATED || entry.isEncrypted()) return (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>
  const packed: Readable = await zip.openReadStreamPromise(entry, { decodeFileData: false })
  const inflate = inGate(() => createInflateRaw())
  return pipeline(packed, inflate, () => {}) as AsyncIterable<Buffer>
}
