/** The index is a cache: lost, it comes back from the log. */
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { generatedStore } from '../help/generatedStore.ts'
import { type SampleProfile, sampleProfile } from '../help/sampleProfile.ts'

let profile: SampleProfile
beforeAll(async () => {
  profile = await sampleProfile(generatedStore({ messages: 60, seed: 8 }))
  expect((await profile.run('sync', 'Work')).code).toBe(0)
})
afterAll(() => profile.close())

test('a lost index is built again by asking for it, which does not wait for itself', { timeout: 60_000 }, async () => {
  for (const file of await readdir(join(profile.dir, 'index'))) await rm(join(profile.dir, 'index', file))
  expect(await profile.run('rebuild', 'Work')).toMatchObject({ code: 0 })
  const status = (await profile.run('--json', 'archive', 'status', 'Work')).json()
  expect(status).toMatchObject({ messages: 60, unindexed: 0 })
})
