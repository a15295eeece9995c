/**
 * Messages of an mbox, whichever of the four dialects it is in. A message begins at a line "From " behind an empty line (or at the very
 * beginning); where a Content-Length leads exactly to the next such line, it is believed, else the quoting of mboxrd is undone.
 */
import { createReadStream } from 'node:fs'
import { AppError } from '../../../contract/errors.ts'

export interface MboxMessage {
  /** Without its From_ line, its separator, and the quoting. */
  bytes: Buffer
  fromLine: string
  /** Where its From_ line begins. */
  offset: number
}

const LF = 10
const FROM = Buffer.from('From ')
/** A single message larger than this is no mail any more, or the file is no mbox. */
const MESSAGE_MAX = 512 * 1024 * 1024

/** Throws import-unreadable where the file is none. */
export async function* readMbox(path: string): AsyncIterable<MboxMessage> {
  let held: Buffer = Buffer.alloc(0)
  let offset = 0
  /** Bytes of `held` that were searched already. */
  let searched = 0
  let pieces: Buffer[] = []
  let waiting = 0
  const join = () => {
    if (pieces.length > 0) held = Buffer.concat([held, ...pieces])
    pieces = []
    waiting = 0
  }
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    pieces.push(piece as Buffer)
    waiting += (piece as Buffer).length
    // A large message is not put together again for each of its megabytes.
    if (waiting < Math.min(held.length, 32 * 1024 * 1024)) continue
    join()
    if (offset === 0 && searched === 0 && held.length >= FROM.length && !isFrom(held, 0)) throw noMbox(path)
    for (let end = nextBegin(held, Math.max(1, searched)); end > 0; end = nextBegin(held, 1)) {
      yield messageOf(held.subarray(0, end), offset)
      held = held.subarray(end)
      offset += end
    }
    searched = Math.max(0, held.length - FROM.length - 2)
    if (held.length > MESSAGE_MAX) throw new AppError('import-unreadable', `a message of ${path} at ${offset} does not end`, { facts: { path } })
  }
  join()
  if (held.length === 0) return
  if (offset === 0 && !isFrom(held, 0)) throw noMbox(path)
  for (let end = nextBegin(held, 1); end > 0; end = nextBegin(held, 1)) {
    yield messageOf(held.subarray(0, end), offset)
    held = held.subarray(end)
    offset += end
  }
  yield messageOf(held, offset)
}

const noMbox = (path: string) => new AppError('import-unreadable', `${path} does not begin as an mbox does`, { facts: { path } })

const isFrom = (bytes: Buffer, at: number): boolean => FROM.equals(bytes.subarray(at, at + FROM.length))

/** The next line "From " that begins a message, at `from` or later; -1 where none is. A Content-Length that fits leads past those that do not. */
function nextBegin(bytes: Buffer, from: number): number {
  const stated = statedEnd(bytes)
  if (stated !== null) {
    if (stated > bytes.length) return -1
    const end = skipLineEnds(bytes, stated)
    if (end < bytes.length && isFrom(bytes, end)) return end
    if (end === bytes.length) return -1
  }
  for (let at = bytes.indexOf('\nFrom ', Math.max(0, from - 1)); at >= 0; at = bytes.indexOf('\nFrom ', at + 1))
    if (isBehindEmptyLine(bytes, at) && looksLikeFrom(bytes, at + 1)) return at + 1
  return -1
}

/** The line end at `at` ends an empty line. */
function isBehindEmptyLine(bytes: Buffer, at: number): boolean {
  if (bytes[at - 1] === LF) return true
  return bytes[at - 1] === 13 && bytes[at - 2] === LF
}

/** "From - Tue …", "From anna@example.com Fri Mar  1 …", "From 17…@xxx Tue …", or nothing behind it; a sentence is none of these. */
function looksLikeFrom(bytes: Buffer, at: number): boolean {
  const end = bytes.indexOf(LF, at)
  const line = bytes.toString('latin1', at, end < 0 ? Math.min(bytes.length, at + 400) : end).trimEnd()
  return /^From (?:-|\S+)?\s*(?:$|.*\b\d{1,2}:\d{2}(?::\d{2})?\b.*\b\d{4}\b|.*\b\d{4}\b.*\b\d{1,2}:\d{2})/.test(line)
}

