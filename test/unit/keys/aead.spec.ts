import { expect, test } from 'vitest'
import { NotOpened, open, seal } from '../../../main/engine/keys/aead.ts'
import { key } from './cheap.ts'

const plain = Buffer.from('the quick brown fox')
const aad = Buffer.from('context')

test('what was sealed opens with the same key and context, and is not readable before', () => {
  const { nonce, sealed } = seal(key(1), plain, aad)
  expect(Buffer.from(open(key(1), nonce, sealed, aad))).toEqual(plain)
  expect(Buffer.from(sealed).includes('quick')).toBe(false)
})

test('the same bytes sealed twice look different', () => {
  const [one, two] = [seal(key(1), plain, aad), seal(key(1), plain, aad)]
  expect(one.nonce).not.toEqual(two.nonce)
  expect(one.sealed).not.toEqual(two.sealed)
})

test('every flipped bit of nonce, ciphertext, tag, context and key is noticed', () => {
  const { nonce, sealed } = seal(key(1), plain, aad)
  const parts = { key: key(1), nonce, sealed, aad: new Uint8Array(aad) }
  let tried = 0
  for (const [name, bytes] of Object.entries(parts))
    for (let bit = 0; bit < bytes.length * 8; bit++, tried++) {
      const flipped = Uint8Array.from(bytes)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      const changed = { ...parts, [name]: flipped }
      expect(() => open(changed.key, changed.nonce, changed.sealed, changed.aad), `${name} bit ${bit}`).toThrow(NotOpened)
    }
  expect(tried).toBe((32 + 12 + plain.length + 16 + aad.length) * 8)
})

test('a shortened tag does not open, at no length', () => {
  const { nonce, sealed } = seal(key(1), plain, aad)
  for (let length = 0; length < sealed.length; length++) expect(() => open(key(1), nonce, sealed.subarray(0, length), aad)).toThrow(NotOpened)
})

test('no nonce comes twice', () => {
  const nonces = Array.from({ length: 1000 }, () => Buffer.from(seal(key(1), new Uint8Array(1), new Uint8Array(0)).nonce).toString('hex'))
  expect(new Set(nonces).size).toBe(1000)
})
