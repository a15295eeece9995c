/** How hard a password is to guess, roughly: a hint while typing, never a gate above the engine's own minimum. */
export type Strength = 'short' | 'weak' | 'fair' | 'good' | 'strong'

/** The engine refuses shorter ones (weak-password). */
export const LEAST_PASSWORD = 8
const COMMON = /^(?:pass(?:word|wort)?|haslo|hasło|qwert[yz]|mailcoffer|12345|admin|letmein|iloveyou|welcome|mima|密码)/i

/** Bits by alphabet and length, less for repeats, runs and the words everybody tries. A Han character counts as much as a short syllable: 10 bits. */
export function strengthOf(password: string): Strength {
  const characters = [...password]
  if (characters.length < LEAST_PASSWORD) return 'short'
  const bits = characters.reduce((sum, character, index) => sum + worth(character, characters[index - 1]), 0)
  const distinct = new Set(characters).size / characters.length
  const score = bits * Math.min(1, 0.4 + distinct) * (COMMON.test(password) ? 0.4 : 1)
  if (score < 30) return 'weak'
  if (score < 45) return 'fair'
  return score < 65 ? 'good' : 'strong'
}

function worth(character: string, before: string | undefined): number {
  const step = before === undefined ? 99 : character.codePointAt(0)! - before.codePointAt(0)!
  if (Math.abs(step) <= 1) return 0.5
  if (/\p{Script=Han}/u.test(character)) return 10
  if (/\p{Ll}/u.test(character)) return 3.2
  return /\d/.test(character) ? 3.3 : 5
}
