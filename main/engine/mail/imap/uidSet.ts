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

/** The UIDs of a set without `*`, ascending and each once. Null when it is no such set, or names more than `most`: a lie of a few bytes must not fill the memory. */
export function parseUidSet(set: string, most: number): Uint32Array | null {
  const ranges: [number, number][] = []
  let count = 0
  for (const part of set.split(',')) {
    const match = /^(\d{1,10})(?::(\d{1,10}))?$/.exec(part)
    if (!match) return null
    const a = Number(match[1])
    const b = Number(match[2] ?? match[1])
    const [first, last] = a <= b ? [a, b] : [b, a]
    count += last - first + 1
    if (first < 1 || last > MAX_UID || count > most) return null
    ranges.push([first, last])
  }
  const uids = new Uint32Array(count)
  let at = 0
  for (const [first, last] of ranges) for (let uid = first; uid <= last; uid++) uids[at++] = uid
  return sortedOnce(uids)
}

/** Ascending, each once. */
export function sortedOnce(uids: Uint32Array): Uint32Array {
  uids.sort()
  let kept = 0
  for (let i = 0; i < uids.length; i++) if (i === 0 || uids[i] !== uids[i - 1]) uids[kept++] = uids[i]!
  return kept === uids.length ? uids : uids.slice(0, kept)
}