/** Where the body ends by the message's own Content-Length; null where it states none in its first 64 KB. */
function statedEnd(bytes: Buffer): number | null {
  const head = bytes.toString('latin1', 0, Math.min(bytes.length, 64 * 1024))
  const headers = /\r?\n\r?\n/.exec(head)
  if (!headers) return null
  const length = /^content-length:[ \t]*(\d{1,12})[ \t]*\r?$/im.exec(head.slice(0, headers.index + 2))
  return length ? headers.index + headers[0].length + Number(length[1]) : null
}

function skipLineEnds(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length && at < from + 4 && (bytes[at] === LF || bytes[at] === 13)) at++
  return at
}

function messageOf(bytes: Buffer, offset: number): MboxMessage {
  const lineEnd = bytes.indexOf(LF)
  const fromLine = bytes.toString('latin1', 0, lineEnd < 0 ? bytes.length : lineEnd).trimEnd()
  const rest = lineEnd < 0 ? Buffer.alloc(0) : bytes.subarray(lineEnd + 1)
  const counted = countedMessage(bytes, rest, lineEnd + 1)
  return { bytes: counted ?? unquoted(withoutSeparator(rest)), fromLine, offset }
}

/** mboxcl2 (and mboxcl, whose quoting is undone): the body is as long as it says, and the line that says so was put there by whoever wrote the mbox. */
function countedMessage(all: Buffer, rest: Buffer, begin: number): Buffer | null {
  const first = rest.toString('latin1', 0, 40)
  const line = /^Content-Length: (\d{1,12})\r?\n/.exec(first)
  const end = line ? statedEnd(all) : null
  if (!line || end === null || end > all.length) return null
  const message = rest.subarray(line[0].length, end - begin)
  // In mboxcl2 nothing is quoted; in mboxcl a line ">From " was one without it. Bare "From " lines show that nothing was quoted.
  return /\n\r?\nFrom |\nFrom /.test(message.toString('latin1')) ? Buffer.from(message) : unquoted(message)
}

/** The empty line in front of the next message is not the message's. */
function withoutSeparator(bytes: Buffer): Buffer {
  if (bytes.at(-1) !== LF) return bytes
  const before = bytes.length - 1
  if (bytes[before - 1] === LF) return bytes.subarray(0, before)
  return bytes[before - 1] === 13 && bytes[before - 2] === LF ? bytes.subarray(0, before - 1) : bytes
}

/** One `>` off each line that is `>From ` behind any number of `>`. */
export function unquoted(bytes: Buffer): Buffer {
  if (!bytes.includes('>From ')) return Buffer.from(bytes)
  const out = Buffer.allocUnsafe(bytes.length)
  let to = 0
  let from = 0
  for (let at = bytes.indexOf('>From '); at >= 0; at = bytes.indexOf('>From ', at + 1)) {
    let start = at
    while (start > 0 && bytes[start - 1] === 62) start--
    if (start > 0 && bytes[start - 1] !== LF) continue
    to += bytes.copy(out, to, from, start)
    from = start + 1
  }
  to += bytes.copy(out, to, from)
  return out.subarray(0, to)
}

/** Unix seconds of a From_ line, by UTC where it states no zone; null where it has no date. */
export function fromLineDate(line: string): { seconds: number; zone: number } | null {
  const match = /([A-Z][a-z]{2}) +(\d{1,2}) (\d{2}):(\d{2})(?::(\d{2}))?(?: ([+-]\d{4}))?(?: [A-Z]{2,5})? (\d{4})/.exec(line)
  if (!match) return null
  const month = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].indexOf(match[1]!)
  if (month < 0) return null
  const zone = match[6] ? (match[6].startsWith('-') ? -1 : 1) * (Number(match[6].slice(1, 3)) * 60 + Number(match[6].slice(3))) : 0
  const ms = Date.UTC(Number(match[7]), month, Number(match[2]), Number(match[3]), Number(match[4]), Number(match[5] ?? 0))
  return Number.isFinite(ms) ? { seconds: ms / 1000 - zone * 60, zone } : null
}
