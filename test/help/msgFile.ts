/** Outlook's `.msg` files, written for the tests: properties in streams of a compound file ([MS-OXMSG]). */
import { burn, type Entry } from '@kenjiuno/msgreader/lib/Burner.js'

export type MsgValue = string | number | Date | Uint8Array
export interface MsgObject {
  /** By property id. */
  properties: Record<number, MsgValue>
  recipients?: MsgObject[]
  attachments?: MsgObject[]
  /** Of an attachment: the message in it. */
  inner?: MsgObject
}

const [DIRECTORY, DOCUMENT, ROOT] = [1, 2, 5]

export function msgFile(message: MsgObject): Buffer {
  const entries: Entry[] = [{ name: 'Root Entry', type: ROOT, length: 0, children: [] }]
  fill(entries, 0, message, 32)
  return Buffer.from(burn(entries))
}

/** `head`: bytes in front of the properties, by what kind of object it is. */
function fill(entries: Entry[], at: number, { properties, recipients = [], attachments = [], inner }: MsgObject, head: number): void {
  const rows: Buffer[] = []
  for (const [key, value] of Object.entries(properties)) {
    const { type, data, fixed } = encoded(value)
    const tag = `${Number(key).toString(16).padStart(4, '0')}${type.toString(16).padStart(4, '0')}`.toUpperCase()
    const row = Buffer.alloc(16)
    row.writeUInt32LE(((Number(key) << 16) | type) >>> 0, 0)
    row.writeUInt32LE(6, 4)
    if (fixed) data.copy(row, 8)
    else {
      row.writeUInt32LE(data.length + (type === 0x1f ? 2 : 0), 8)
      add(entries, at, { name: `__substg1.0_${tag}`, type: DOCUMENT, length: data.length, binaryProvider: () => own(data) })
    }
    rows.push(row)
  }
  const all = Buffer.concat([Buffer.alloc(head), ...rows])
  add(entries, at, { name: '__properties_version1.0', type: DOCUMENT, length: all.length, binaryProvider: () => own(all) })
  for (const [i, one] of recipients.entries()) fill(entries, folder(entries, at, `__recip_version1.0_#${eight(i)}`), one, 8)
  for (const [i, one] of attachments.entries()) fill(entries, folder(entries, at, `__attach_version1.0_#${eight(i)}`), one, 8)
  if (inner) fill(entries, folder(entries, at, '__substg1.0_3701000D'), inner, 24)
}

/** The package writes all of what a buffer is a part of. */
const own = (data: Buffer) => new Uint8Array(data)

const eight = (n: number) => n.toString(16).toUpperCase().padStart(8, '0')
const folder = (entries: Entry[], at: number, name: string) => add(entries, at, { name, type: DIRECTORY, length: 0, children: [] })

function add(entries: Entry[], parent: number, entry: Entry): number {
  entries[parent]!.children!.push(entries.length)
  return entries.push(entry) - 1
}

function encoded(value: MsgValue): { type: number; data: Buffer; fixed: boolean } {
  if (typeof value === 'string') return { type: 0x1f, data: Buffer.from(value, 'utf16le'), fixed: false }
  if (typeof value === 'number') {
    const data = Buffer.alloc(8)
    data.writeUInt32LE(value)
    return { type: 3, data, fixed: true }
  }
  if (value instanceof Date) {
    const data = Buffer.alloc(8)
    data.writeBigUInt64LE((BigInt(value.getTime()) + 11_644_473_600_000n) * 10_000n)
    return { type: 0x40, data, fixed: true }
  }
  return { type: 0x102, data: Buffer.from(value), fixed: false }
}
