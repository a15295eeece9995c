import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  addSlot,
  createKeyring,
  openWithPassword,
  openWithProfile,
  openWithRecoveryCode,
  readKeyring,
  removeSlot,
  repairKeyring,
  replaceSlot,
  slotSummaries,
} from '../../../main/engine/keys/keyring.ts'
import { codeOf, cost, errorOf, folder, key, OTHER, OWNER } from './cheap.ts'

const master = key(42)
const code = new Uint8Array(20).fill(3)
const profile = key(5)
const bytesOf = (value: Uint8Array) => Buffer.from(value).toString('hex')

async function sample() {
  const dir = await folder()
  const keyring = await createKeyring(dir, OWNER, master, [
    { kind: 'password', password: 'correct horse', cost, label: 'Ada' },
    { kind: 'recovery', code },
    { kind: 'profile', key: profile },
  ])
  return { dir, keyring }
}

type Json = { format: number; archive: string; generation: number; slots: Record<string, unknown>[] }

async function rewrite(dir: string, change: (file: Json) => void, names = ['keyring.json', 'keyring.prev.json']) {
  for (const name of names) {
    const file = JSON.parse(await readFile(join(dir, name), 'utf8')) as Json
    change(file)
    await writeFile(join(dir, name), JSON.stringify(file))
  }
}

test('password, recovery code and profile each open the same master key, from a keyring read anew', async () => {
  const { dir } = await sample()
  const keyring = await readKeyring(dir, OWNER)
  expect(bytesOf(await openWithPassword(keyring, 'correct horse'))).toBe(bytesOf(master))
  expect(bytesOf(await openWithRecoveryCode(keyring, code))).toBe(bytesOf(master))
  expect(bytesOf(await openWithProfile(keyring, profile))).toBe(bytesOf(master))
  expect(slotSummaries(keyring).map(({ kind, label, role }) => [kind, label, role])).toEqual([
    ['password', 'Ada', 'owner'],
    ['recovery', '', 'owner'],
    ['profile', '', 'owner'],
  ])
})

test('a wrong password, code or profile has its own error each', async () => {
  const { keyring } = await sample()
  expect(await codeOf(openWithPassword(keyring, 'correct horsf'))).toBe('wrong-password')
  const wrong = await errorOf(openWithRecoveryCode(keyring, new Uint8Array(20)))
  expect([wrong?.code, wrong?.facts['mistyped']]).toEqual(['wrong-recovery-code', false])
  expect(await codeOf(openWithProfile(keyring, key(6)))).toBe('archive-locked')
})

test('a password is the same however the keyboard composes its accents', async () => {
  const dir = await folder()
  const keyring = await createKeyring(dir, OWNER, master, [{ kind: 'password', password: 'café au lait', cost }])
  expect(bytesOf(await openWithPassword(keyring, 'cafe\u0301 au lait'))).toBe(bytesOf(master))
})

test('no password, code or key stands in the file, and nothing but what the format says', async () => {
  const { dir } = await sample()
  const text = await readFile(join(dir, 'keyring.json'), 'utf8')
  const bytes = await readFile(join(dir, 'keyring.json'))
  for (const secret of [
    'correct horse',
    bytesOf(master),
    Buffer.from(master).toString('base64'),
    bytesOf(code),
    Buffer.from(profile).toString('base64'),
  ])
    expect(text).not.toContain(secret)
  expect(bytes.includes(Buffer.from(master))).toBe(false)
  expect(Object.keys(JSON.parse(text)).sort()).toEqual(['archive', 'format', 'generation', 'slots'])
})

const tamperings: Record<string, (slot: Record<string, unknown>) => void> = {
  'another id': slot => {
    slot['id'] = '0000000000000000'
  },
  'another role': slot => {
    slot['role'] = 'reader'
  },
  'another salt': slot => {
    ;(slot['kdf'] as Record<string, unknown>)['salt'] = Buffer.alloc(16).toString('base64')
  },
  'another nonce': slot => {
    slot['nonce'] = Buffer.alloc(12).toString('base64')
  },
  'another key': slot => {
    slot['wrapped'] = Buffer.alloc(48).toString('base64')
  },
}

