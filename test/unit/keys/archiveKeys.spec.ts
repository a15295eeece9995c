import { createHash, createHmac, hkdfSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { deriveArchiveKeys } from '../../../main/engine/keys/archiveKeys.ts'
import { key, OTHER, OWNER } from './cheap.ts'

const master = key(7)
const sha256 = createHash('sha256').update('bytes').digest()
/** docs/FORMAT.md section 2, written down a second time. */
const derived = (name: string, salt: Uint8Array = Buffer.from(OWNER, 'hex')) =>
  new Uint8Array(hkdfSync('sha256', master, salt, `mailcoffer/1/${name}`, 32))

test('every key is the one docs/FORMAT.md states', () => {
  const keys = deriveArchiveKeys(master, OWNER)
  expect(keys.idKey).toEqual(derived('id'))
  expect(keys.headerKey).toEqual(derived('header'))
  expect(keys.headKey).toEqual(derived('head'))
  expect(keys.indexKey).toEqual(derived('index'))
  expect(keys.secretKey).toEqual(derived('secret'))
  expect(keys.segmentKey(key(9))).toEqual(derived('segment', key(9)))
})

test('a record id is the keyed hash of its kind and its hash', () => {
  const keys = deriveArchiveKeys(master, OWNER)
  for (const [kind, byte] of [
    ['blob', 1],
    ['message', 2],
    ['commit', 3],
  ] as const)
    expect(keys.recordId(kind, sha256)).toBe(createHmac('sha256', derived('id')).update(Buffer.of(byte)).update(sha256).digest('hex'))
})

test('two archives with one master key share no key and no id', () => {
  const [one, two] = [deriveArchiveKeys(master, OWNER), deriveArchiveKeys(master, OTHER)]
  for (const name of ['idKey', 'headerKey', 'headKey', 'indexKey', 'secretKey'] as const) expect(one[name]).not.toEqual(two[name])
  expect(one.recordId('blob', sha256)).not.toBe(two.recordId('blob', sha256))
})

test('the caller may wipe the master key; segments go on opening', () => {
  const own = Uint8Array.from(master)
  const keys = deriveArchiveKeys(own, OWNER)
  own.fill(0)
  expect(keys.segmentKey(key(9))).toEqual(derived('segment', key(9)))
})

test('a key or an id of the wrong length is refused', () => {
  expect(() => deriveArchiveKeys(new Uint8Array(31), OWNER)).toThrow(TypeError)
  expect(() => deriveArchiveKeys(master, 'abc')).toThrow(TypeError)
})
