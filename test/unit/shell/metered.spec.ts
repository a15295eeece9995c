import { expect, test } from 'vitest'
import { isMetered } from '../../../main/shell/metered.ts'

const linux = (state: number) => `method return time=1.2 sender=:1.5 -> destination=:1.9\n   variant       uint32 ${state}\n`

test.each([
  ['linux', linux(1), true],
  ['linux', linux(2), false],
  ['linux', linux(3), true],
  ['linux', linux(4), false],
  ['linux', linux(0), null],
  ['linux', '', null],
  ['win32', '1\r\n', false],
  ['win32', '2\r\n', true],
  ['win32', '3\r\n', true],
  ['win32', '0\r\n', null],
  ['win32', '', null],
  ['win32', 'Unable to find type\r\n', null],
] as const)('%s, which says %j: metered is %s', async (platform, said, metered) => {
  expect(await isMetered(platform, async () => said)).toBe(metered)
})

test('a system that has no such program, or none to ask, does not tell', async () => {
  const missing = async () => {
    throw new Error('ENOENT')
  }
  expect(await isMetered('linux', missing)).toBeNull()
  expect(await isMetered('win32', missing)).toBeNull()
  expect(await isMetered('darwin', async () => '1')).toBeNull()
})
