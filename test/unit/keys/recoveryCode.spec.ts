import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { AppError } from '../../../main/contract/errors.ts'
import { formatRecoveryCode, newRecoveryCode, parseRecoveryCode } from '../../../main/engine/keys/recoveryCode.ts'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

function failure(typed: string): AppError {
  try {
    parseRecoveryCode(typed)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error(`${typed} was taken for a recovery code`)
}

test('a new code is nine groups of four and gives its 20 bytes back', () => {
  const { text, bytes } = newRecoveryCode()
  expect(text).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){8}[0-9A-HJKMNP-TV-Z]{4}$/)
  expect(parseRecoveryCode(text)).toEqual(bytes)
  expect(newRecoveryCode().text).not.toBe(text)
})

test('the symbols are those docs/FORMAT.md states, the last four a hash', () => {
  const bytes = Uint8Array.from({ length: 20 }, (_, at) => (at * 37 + 11) & 255)
  const bits = (from: Uint8Array, count: number) =>
    [...from]
      .map(byte => byte.toString(2).padStart(8, '0'))
      .join('')
      .slice(0, count)
  const check = createHash('sha256').update('mailcoffer/1/recovery').update(bytes).digest()
  const symbols = `${bits(bytes, 160)}${bits(check, 20)}`.match(/.{5}/g)!.map(five => ALPHABET[Number.parseInt(five, 2)])
  expect(formatRecoveryCode(bytes).replaceAll('-', '')).toBe(symbols.join(''))
})

test('case, spaces, any hyphens, full-width digits and the letters that look like digits do not matter', () => {
  const bytes = new Uint8Array(20) // symbols 0
  bytes[19] = 1 // and a 1
  const text = formatRecoveryCode(bytes)
  for (const typed of [
    text.toLowerCase(),
    text.replaceAll('-', ''),
    ` ${text.replaceAll('-', ' ')}\n`,
    text.replaceAll('-', '–'),
    text.replaceAll('0', 'O'),
    text.replaceAll('0', 'o').replaceAll('1', 'l'),
    text.replaceAll('1', 'I'),
    text.replaceAll('0', '０'),
  ])
    expect(parseRecoveryCode(typed), typed).toEqual(bytes)
})

test('every single wrong symbol, and every two neighbours swapped, is called mistyped and not merely wrong', () => {
  const symbols = newRecoveryCode().text.replaceAll('-', '')
  let missed = 0
  let tried = 0
  for (let at = 0; at < symbols.length; at++) {
    const others = [...ALPHABET].filter(symbol => symbol !== symbols[at]).map(symbol => symbols.slice(0, at) + symbol + symbols.slice(at + 1))
    const swapped =
      symbols.slice(0, at) +
      symbols
        .slice(at, at + 2)
        .split('')
        .reverse()
        .join('') +
      symbols.slice(at + 2)
    for (const typed of [...others, ...(swapped === symbols ? [] : [swapped])]) {
      tried++
      try {
        parseRecoveryCode(typed)
        missed++ // 20 bits of check: one in a million
      } catch (error) {
        expect((error as AppError).code).toBe('wrong-recovery-code')
        expect((error as AppError).facts['mistyped']).toBe(true)
      }
    }
  }
  expect(tried).toBeGreaterThan(36 * 31)
  expect(missed).toBeLessThan(2)
})

test('a symbol that no code has is named by its group; a code that is too short says how long it is', () => {
  const text = newRecoveryCode().text
  expect(failure(`${text.slice(0, 11)}U${text.slice(12)}`).facts).toEqual({ mistyped: true, group: 3 })
  expect(failure(text.slice(0, -1)).facts).toEqual({ mistyped: true, symbols: 35 })
  expect(failure('').facts).toEqual({ mistyped: true, symbols: 0 })
  expect(failure('hunter2!').code).toBe('wrong-recovery-code')
})

test('the error does not repeat what was typed', () => {
  const { message, facts } = failure('my secret password!')
  expect(`${message} ${JSON.stringify(facts)}`).not.toContain('secret')
})
