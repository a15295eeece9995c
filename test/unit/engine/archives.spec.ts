/** Archives that are opened and closed while others look on. */
import { rm } from 'node:fs/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Archives, createArchives } from '../../../main/engine/archives.ts'
import { systemClock } from '../../../main/engine/base/clock.ts'
import { createConditions } from '../../../main/engine/base/conditions.ts'
import { createRunner } from '../../../main/engine/jobs/runner.ts'
import { createProfiles, type Profiles } from '../../../main/engine/profiles.ts'
import { createSignIns } from '../../../main/engine/signIn.ts'

let profiles: Profiles
let archives: Archives
let dir: string
let id: string

beforeEach(async () => {
  const log = () => {}
  profiles = createProfiles('/nowhere', { clock: systemClock, log })
  // A profile that is tried: its password costs nothing, and it goes away when it is locked.
  dir = (await profiles.beginTrial()).dir
  const runner = createRunner({ clock: systemClock, log })
  archives = createArchives({
    profiles,
    runner,
    clock: systemClock,
    conditions: createConditions(),
    signIns: createSignIns({ profiles, clock: systemClock, log }),
    log,
  })
  id = (await archives.create({ name: 'Work' })).archive.id
})
afterEach(async () => {
  await archives.close(null)
  await profiles.lock()
  await rm(dir, { recursive: true, force: true })
})

test('one that is being closed does not count as open, and whoever only looks on opens nothing', async () => {
  expect(archives.ifOpen(id)).toBeNull()
  await archives.open(id)
  expect(await archives.ifOpen(id)).toMatchObject({ id })
  const closed = archives.close(id)
  await new Promise(resolve => setImmediate(resolve))
  expect(archives.ifOpen(id)).toBeNull()
  expect(await archives.summary(id)).toMatchObject({ state: 'closed' })
  await closed
})

test('one that is closed before it was open is closed, and stays so', async () => {
  const opening = archives.open(id)
  await archives.close(id)
  await opening
  expect(await archives.summary(id)).toMatchObject({ state: 'closed' })
})
