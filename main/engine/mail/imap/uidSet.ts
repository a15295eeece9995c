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

/** Ascending, each once. */
export function sortedOnce(uids: Uint32Array): Uint32Array {
  uids.sort()
  let kept = 0
  for (let i = 0; i < uids.length; i++) if (i === 0 || uids[i] !== uids[i - 1]) uids[kept++] = uids[i]!
  return kept === uids.length ? uids : uids.slice(0, kept)
}
