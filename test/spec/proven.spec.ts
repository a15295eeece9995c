/** "Last proven complete" is a statement about the archive: it is in its log, and a restart or another computer knows it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../main/engine/base/clock.ts'
import { createEngine } from '../../main/engine/engine.ts'
import { PASSWORD } from '../help/cli.ts'
import { generatedStore } from '../help/generatedStore.ts'
import { type SampleProfile, sampleProfile } from '../help/sampleProfile.ts'

const HOUR = 3_600_000
const START = Date.UTC(2026, 5, 1, 12)

let profile: SampleProfile
beforeAll(async () => {
  profile = await sampleProfile(generatedStore({ messages: 30, seed: 5 }))
})
afterAll(() => profile.close())

/** Of that time, give or take the minute that a test lasts. */
const about = (time: number) => (proven: number | null) => proven !== null && proven >= time && proven < time + 60_000

/** Opens the profile at this time, does something with its archive, and closes it. */
async function at<T>(
  time: number,
  work: (ask: { capture(): Promise<void>; proven(): Promise<number | null>; logBytes(): Promise<number> }) => Promise<T>,
): Promise<T> {
  const offset = time - systemClock.now()
  const clock = { now: () => systemClock.now() + offset, sleep: systemClock.sleep }
  const engine = createEngine({ profileDir: profile.dir, transport: 'test', clock })
  const { client } = engine
  try {
    await client.call('profile.unlock', { password: PASSWORD })
    const [archive] = await new Promise<{ id: string }[]>(resolve => client.watch('archives', {}, resolve))
    const status = () => client.call('archive.status', { archive: archive!.id })
    return await work({
      capture: async () => {
        const { id } = await client.call('job.capture', { archive: archive!.id })
        expect(await client.call('job.wait', { job: id })).toMatchObject({ state: 'done' })
      },
      proven: async () => (await status()).archive.lastProven,
      logBytes: async () => (await status()).logBytes,
    })
  } finally {
    await engine.close()
  }
}

test('a capture that found everything says so, and the next start knows it', { timeout: 60_000 }, async () => {
  expect(await at(START, async ({ proven }) => proven())).toBeNull()
  await at(START, async ({ capture, proven }) => {
    await capture()
    expect(await proven()).toSatisfy(about(START))
  })
  expect(await at(START + HOUR / 4, async ({ proven }) => proven())).toSatisfy(about(START))
})

test('looks that find nothing do not make the archive grow, and an hour later one line says it again', { timeout: 60_000 }, async () => {
  const before = await at(START + HOUR / 2, async ({ capture, proven, logBytes }) => {
    await capture()
    const size = await logBytes()
    await capture()
    expect(await proven()).toSatisfy(about(START + HOUR / 2))
    expect(await logBytes()).toBe(size)
    return size
  })
  await at(START + 1.1 * HOUR, async ({ capture, proven, logBytes }) => {
    expect(await proven()).toSatisfy(about(START))
    await capture()
    const grown = (await logBytes()) - before
    expect(grown).toBeGreaterThan(0)
    expect(grown).toBeLessThan(2000)
  })
  expect(await at(START + 1.2 * HOUR, async ({ proven }) => proven())).toSatisfy(about(START + 1.1 * HOUR))
})