for (const [name, change] of Object.entries(tamperings))
  test(`a slot with ${name} opens nothing, whichever kind it is`, async () => {
    const { dir } = await sample()
    await rewrite(dir, file => file.slots.forEach(change))
    const keyring = await readKeyring(dir, OWNER)
    expect(await codeOf(openWithPassword(keyring, 'correct horse'))).toBe('wrong-password')
    expect(await codeOf(openWithRecoveryCode(keyring, code))).toBe('wrong-recovery-code')
    expect(await codeOf(openWithProfile(keyring, profile))).toBe('archive-locked')
  })

test('a slot that is made cheaper to guess does not open any more', async () => {
  const dir = await folder()
  await createKeyring(dir, OWNER, master, [{ kind: 'password', password: 'correct horse', cost: { ...cost, passes: 2 } }])
  await rewrite(dir, ({ slots }) => {
    ;(slots[0]!['kdf'] as Record<string, unknown>)['passes'] = 1
  })
  expect(await codeOf(openWithPassword(await readKeyring(dir), 'correct horse'))).toBe('wrong-password')
})

test('a slot taken from the keyring of another archive opens nothing', async () => {
  const [one, two] = [await sample(), await folder()]
  await createKeyring(two, OTHER, key(1), [{ kind: 'profile', key: profile }])
  await rewrite(two, file => {
    file.slots = one.keyring.slots.map(slot => ({ ...slot }))
  })
  expect(await codeOf(openWithProfile(await readKeyring(two, OTHER), profile))).toBe('archive-locked')
})

test('the keyring of another archive in this folder is called damaged', async () => {
  const { dir } = await sample()
  expect(await codeOf(readKeyring(dir, OTHER))).toBe('keyring-damaged')
})

test('a flipped bit anywhere in keyring.json is harmless, or healed from the generation before', async () => {
  const { dir } = await sample()
  const path = join(dir, 'keyring.json')
  const good = await readFile(path)
  const format = good.indexOf('"format"') // of which a flipped bit can make a newer format: said, and not guessed at
  for (let at = 0; at < good.length; at += 3) {
    if (at >= format && at < format + '"format": 1'.length) continue
    const bad = Buffer.from(good)
    bad[at]! ^= 1 << (at & 7)
    await writeFile(path, bad)
    const keyring = await readKeyring(dir, OWNER)
    expect(bytesOf(await openWithRecoveryCode(keyring, code)), `byte ${at}`).toBe(bytesOf(master))
    expect(bytesOf(await openWithProfile(keyring, profile)), `byte ${at}`).toBe(bytesOf(master))
    const password = good.indexOf('"password"')
    if (at > password && at < password + 400 && at % 24 === 0) expect(bytesOf(await openWithPassword(keyring, 'correct horse'))).toBe(bytesOf(master))
  }
})

test('every truncation of keyring.json is noticed, and the generation before is used', async () => {
  const { dir } = await sample()
  const path = join(dir, 'keyring.json')
  const good = await readFile(path)
  for (let length = 0; length < good.length - 2; length += 7) {
    await writeFile(path, good.subarray(0, length))
    const keyring = await readKeyring(dir, OWNER)
    expect(keyring.damaged, `${length} bytes`).toBe(true)
  }
})

test('a keyring.json that is gone is read from the generation before, and the next change writes a good one', async () => {
  const { dir } = await sample()
  await rm(join(dir, 'keyring.json'))
  const keyring = await readKeyring(dir)
  expect(keyring.damaged).toBe(true)
  await repairKeyring(dir, keyring)
  expect((await readKeyring(dir)).damaged).toBe(false)
  expect(bytesOf(await openWithPassword(await readKeyring(dir), 'correct horse'))).toBe(bytesOf(master))
})

test('a damaged keyring.json is never copied over the good generation before', async () => {
  const { dir } = await sample()
  await writeFile(join(dir, 'keyring.json'), 'rubbish')
  await addSlot(dir, await readKeyring(dir), master, { kind: 'profile', key: key(8) })
  expect(JSON.parse(await readFile(join(dir, 'keyring.prev.json'), 'utf8'))).toMatchObject({ archive: OWNER })
  expect(bytesOf(await openWithProfile(await readKeyring(dir), key(8)))).toBe(bytesOf(master))
})

