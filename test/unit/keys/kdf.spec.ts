/** The key of a password is the same, whatever made it. */
import { expect, test } from 'vitest'
import { argon2Native, argon2Portable } from '../../../main/engine/keys/kdf.ts'

test('this runtime and WebAssembly make the same key of a password', async () => {
  for (const [password, memory, passes, lanes] of [
    ['correct horse', 8192, 1, 1],
    ['zażółć gęślą jaźń 合同', 8192, 3, 1],
    ['x', 16384, 2, 4],
    ['x'.repeat(300), 9000, 1, 3],
  ] as const) {
    const asked = { password, salt: Buffer.alloc(16, password.length), memory, passes, lanes }
    const [native, portable] = [await argon2Native(asked), await argon2Portable(asked)]
    expect(portable).toHaveLength(32)
    // A runtime without it opens the same archives.
    if (native) expect(Buffer.from(native).toString('hex')).toBe(Buffer.from(portable).toString('hex'))
  }
})

test('a runtime that cannot is told from one that can, and nothing is thrown', async () => {
  expect(await argon2Native({ password: 'x', salt: Buffer.alloc(2), memory: 8192, passes: 1, lanes: 1 })).toBeNull()
})
