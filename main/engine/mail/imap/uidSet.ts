/** Sequence sets of RFC 9051: `1:4,9`. UIDs are 32-bit and never 0. */

export const MAX_UID = 0xffff_ffff

/** The shortest set that names these UIDs; they may come in any order. '' for none. */
export function toUidSet(uids: Iterable<number>): string {
  const sorted = Uint32Array.from(uids).sort()
  const parts: string[] = []
  for (let i = 0; i < sorted.length; i++) {
    const first = sorted[i]!
    while (i + 1 < sorted.length && sorted[i + 1]! - sorted[i]! <= 1) i++
    const last = sorted[i]!
    parts.push(first === last ? String(first) : `${first}:${last}`)
  }
  return parts.join(',')
}

// A command line longer than 8,000 characters is refused by some servers; sets of scattered UIDs are sent in several.
const LONGEST_SET = 7_000

/** The set of these UIDs in pieces that each fit a command. */
export function* setsOf(uids: readonly number[]): Iterable<string> {
  const set = toUidSet(uids)
  for (let from = 0; from < set.length; ) {
    const end = set.length - from <= LONGEST_SET ? set.length : set.lastIndexOf(',', from + LONGEST_SET)
    yield set.slice(from, end)
    from = end + 1
  }
}

/** Ascending, each once. */
export function sortedOnce(uids: Uint32Array): Uint32Array {
  uids.sort()
  let kept = 0
  for (let i = 0; i < uids.length; i++) if (i === 0 || uids[i] !== uids[i - 1]) uids[kept++] = uids[i]!
  return kept === uids.length ? uids : uids.slice(0, kept)
}

/** Ranges of a set, both ends included; null for what is no set of UIDs. */
export function rangesOf(set: string): [number, number][] | null {
  const ranges: [number, number][] = []
  for (const part of set.split(',')) {
    const match = /^(\d{1,10})(?::(\d{1,10}))?$/.exec(part)
    if (!match) return null
    const [a, b] = [Number(match[1]), Number(match[2] ?? match[1])]
    ranges.push([Math.min(a, b), Math.max(a, b)])
  }
  return ranges
}

/** How many UIDs the ranges name, none of them twice. */
export const countOf = (ranges: readonly (readonly [number, number])[]): number => ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0)
