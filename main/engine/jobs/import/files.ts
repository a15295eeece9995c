/** Single files: EML, Apple's emlx, a Maildir's message, an mbox. */
import { createReadStream } from 'node:fs'
import * as fs from 'node:fs/promises'
import { AppError } from '../../../contract/errors.ts'
import { fileError } from '../../base/fileError.ts'
import { canonical } from './canonical.ts'
import { readSaid } from './labels.ts'
import { fromLineDate, readMbox } from './mbox.ts'
import { type Found, type FoundMessage, type Reader, WHOLE_MAX } from './types.ts'

export const unreadable = (path: string, why: string): AppError => new AppError('import-unreadable', `${path}: ${why}`, { facts: { path } })

/** As a person would be told of it: nothing that is about one file ends the import. */
export function notRead(where: string, error: unknown): Found {
  if (error instanceof AppError && error.code !== 'import-unreadable' && error.code !== 'destination-missing') throw error
  return { kind: 'unreadable', where, error: error instanceof AppError ? error : unreadable(where, String((error as Error)?.message ?? error)) }
}

export async function readWhole(path: string): Promise<Buffer> {
  return fs.readFile(path).catch(fileError('import-unreadable', path))
}

/** A file that is one message. Large ones stay as they are and are read in pieces. */
export async function emlFile(path: string, where: string): Promise<Pick<FoundMessage, 'bytes'>> {
  const { size } = await fs.stat(path).catch(fileError('import-unreadable', path))
  if (size > WHOLE_MAX) return { bytes: () => createReadStream(path, { highWaterMark: 2 * 1024 * 1024 }) }
  const bytes = await readWhole(path)
  if (!looksLikeMail(bytes)) throw unreadable(where, 'it does not begin with a header')
  return { bytes: canonical(bytes) }
}

/** A header field in its first lines, or an mbox's From_ line left in front by a careless program. */
export function looksLikeMail(bytes: Buffer): boolean {
  const head = bytes.toString('latin1', 0, 4096).replace(/^\ufeff|^ï»¿/, '')
  return /^(?:>?From [^\n]*\r?\n)?[!-9;-~]{1,100}[ \t]*:/.test(head)
}

/** Apple Mail: the length of the message in the first line, the message, and a property list with its flags. */
export async function emlxFile(path: string, where: string): Promise<Pick<FoundMessage, 'bytes' | 'flags' | 'internalDate'>> {
  const all = await readWhole(path)
  const line = /^\s*(\d{1,12})\s*\n/.exec(all.toString('latin1', 0, 32))
  if (!line) throw unreadable(where, 'it does not begin with a length')
  const from = line[0].length
  const message = all.subarray(from, from + Number(line[1]))
  if (message.length < Number(line[1])) throw unreadable(where, 'it is cut short')
  const plist = all.toString('utf8', from + message.length)
  const flags = Number(/<key>flags<\/key>\s*<integer>(\d{1,18})<\/integer>/.exec(plist)?.[1] ?? 0)
  const received = Number(/<key>date-received<\/key>\s*<integer>(\d{1,12})<\/integer>/.exec(plist)?.[1] ?? 0)
  return { bytes: canonical(Buffer.from(message)), flags: appleFlags(flags), internalDate: received > 0 ? received : null }
}

const appleFlags = (bits: number): string[] => [
  ...(bits & 1 ? ['\\Seen'] : []),
  ...(bits & 4 ? ['\\Answered'] : []),
  ...(bits & 16 ? ['\\Flagged'] : []),
  ...(bits & 64 ? ['\\Draft'] : []),
]

const LETTERS: Record<string, string> = { D: '\\Draft', F: '\\Flagged', R: '\\Answered', S: '\\Seen', T: '\\Deleted', P: '$Forwarded' }

/** Flags from a Maildir's file name, and its keywords by the folder's list. */
export function maildirFlags(name: string, keywords: ReadonlyMap<string, string>): string[] {
  const letters = /[:;!]2,([A-Za-z]*)$/.exec(name)?.[1] ?? ''
  return [...letters].map(letter => LETTERS[letter] ?? keywords.get(letter) ?? '').filter(flag => flag !== '')
}

/** An mbox as one mailbox, or, where Gmail's labels stand in it, as many. */
export async function* mboxFile(path: string, mailbox: readonly string[], where: string): Reader {
  let n = 0
  try {
    for await (const { bytes, fromLine } of readMbox(path)) {
      n++
      const said = readSaid(bytes)
      const date = fromLineDate(fromLine)
      yield {
        kind: 'message',
        mailboxes: said.mailboxes ?? [mailbox],
        bytes: canonical(said.bytes),
        flags: said.flags,
        internalDate: date?.seconds ?? null,
        zone: date?.zone ?? null,
        where: `${where} #${n}`,
      }
    }
  } catch (error) {
    yield notRead(n === 0 ? where : `${where}, after message ${n}`, error)
  }
}
