/** Numbers that look random and are the same at every start: the sample must have the same bytes every time. */

/** mulberry32, seeded by a text. Gives 32-bit unsigned integers. */
export function randomFrom(seed: string): () => number {
  let state = 0x811c9dc5
  for (const symbol of seed) state = Math.imul(state ^ (symbol.codePointAt(0) as number), 0x01000193)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}

export function randomBytesFrom(seed: string, length: number): Uint8Array {
  const next = randomFrom(seed)
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at++) bytes[at] = next()
  return bytes
}
