/** A flipped bit in a commit costs what that commit said, and not one message. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLogReader } from '../../main/engine/log/open.ts'
import type { Commit } from '../../main/engine/log/types.ts'
import { PASSWORD } from '../help/cli.ts'
import { generatedStore } from '../help/generatedStore.ts'
import { openedKeys } from '../help/indexLines.ts'
import { type SampleProfile, sampleProfile } from '../help/sampleProfile.ts'

const MESSAGES = 80
const store = generatedStore({ messages: MESSAGES, seed: 21 })
let profile: SampleProfile
beforeAll(async () => {
  profile = await sampleProfile(store)
  // Two runs, so that there are at least two commits: the second finds one message more.
  const spare = store.mailboxes[0]!.messages.pop()!
  expect(await profile.run('sync', 'Work')).toMatchObject({ code: 0 })
  store.mailboxes[0]!.messages.push(spare)
  expect(await profile.run('sync', 'Work')).toMatchObject({ code: 0 })
})
afterAll(() => profile.close())

const status = async () => (await profile.run('--json', 'archive', 'status', 'Work')).json() as { messages: number }

test('the last commit lost: its messages are listed all the same', async () => {
  const restore = await damageACommit('last')
  const index = join(profile.dir, 'index')
  await rm(index, { recursive: true })
  expect((await status()).messages).toBe(MESSAGES)
  expect((await status()).messages, 'and again, when the archive is opened once more').toBe(MESSAGES)
  await restore()
  await rm(index, { recursive: true })
  expect((await status()).messages).toBe(MESSAGES)
})

test('messages of a lost commit are still listed, exported, and get their places back with the next capture', async () => {
  await damageACommit('one before the last')
  await rm(join(profile.dir, 'index'), { recursive: true })
  expect((await status()).messages).toBe(MESSAGES)

  const verified = await profile.run('--json', 'verify', 'Work', '--full')
  expect(verified.code).toBe(1)

  const out = join(profile.dir, 'out')
  expect(await profile.run('export', 'Work', '--to', out, '--format', 'eml')).toMatchObject({ code: 0 })
  const lost = (await readdir(join(out, '_without mailbox'))).filter(name => name.endsWith('.eml'))
  expect(lost.length).toBeGreaterThan(0)

  const synced = await profile.run('sync', 'Work')
  expect(synced, synced.stdout + synced.stderr).toMatchObject({ code: 0 })
  const again = join(profile.dir, 'again')
  await profile.run('export', 'Work', '--to', again, '--format', 'eml')
  const names = async (dir: string) =>
    (await readdir(dir, { recursive: true, withFileTypes: true })).filter(
      one => one.isFile() && one.name.endsWith('.eml') && !one.parentPath.endsWith('_without mailbox'),
    )
  expect((await names(again)).length).toBe(store.mailboxes.reduce((sum, { messages }) => sum + messages.length, 0))
})

/** Flips a bit in a commit that placed messages. Returns what puts it right again. */
async function damageACommit(which: 'last' | 'one before the last'): Promise<() => Promise<void>> {
  const reader = await openLogReader(profile.archive, { keys: await openedKeys(profile.dir, PASSWORD) })
  const commits: Commit[] = []
  for await (const item of reader.scan()) if (item.type === 'commit') commits.push(item.commit)
  await reader.close()
  const placing = commits.filter(({ facts }) => facts.some(({ k }) => k === 'placed'))
  if (which === 'one before the last') expect(commits.length, 'another commit stands behind it').toBeGreaterThan(commits.indexOf(placing[0]!) + 1)
  const { place } = which === 'last' ? placing.at(-1)! : placing[0]!
  const [name] = (await readdir(join(profile.archive, 'log')))
    .filter(one => one.endsWith('.seg'))
    .sort()
    .slice(place.segment - 1)
  const path = join(profile.archive, 'log', name!)
  const bytes = await readFile(path)
  bytes[place.offset + place.length - 30]! ^= 1
  await writeFile(path, bytes)
  return async () => {
    bytes[place.offset + place.length - 30]! ^= 1
    await writeFile(path, bytes)
  }
}
