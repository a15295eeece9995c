/** Files in the middle of a text, as they were sent before MIME: `begin 644 name`, lines that begin with their length, `end` (POSIX uuencode). */

export interface UuFile {
  name: string
  /** Offsets of its lines, without those of `begin` and `end`… */
  start: number
  end: number
  /** …and of all of it. */
  from: number
  to: number
}

const FILES_MAX = 100
const BEGIN = /^begin [0-7]{3,4} (\S[^\r\n]{0,254})\r?\n/

/** Those that are whole: a line that is no such line, or an end that never comes, and it is text. */
export function uuFiles(bytes: Buffer): UuFile[] {
  const found: UuFile[] = []
  for (let at = bytes.indexOf('begin '); at >= 0 && found.length < FILES_MAX; ) {
    const file = at === 0 || bytes[at - 1] === LF ? fileAt(bytes, at) : null
    if (file) found.push(file)
    at = bytes.indexOf('begin ', file ? file.to : at + 6)
  }
  return found
}

function fileAt(bytes: Buffer, from: number): UuFile | null {
  const begin = BEGIN.exec(bytes.toString('latin1', from, from + 300))
  if (!begin) return null
  const start = from + begin[0].length
  for (let at = start; at < bytes.length; ) {
    const lf = bytes.indexOf(LF, at)
    const next = lf < 0 ? bytes.length : lf + 1
    const line = lineEnd(bytes, at, next)
    if (line - at === 3 && bytes.toString('latin1', at, line) === 'end')
      return at > start ? { name: Buffer.from(begin[1]!.trim(), 'latin1').toString('utf8'), start, end: at, from, to: next } : null
    if (!isData(bytes, at, line)) return null
    at = next
  }
  return null
}

const LF = 10
const CR = 13
const SPACE = 32
const GRAVE = 96 // stands for a space, which mailers take away at ends of lines
const LINE_MAX = 100

function lineEnd(bytes: Buffer, from: number, next: number): number {
  let end = next
  while (end > from && (bytes[end - 1] === LF || bytes[end - 1] === CR)) end--
  return end
}

const lengthOf = (byte: number): number => (byte - SPACE) & 63
const charactersOf = (length: number): number => Math.ceil(length / 3) * 4

/** Not longer than its length and a checksum allow; shorter where it ended in spaces. */
function isData(bytes: Buffer, from: number, end: number): boolean {
  if (end === from) return true
  if (end - from > LINE_MAX) return false
  for (let at = from; at < end; at++) if (bytes[at]! < SPACE || bytes[at]! > GRAVE) return false
  const wanted = charactersOf(lengthOf(bytes[from]!))
  const there = end - from - 1
  return there <= (wanted || 2) + 2
}

/** Of whole lines. */
export function decodeUu(bytes: Buffer): Buffer {
  const lines: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const lf = bytes.indexOf(LF, at)
    const next = lf < 0 ? bytes.length : lf + 1
    const line = lineEnd(bytes, at, next)
    if (line > at) lines.push(decodeLine(bytes.subarray(at, line)))
    at = next
  }
  return Buffer.concat(lines)
}

/** As long as its first sign says: what is not there was spaces. */
function decodeLine(line: Buffer): Buffer {
  const out = Buffer.alloc(lengthOf(line[0]!))
  const value = (i: number) => (i < line.length ? lengthOf(line[i]!) : 0)
  for (let i = 1, to = 0; to < out.length; i += 4) {
    const group = (value(i) << 18) | (value(i + 1) << 12) | (value(i + 2) << 6) | value(i + 3)
    for (let shift = 16; shift >= 0 && to < out.length; shift -= 8) out[to++] = (group >> shift) & 255
  }
  return out
}
