/**
 * mbox: one file of a mailbox, each message behind a line that begins with "From ". The message's bytes stay as they are, line ends
 * included; only lines that look like such a beginning get a `>` in front, in the dialects that do so, and the manifest knows the rest.
 */
import type { MboxDialect } from '../../../contract/export.ts'

const LF = 10
const GT = 62
const FROM = Buffer.from('From ')

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const quotes = { mboxrd: 'all', mboxo: 'bare', mboxcl: 'bare', mboxcl2: 'none' } as const
const counted = new Set<MboxDialect>(['mboxcl', 'mboxcl2'])

/** `From anna@example.com Thu Jan  1 00:00:00 1970`, by UTC. Nothing of a hostile address gets further than its own line. */
export function fromLine(sender: string, ms: number): Buffer {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to go
  const address = /^[^\s\u0000-\u0020<>"]{1,200}$/.test(sender) ? sender : 'MAILER-DAEMON'
  const date = new Date(ms)
  const [month, day, year, time] = [MONTHS[date.getUTCMonth()], date.getUTCDate(), date.getUTCFullYear(), date.toISOString().slice(11, 19)]
  const week = DAYS[date.getUTCDay()]
  return Buffer.from(`From ${address} ${week} ${month} ${String(day).padStart(2)} ${time} ${year}\n`)
}

/** Bytes of a message on their way into an mbox. `bodyLength` is stated in the dialects that count: they tell the next message by it. */
export async function* mboxBody(dialect: MboxDialect, pieces: AsyncIterable<Uint8Array>, bodyLength: number): AsyncIterable<Uint8Array> {
  if (counted.has(dialect)) yield Buffer.from(`Content-Length: ${bodyLength}\n`)
  yield* as(dialect, pieces)
}

export const isCounted = (dialect: MboxDialect): boolean => counted.has(dialect)

/** How many bytes come behind the first empty line, as they will stand in the file. */
export async function bodyLength(dialect: MboxDialect, pieces: AsyncIterable<Uint8Array>): Promise<number> {
  let body: number | null = null
  // The last three bytes seen are enough to find an empty line that is cut in two.
  let tail = Buffer.alloc(0)
  for await (const piece of as(dialect, pieces)) {
    if (body !== null) {
      body += piece.length
      continue
    }
    const bytes = Buffer.concat([tail, piece])
    const end = endOfHeaders(bytes)
    if (end >= 0) body = bytes.length - end
    tail = bytes.subarray(-3)
  }
  return body ?? 0
}

function endOfHeaders(bytes: Buffer): number {
  const bare = bytes.indexOf('\n\n')
  const crlf = bytes.indexOf('\n\r\n')
  if (bare < 0 && crlf < 0) return -1
  return crlf < 0 || (bare >= 0 && bare < crlf) ? bare + 2 : crlf + 3
}

const as = (dialect: MboxDialect, pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> =>
  quotes[dialect] === 'none' ? pieces : quoted(pieces, quotes[dialect] === 'all')

/** The empty line behind a message; one more line end where its last line has none. */
export const mboxEnd = (lastByte: number | undefined): Buffer => Buffer.from(lastByte === LF || lastByte === undefined ? '\n' : '\n\n')

/** A `>` in front of each line that begins with "From " (`all`: also behind any number of `>`). Where pieces are cut does not matter. */
async function* quoted(pieces: AsyncIterable<Uint8Array>, all: boolean): AsyncIterable<Uint8Array> {
  /** The beginning of a line of which it cannot be told yet. */
  let held: Buffer = Buffer.alloc(0)
  let atLineStart = true
  for await (const piece of pieces) {
    if (piece.length === 0) continue
    const bytes = held.length > 0 ? Buffer.concat([held, piece]) : Buffer.from(piece.buffer, piece.byteOffset, piece.length)
    const lastLine = bytes.lastIndexOf(LF) + 1
    const open: boolean = (lastLine > 0 || atLineStart) && mayBecomeFrom(bytes, lastLine, all)
    const end = open ? lastLine : bytes.length
    let from = 0
    for (let hit = bytes.indexOf(FROM); hit >= 0; hit = bytes.indexOf(FROM, hit + FROM.length)) {
      let line = hit
      if (all) while (line > 0 && bytes[line - 1] === GT) line--
      if (line === 0 ? !atLineStart : bytes[line - 1] !== LF) continue
      if (line > from) yield bytes.subarray(from, line)
      yield Buffer.from('>')
      from = line
    }
    if (end > from) yield bytes.subarray(from, end)
    held = bytes.subarray(end)
    atLineStart = open || bytes[bytes.length - 1] === LF
  }
  if (held.length > 0) yield held
}

/** Whether the bytes end in a line that begins as one would that has to be quoted, and more of it is needed to tell. */
function mayBecomeFrom(bytes: Buffer, line: number, all: boolean): boolean {
  let at = line
  if (all) while (bytes[at] === GT) at++
  const seen = bytes.subarray(at)
  return seen.length < FROM.length && seen.equals(FROM.subarray(0, seen.length))
}
