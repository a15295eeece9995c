/**
 * Sequence sets of any length in linear time. imapflow's tokeniser takes time in the square of a set's length: half a megabyte of VANISHED would
 * stop everything for minutes. In pieces, separated by spaces in place of commas, the same set takes milliseconds.
 */

/** One piece: the square of it is nothing. */
const PIECE = 1000

/** The line with its long sets in pieces; the same buffer where it has none. Whoever reads a set takes all pieces (`vanishedIn`). */
export function breakLongSets(line: Buffer): Buffer {
  if (line.length <= PIECE) return line
  let broken: Buffer | null = null
  for (let at = 0, begin = 0; at < line.length; at++) {
    const byte = line[at]!
    if (!isOfSet(byte)) begin = at + 1
    else if (byte === COMMA && at - begin >= PIECE) {
      broken ??= Buffer.from(line)
      broken[at] = SPACE
      begin = at + 1
    }
  }
  return broken ?? line
}

const COMMA = 0x2c
const SPACE = 0x20
/** Digits and `:` are 0x30 to 0x3a; a `*` cannot stand in an answer. */
const isOfSet = (byte: number) => (byte >= 0x30 && byte <= 0x3a) || byte === COMMA
