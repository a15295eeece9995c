/** Reading a log: one record by its place, or everything in order. Needs no lock and writes nothing. */
import { AppError } from '../../contract/errors.ts'
import { type Disk, diskError } from '../base/files.ts'
import { giveBack } from '../base/giveBack.ts'
import type { ArchiveKeys } from '../keys/archiveKeys.ts'
import { openRecord, parseRecordHeader, RECORD_OVERHEAD } from './record.ts'
import { scanLog } from './scanLog.ts'
import { readSealed } from './sealedRecords.ts'
import { listSegments, segmentPath } from './segment.ts'
import { openSegmentFiles } from './segmentFiles.ts'
import type { LogReader } from './types.ts'

export function createReader(dir: string, keys: ArchiveKeys, disk: Disk): LogReader {
  const segments = openSegmentFiles(dir, keys, disk)
  return {
    dir,

    async read(place, expect) {
      const damaged = (detail: string) =>
        new AppError('record-damaged', `${expect.slice(0, 12)}: ${detail}`, { facts: { segment: place.segment, offset: place.offset, id: expect } })
      if (place.length < RECORD_OVERHEAD) throw damaged('too short to be a record')
      const loan = await segments.lend(place.segment)
      try {
        const { file, key } = loan.segment
        const bytes = Buffer.allocUnsafe(place.length)
        const length = await file.read(bytes, place.offset)
        const header = parseRecordHeader(bytes.subarray(0, length))
        if (length < place.length || header?.length !== place.length) throw damaged('no such record stands there')
        if (header.id !== expect) throw damaged(`record ${header.id.slice(0, 12)} stands there`)
        const plain = key && openRecord(key, header, bytes)
        giveBack(bytes)
        if (!plain) throw damaged('does not open')
        return { kind: header.kind, bytes: plain }
      } catch (error) {
        if (!(error instanceof AppError)) loan.giveBack('broken')
        throw diskError(error, segmentPath(dir, place.segment))
      } finally {
        loan.giveBack()
      }
    },

    readSealed: wanted => readSealed(segments, wanted),

    scan: options => scanLog({ dir, keys, disk, segments }, options ?? {}),

    async size() {
      let sum = 0
      for (const number of await listSegments(dir, disk)) sum += (await disk.stat(segmentPath(dir, number)))?.size ?? 0
      return sum
    },

    close: () => segments.close(),
  }
}
