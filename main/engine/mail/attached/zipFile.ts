/** A ZIP file in memory: its entries one by one, unpacked no further than the budget. */
import { type Entry, fromBuffer, type ZipFile } from 'yauzl'
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

/** Throws where this is no ZIP file. */
export async function zipEntries(bytes: Buffer, budget: Budget): Promise<ZipEntry[]> {
  const zip = await new Promise<ZipFile>((done, failed) =>
    // Names are judged by nobody: nothing is written anywhere. Old names are in the charset of some system; yauzl reads them as CP437.
    fromBuffer(bytes, { lazyEntries: true, validateEntrySizes: false, strictFileNames: false }, (error, opened) =>
      error ? failed(error) : done(opened),
    ),
  )
  const entries: ZipEntry[] = []
  await new Promise<void>((done, failed) => {
    zip.on('entry', (entry: Entry) => {
      const isEncrypted = (entry.generalPurposeBitFlag & GENERAL_ENCRYPTED) !== 0
      if (!entry.fileName.endsWith('/'))
        entries.push({ name: entry.fileName, isEncrypted, size: entry.uncompressedSize, read: most => unpack(zip, entry, budget, most) })
      if (entries.length < ENTRIES_MAX) zip.readEntry()
      else done()
    })
    zip.once('end', done)
    zip.once('error', failed)
    zip.readEntry()
  })
  return entries
}

function unpack(zip: ZipFile, entry: Entry, budget: Budget, most = ENTRY_MAX): Promise<Buffer> {
  return new Promise((done, failed) =>
    zip.openReadStream(entry, (error, stream) => {
      if (error) return failed(error)
      const pieces: Buffer[] = []
      let length = 0
      stream.on('data', (piece: Buffer) => {
        // What an entry says of its own size is not believed: what comes out is counted.
        budget.unpacked -= piece.length
        if (budget.unpacked < 0) {
          stream.destroy()
          return failed(new BudgetSpent())
        }
        pieces.push(piece)
        length += piece.length
        if (length >= most) {
          stream.destroy()
          done(Buffer.concat(pieces).subarray(0, most))
        }
      })
      stream.once('end', () => done(Buffer.concat(pieces)))
      stream.once('error', failed)
    }),
  )
}
