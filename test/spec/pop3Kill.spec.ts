/** SIGKILL at random moments of a capture over POP3: `npm run soak -- pop3-kill` takes 60 of them. */
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AccountSettings } from '../../main/contract/types.ts'
import { dumpIndex } from '../../main/engine/index/dump.ts'
import { type CaptureTrial, captureInto, indexFile, killedCapture, makeArchive, openAgain, quietContext } from '../help/history/capturing.ts'
import { type Held, heldBy } from '../help/history/truth.ts'
import { letter } from '../help/pop3Captures.ts'
import { randomOf } from '../help/random.ts'
import { type Popped, type ScriptedPop3, startScriptedPop3 } from '../help/scriptedPop3.ts'

const KILLS = Number(process.env['MAILCOFFER_POP3_KILLS'] ?? 3)
const SEED = Number(process.env['MAILCOFFER_SEED'] ?? 1)
const COUNT = 1200

let dir: string
let server: ScriptedPop3
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mailcoffer-pop3-kill-'))
  await makeArchive(dir)
})
afterEach(async () => {
  await server?.close()
  await rm(dir, { recursive: true, force: true })
})

/** Commands of one window may still be answered when who sent them is dead. */
const ASKED_AHEAD = 100
/** What may wait to be saved (8 MB), and one window of messages of at most 26 KB. */
const ON_ITS_WAY = 11 * 1024 * 1024

/** Hashes of what is durable. */
async function durableIn(dir: string): Promise<string[]> {
  const archive = await openAgain(dir)
  try {
    return hashesOf(await heldBy(archive, new Map()))
  } finally {
    await archive.close()
  }
}

const hashesOf = ({ messages }: Held): string[] => [...messages.values()].map(message => message.split(' ').at(-1)!)

const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

for (const [name, uidls] of [
  ['with UIDLs', true],
  ['on a server without UIDL', false],
] as const)
  test(`killed ${KILLS} times ${name}: each message once, byte for byte, and what was durable is not fetched again`, {
    timeout: 60_000 + KILLS * 10_000,
  }, async () => {
    const random = randomOf(SEED)
    // More than may wait to be saved: else all of it is on its way before anything is durable.
    const messages: Popped[] = Array.from({ length: COUNT }, (_, i) => letter(i, `${'Some words.\r\n'.repeat(random.below(2000))}.\r\n`))
    server = await startScriptedPop3({ messages, ...(!uidls && { without: ['UIDL'], capabilities: ['TOP', 'USER'] }) })
    const settings: AccountSettings = { protocol: 'pop3', host: server.host, port: server.port, user: server.user, security: 'plain' }
    const trial: CaptureTrial = { settings, password: server.password, ahead: 0 }
    let kills = 0
    const sizes = new Map(messages.map(({ bytes }) => [sha(bytes), bytes.length]))
    const bytesOf = (hashes: readonly string[]) => hashes.reduce((sum, hash) => sum + sizes.get(hash)!, 0)
    let durable: string[] = []
    let given = 0
    let givenBytes = 0
    const expectOnlyTheRest = () => {
      expect(server.given - given).toBeLessThanOrEqual(COUNT - durable.length + ASKED_AHEAD)
      given = server.given
    }
    // The first hit an empty archive, the later ones one that is half full.
    for (let i = 0; i < KILLS; i++) {
      // By what was given, and not by the clock alone: on a fast computer it would be over, on a slow one not begun.
      const until = given + 1 + random.below(Math.ceil((COUNT - durable.length) * 0.6))
      const running = new AbortController()
      const due = async () => {
        while (server.given < until && !running.signal.aborted) await sleep(2)
        await sleep(random.below(400))
      }
      if (await killedCapture(dir, trial, due)) kills++
      running.abort()
      expectOnlyTheRest()
      const before = durable
      durable = await durableIn(dir)
      expect(durable).toEqual(expect.arrayContaining(before))
      // All else that was given was on its way, and is fetched again.
      expect(server.givenBytes - givenBytes - (bytesOf(durable) - bytesOf(before))).toBeLessThan(ON_ITS_WAY)
      givenBytes = server.givenBytes
    }
    expect(kills).toBeGreaterThan(0)

    const archive = await openAgain(dir)
    try {
      expect(await captureInto(archive, trial)).toEqual({ failures: [] })
      const held = await heldBy(archive, new Map())
      expect(hashesOf(held).sort()).toEqual(messages.map(({ bytes }) => sha(bytes)).sort())
      expect(held.doubled).toEqual([])
      expect(held.unreadable).toEqual([])
      expectOnlyTheRest()
      expect(server.wire.filter(line => /DELE|RSET/.test(line))).toEqual([])
      const store = await archive.store()
      // As the job does that captures: what was not read while it was stored is read now.
      await store.readTexts(quietContext())
      store.index.flush()
      const lines = [...dumpIndex(indexFile(dir))]
      await archive.rebuild(quietContext())
      expect([...dumpIndex(indexFile(dir))]).toEqual(lines)
    } finally {
      await archive.close()
    }
  })
