/** An export of this program, with everything its manifest knows: mailboxes, flags, dates, exact bytes. */

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { MANIFEST, readManifest } from '../export/manifest.ts'
import type { ManifestItem } from '../export/types.ts'
import { notRead, unreadable } from './files.ts'
import { unquoted } from './mbox.ts'
import { type FoundMessage, type Reader, WHOLE_MAX } from './types.ts'

export const isOwnExport = async (dir: string): Promise<boolean> => {
  for await (const _ of readManifest(dir)) return true
  return false
}

export async function* ownExport(dir: string, where: string): Reader {
  let n = 0
  for await (const item of readManifest(dir)) {
    n++
    const place = `${where}/${MANIFEST} line ${n}`
    try {
      yield { kind: 'message', ...(await found(dir, item)), where: `${where}/${item.path}${item.offset === undefined ? '' : ` at ${item.offset}`}` }
    } catch (error) {
      yield notRead(place, error)
    }
  }
}

async function found(dir: string, item: ManifestItem): Promise<Omit<FoundMessage, 'kind' | 'where'>> {
  const path = safePath(dir, item)
  const zone = /([+-])(\d{2}):(\d{2})$/.exec(item.internalDate ?? '')
  const ms = item.internalDate === null ? Number.NaN : Date.parse(item.internalDate)
  return {
    mailboxes: [item.mailbox.length > 0 ? item.mailbox : ['Mail']],
    bytes: await bytesOf(path, item),
    flags: item.flags.filter(flag => typeof flag === 'string'),
    internalDate: Number.isFinite(ms) ? Math.floor(ms / 1000) : null,
    zone: zone && Number.isFinite(ms) ? (zone[1] === '-' ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3])) : null,
    role: item.role ?? null,
  }
}

/** The manifest is a stranger's, too. */
function safePath(dir: string, { path, mailbox }: ManifestItem): string {
  const levels = path.split('/')
  if (levels.some(level => level === '' || level === '.' || level === '..' || /[\\\0]/.test(level)))
    throw unreadable(path, 'it leads out of the folder')
  if (!mailbox.every(level => typeof level === 'string' && level !== '')) throw unreadable(path, 'its mailbox has no name')
  return join(dir, ...levels)
}

async function bytesOf(path: string, { offset, length, dialect, sha256, size }: ManifestItem): Promise<FoundMessage['bytes']> {
  if (offset === undefined && size > WHOLE_MAX) return () => createReadStream(path, { highWaterMark: 2 * 1024 * 1024 })
  const bytes = offset === undefined ? await fs.readFile(path) : await slice(path, offset, length ?? 0)
  const message = offset === undefined ? bytes : messageIn(bytes, dialect)
  if (createHash('sha256').update(message).digest('hex') !== sha256) throw unreadable(path, 'its bytes are not those the manifest names')
  return message
}

async function slice(path: string, offset: number, length: number): Promise<Buffer> {
  const file = await fs.open(path, 'r')
  try {
    const size = (await file.stat()).size
    if (!(offset >= 0 && length >= 0 && offset + length <= size)) throw unreadable(path, 'it is shorter than the manifest says')
    const bytes = Buffer.alloc(length)
    let done = 0
    while (done < length) {
      const { bytesRead } = await file.read(bytes, done, length - done, offset + done)
      if (bytesRead === 0) break
      done += bytesRead
    }
    return bytes
  } finally {
    await file.close()
  }
}

function messageIn(bytes: Buffer, dialect: ManifestItem['dialect']): Buffer {
  const counted = dialect === 'mboxcl' || dialect === 'mboxcl2' ? bytes.subarray(bytes.indexOf(10) + 1) : bytes
  return dialect === 'mboxcl2' ? counted : unquoted(counted)
}
