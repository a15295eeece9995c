/** SIGKILL at random moments of a capture. MAILCOFFER_KILLS (default 10) says how many; `npm run soak -- kill` takes 100. */
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nameOf } from '../../main/engine/demo/imap/store.ts'
import { type SampleServer, startSampleServer } from '../../main/engine/demo/sampleServer.ts'
import { archiveIdOf, cli, cliHere, PASSWORD } from '../help/cli.ts'
import { testEngine } from '../help/engine.ts'
import { generatedStore } from '../help/generatedStore.ts'
import { indexLines } from '../help/indexLines.ts'
import { type Random, randomOf } from '../help/random.ts'

const KILLS = Number(process.env['MAILCOFFER_KILLS'] ?? 10)
const SEED = Number(process.env['MAILCOFFER_SEED'] ?? 1)
const store = generatedStore({ messages: 2500, seed: SEED })

let server: SampleServer

beforeAll(async () => {
  server = await startSampleServer(store)
})
afterAll(() => server.close())

test(`captures killed at ${KILLS} random moments lose nothing, double nothing, and leave an index equal to a fresh one`, {
  timeout: 60_000 + KILLS * 15_000,
}, async () => {
  const random = randomOf(SEED)
  let kills = 0
  // A capture that is done cannot be killed any more: then another archive is begun.
  for (let lives = 0; kills < KILLS && lives < KILLS + 10; lives++) kills += await oneLife(random, KILLS - kills)
  expect(kills).toBe(KILLS)
})

/** One archive, captured and killed until it is complete or the kills are used up. Returns how many hit. */
async function oneLife(random: Random, most: number): Promise<number> {
  const profile = await mkdtemp(join(tmpdir(), 'mailcoffer-kill-'))
  const run = (...args: string[]) => cliHere(args, { profile, env: { MAILCOFFER_ACCOUNT_PASSWORD: server.password } })
  const killedSync = (afterMs: number) => cli(['sync', 'Work'], { profile, onStart: child => setTimeout(() => child.kill('SIGKILL'), afterMs) })
  try {
    expect(await run('archive', 'create', 'Work')).toMatchObject({ code: 0 })
    const address = `${server.host}:${server.port}`
    expect(await run('account', 'add', 'Work', '--imap', address, '--user', server.user, '--security', 'plain')).toMatchObject({ code: 0 })

    const storedAfter: number[] = []
    while (storedAfter.length < most) {
      // Moments are spread from the process's start into the capture; the first kills hit an empty archive, the later ones a half-full one.
      const { signal } = await killedSync(400 + random.below(1800))
      if (signal !== 'SIGKILL') break
      storedAfter.push(((await run('--json', 'archive', 'status', 'Work')).json() as { messages: number }).messages)
    }
    expect(storedAfter, 'what was durable once stays').toEqual([...storedAfter].sort((a, b) => a - b))

    const last = await run('--json', 'sync', 'Work')
    expect(last, last.stdout).toMatchObject({ code: 0 })
    expect(await run('verify', 'Work', '--full')).toMatchObject({ code: 0 })
    expect(await archived(profile)).toEqual(served())

    // Which a capture and a rebuild leave to the time after them, where they are many.
    const readAttachments = async () => expect(await run('attachments', 'read', 'Work')).toMatchObject({ code: 0 })
    await readAttachments()
    const before = await indexLines(profile, PASSWORD)
    expect(await run('rebuild', 'Work')).toMatchObject({ code: 0 })
    await readAttachments()
    expect(await indexLines(profile, PASSWORD)).toEqual(before)
    return storedAfter.length
  } finally {
    await rm(profile, { recursive: true, force: true })
  }
}

/** mailbox, UID, flags, INTERNALDATE and SHA-256 of every placement, sorted. */
function served(): string[] {
  return store.mailboxes
    .flatMap(mailbox =>
      mailbox.messages.map(message =>
        line(
          nameOf(store, mailbox),
          message.uid,
          message.flags,
          message.internalDate * 1000,
          createHash('sha256').update(message.bytes).digest('hex'),
        ),
      ),
    )
    .sort()
}

async function archived(profile: string): Promise<string[]> {
  const engine = testEngine(profile)
  try {
    await engine.client.call('profile.unlock', { password: PASSWORD })
    const archive = await archiveIdOf(engine.client)
    const lines = new Set<string>()
    let doubled = 0
    for (let from = null as Parameters<typeof engine.client.call<'message.window'>>[1]['from'], more = true; more; ) {
      const window = await engine.client.call('message.window', { archive, mailbox: null, from, direction: 'after', limit: 500 })
      for (const { id } of window.rows) {
        const { placements, sha256 } = await engine.client.call('message.show', { archive, message: id })
        for (const { mailboxName, uid, flags, internalDate } of placements) {
          const one = line(mailboxName, uid, flags, internalDate ?? 0, sha256)
          if (lines.has(one)) doubled++
          lines.add(one)
        }
      }
      from = window.rows.at(-1)?.cursor ?? null
      more = window.after && from !== null
    }
    expect(doubled).toBe(0)
    return [...lines].sort()
  } finally {
    await engine.close()
  }
}

const line = (mailbox: string, uid: number, flags: readonly string[], internalDate: number, sha256: string) =>
  `${mailbox} ${uid} ${[...flags].sort().join(',')} ${internalDate} ${sha256}`
