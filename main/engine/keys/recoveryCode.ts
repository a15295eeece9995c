/** The recovery code: 160 random bits that a person can print, read out and type (docs/FORMAT.md section 2). */
import { createHash, randomBytes } from 'node:crypto'
import { AppError } from '../../contract/errors.ts'

const CODE_BYTES = 20
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const DATA_SYMBOLS = 32
const CHECK_SYMBOLS = 4
const GROUP = 4

export interface RecoveryCode {
  /** What opens the slot. */
  bytes: Uint8Array
  /** What a person sees: nine groups of four symbols. */
  text: string
}

export function newRecoveryCode(): RecoveryCode {
  const bytes = new Uint8Array(randomBytes(CODE_BYTES))
  return { bytes, text: formatRecoveryCode(bytes) }
}

export function formatRecoveryCode(bytes: Uint8Array): string {
  const symbols = encode(bytes, DATA_SYMBOLS) + checkOf(bytes)
  return symbols.match(new RegExp(`.{${GROUP}}`, 'g'))!.join('-')
}

/**
 * The 20 bytes of a code as a person typed it. Throws wrong-recovery-code with the fact `mistyped: true` and, where one can tell,
 * the first group (from 1) that cannot be right. A code that is well typed and opens nothing is found out by its slot.
 */
export function parseRecoveryCode(typed: string): Uint8Array {
  const symbols = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Dash_Punctuation}]/gu, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
  const strange = [...symbols].findIndex(symbol => !ALPHABET.includes(symbol))
  if (strange >= 0) throw mistyped('a symbol that no recovery code has', { group: Math.floor(strange / GROUP) + 1 })
  if (symbols.length !== DATA_SYMBOLS + CHECK_SYMBOLS) throw mistyped('not the length of a recovery code', { symbols: symbols.length })
  const bytes = decode(symbols.slice(0, DATA_SYMBOLS))
  if (checkOf(bytes) !== symbols.slice(DATA_SYMBOLS)) throw mistyped('the check symbols do not agree', {})
  return bytes
}

function mistyped(message: string, facts: Record<string, number>): AppError {
  return new AppError('wrong-recovery-code', message, { facts: { mistyped: true, ...facts } })
}

/** The first 20 bits of the hash: a mistyped code is told from a wrong one, but for one in a million. */
function checkOf(bytes: Uint8Array): string {
  const hash = createHash('sha256').update('mailcoffer/1/recovery', 'ascii').update(bytes).digest()
  return encode(hash, CHECK_SYMBOLS)
}

/** Crockford's base 32, most significant bit first. */
function encode(bytes: Uint8Array, symbols: number): string {
  let text = ''
  for (let at = 0; at < symbols; at++) {
    let value = 0
    for (let bit = at * 5; bit < at * 5 + 5; bit++) value = (value << 1) | ((bytes[bit >> 3]! >> (7 - (bit & 7))) & 1)
    text += ALPHABET[value]
  }
  return text
}

function decode(symbols: string): Uint8Array {
  const bytes = new Uint8Array((symbols.length * 5) / 8)
  let bit = 0
  for (const symbol of symbols) {
    const value = ALPHABET.indexOf(symbol)
    for (let shift = 4; shift >= 0; shift--, bit++) bytes[bit >> 3]! |= ((value >> shift) & 1) << (7 - (bit & 7))
  }
  return bytes
}
