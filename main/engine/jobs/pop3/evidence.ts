/** Is an answer to TOP the whole message? RFC 1939 says so when enough lines are asked for; only its length proves it. */

export interface Shape {
  length: number
  /** Line feeds in it. */
  lines: number
}

/**
 * LIST counts octets as they are transmitted, says RFC 1939 section 11; without the line end that a last line may lack; or, on servers that count
 * their files, with one octet for each line end. An answer that was cut fits none of these.
 */
export function isWhole(octets: number | null, { length, lines }: Shape): boolean {
  if (octets === null) return false
  return length === octets || length === octets + 2 || length - lines === octets || length - lines === octets + 1
}

export function linesIn(bytes: Uint8Array): number {
  let lines = 0
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines++
  return lines
}
