/** A crash of the engine: the next one gets back from the shell what the last one told it, and goes on. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clientOver } from '../../main/contract/client.ts'
import type { FromEngine } from '../../main/contract/transport.ts'
import type { Job } from '../../main/contract/types.ts'
import { createEngine } from '../../main/engine/engine.ts'
import { localChannel } from '../../main/engine/localChannel.ts'
import { PASSWORD } from '../help/cli.ts'
import { generatedStore } from '../help/generatedStore.ts'
import { type SampleProfile, sampleProfile } from '../help/sampleProfile.ts'

let profile: SampleProfile
beforeAll(async () => {
  profile = await sampleProfile(generatedStore({ messages: 900, seed: 3 }))
})
afterAll(() => profile.close())

/** What the shell does: it serves one channel and remembers the last session it was told. */
function connected() {
  const engine = createEngine({ profileDir: profile.dir, transport: 'test' })
  const { client, engine: side } = localChannel()
  let session = ''
  client.onMessage((message: FromEngine) => {
    if (message.type === 'session') session = message.state
  })
  engine.serve(side)
  return {
    engine,
    client: clientOver(client),
    restore: (state: string) => client.send({ type: 'session', state }),
    session: () => session,
    hangUp: () => client.close(),
  }
}

async function until<T>(ask: () => T | Promise<T>, good: (value: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 600; tries++) {
    const value = await ask()
    if (good(value)) return value
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error('it did not come')
}

const latest = <T>(watch: (listener: (value: T) => void) => () => void): (() => T | undefined) => {
  let value: T | undefined
  watch(next => {
    value = next
  })
  return () => value
}

test('after a crash the profile is open again and the capture goes on, without a question', { timeout: 120_000 }, async () => {
  const first = connected()
  await first.client.call('profile.unlock', { password: PASSWORD })
  const [archive] = (await until(
    latest<{ id: string }[]>(on => first.client.watch('archives', {}, on)),
    value => (value?.length ?? 0) > 0,
  ))!
  await first.client.call('job.capture', { archive: archive!.id, patient: true })
  const state = await until(first.session, value => value.includes(archive!.id))
  // The end of this engine stands for its crash: what matters is that the next one knows only what the shell gives it.
  await first.engine.close()
  first.hangUp()

  const second = connected()
  expect(await second.client.call('profile.status', {})).toMatchObject({ unlocked: false })
  second.restore(state)
  const jobs = latest<Job[]>(on => second.client.watch('jobs', {}, on))
  const ended = await until(jobs, value => value?.some(job => job.kind === 'capture' && job.state === 'done') ?? false)
  expect(ended!.find(job => job.kind === 'capture')).toMatchObject({ archive: archive!.id, outcomes: { failed: 0 } })
  expect(await second.client.call('profile.status', {})).toMatchObject({ unlocked: true })
  const status = await second.client.call('archive.status', { archive: archive!.id })
  expect(status.messages).toBe(900)
  await second.engine.close()
})

test('what a window asks while the session is being taken back waits for it, and finds its archives open', async () => {
  const first = connected()
  await first.client.call('profile.unlock', { password: PASSWORD })
  const archives = await until(
    latest<{ id: string }[]>(on => first.client.watch('archives', {}, on)),
    value => (value?.length ?? 0) > 0,
  )
  const state = await until(first.session, value => value !== '')
  await first.engine.close()
  first.hangUp()

  const second = connected()
  second.restore(state)
  const failed: unknown[] = []
  const mailboxes = latest<unknown[]>(on => second.client.watch('mailboxes', { archive: archives![0]!.id }, on, error => failed.push(error)))
  expect(await second.client.call('profile.status', {})).toMatchObject({ unlocked: true })
  await until(mailboxes, value => value !== undefined)
  expect(failed).toEqual([])
  await second.engine.close()
  second.hangUp()
})

test('locking tells the shell to forget', async () => {
  const { engine, client, session } = connected()
  await client.call('profile.unlock', { password: PASSWORD })
  await until(session, value => value !== '')
  await client.call('profile.lock', {})
  await until(session, value => value === '')
  await engine.close()
})

test('a session of another profile opens nothing', async () => {
  const { engine, client, restore } = connected()
  restore(JSON.stringify({ profileKey: 'ab'.repeat(32), captures: [] }))
  await new Promise(resolve => setTimeout(resolve, 300))
  expect(await client.call('profile.status', {})).toMatchObject({ unlocked: false })
  await engine.close()
})