test('both generations damaged is an error of its own, and so is no keyring at all', async () => {
  const { dir } = await sample()
  for (const name of ['keyring.json', 'keyring.prev.json']) await writeFile(join(dir, name), '{"format":1')
  expect((await errorOf(readKeyring(dir)))?.code).toBe('keyring-damaged')
  expect((await errorOf(readKeyring(await folder())))?.facts['missing']).toBe(true)
})

test('a keyring of a newer format is not touched and not answered for by an older generation', async () => {
  const { dir } = await sample()
  await rewrite(
    dir,
    file => {
      file.format = 2
    },
    ['keyring.json'],
  )
  expect(await codeOf(readKeyring(dir))).toBe('newer-format')
})

const kdfOf = ({ slots }: Json) => slots[0]!['kdf'] as Record<string, unknown>
const excesses: Record<string, (file: Json) => void> = {
  'memory of 513 MiB': file => Object.assign(kdfOf(file), { memory: 513 * 1024 }),
  'memory of 4 TiB': file => Object.assign(kdfOf(file), { memory: 2 ** 32 }),
  'memory too small to protect anything': file => Object.assign(kdfOf(file), { memory: 8 }),
  '13 passes': file => Object.assign(kdfOf(file), { passes: 13 }),
  'no pass': file => Object.assign(kdfOf(file), { passes: 0 }),
  '9 lanes': file => Object.assign(kdfOf(file), { lanes: 9 }),
  '65 slots': file => Object.assign(file, { slots: Array.from({ length: 65 }, () => file.slots[1]!) }),
  '9 password slots': file => Object.assign(file, { slots: Array.from({ length: 9 }, () => file.slots[0]!) }),
  'more than a mebibyte': file => Object.assign(file.slots[0]!, { label: 'x'.repeat(1024 * 1024) }),
}

for (const [name, change] of Object.entries(excesses))
  test(`a crafted keyring with ${name} is refused before any work, at once`, async () => {
    const { dir } = await sample()
    await rewrite(dir, change)
    const before = performance.now()
    expect(await codeOf(readKeyring(dir))).toBe('keyring-excessive')
    expect(performance.now() - before).toBeLessThan(1000)
  })

test('a new slot opens, and the others go on opening', async () => {
  const { dir, keyring } = await sample()
  const next = await addSlot(dir, keyring, master, { kind: 'profile', key: key(9), label: 'laptop', role: 'reader' })
  expect(next.generation).toBe(keyring.generation + 1)
  const read = await readKeyring(dir)
  expect(bytesOf(await openWithProfile(read, key(9)))).toBe(bytesOf(master))
  expect(bytesOf(await openWithProfile(read, profile))).toBe(bytesOf(master))
})

test('a replaced password opens nothing any more, not even in the generation before', async () => {
  const { dir, keyring } = await sample()
  await replaceSlot(dir, keyring, keyring.slots[0]!.id, master, { kind: 'password', password: 'battery staple', cost })
  const read = await readKeyring(dir)
  expect(read.slots[0]).toMatchObject({ id: keyring.slots[0]!.id, label: 'Ada' })
  expect(bytesOf(await openWithPassword(read, 'battery staple'))).toBe(bytesOf(master))
  expect(await codeOf(openWithPassword(read, 'correct horse'))).toBe('wrong-password')
  await rm(join(dir, 'keyring.json'))
  const before = await readKeyring(dir)
  expect(await codeOf(openWithPassword(before, 'correct horse'))).toBe('wrong-password')
  expect(bytesOf(await openWithPassword(before, 'battery staple'))).toBe(bytesOf(master))
})

test('a removed slot opens nothing any more, not even in the generation before', async () => {
  const { dir, keyring } = await sample()
  await removeSlot(dir, keyring, keyring.slots[2]!.id)
  for (const name of ['keyring.json', 'keyring.prev.json'])
    expect((JSON.parse(await readFile(join(dir, name), 'utf8')) as Json).slots.map(slot => slot['kind'])).toEqual(['password', 'recovery'])
})

test('two processes that change the keyring at once do not lose a slot: the later one is told', async () => {
  const { dir, keyring } = await sample()
  await addSlot(dir, keyring, master, { kind: 'profile', key: key(9) })
  expect(await codeOf(addSlot(dir, keyring, master, { kind: 'profile', key: key(10) }))).toBe('archive-in-use')
  expect((await readKeyring(dir)).slots).toHaveLength(4)
})
