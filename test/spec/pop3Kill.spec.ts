/** SIGKILL at random moments of a capture over POP3: `npm run soak -- pop3-kill` takes 60 of them. */
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AccountSettings } from '../../main/contract/types.ts'
import { dumpIndex } from '../../main/engine/index/dump.ts'
import { type CaptureTrial, captureInto, indexFile, killedCapture, makeArchive, openAgain, quietContext } from '../help/history/capturing.ts'
import { heldBy } from '../help/history/truth.ts'
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

const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

for (const [name, uidls] of [
  ['with UIDLs', true],
  ['on a server without UIDL', false],
] as const)
  test(`killed ${KILLS} times ${name}: each message once, byte for byte, and what was durable is not fetched again`, {
    timeout: 60_000 + KILLS * 10_000,
  }, async () => {
    const random = randomOf(SEED)
    const messages: Popped[] = Array.from({ length: COUNT }, (_, i) => letter(i, `${'Some words.\r\n'.repeat(random.below(200))}.\r\n`))
    server = await startScriptedPop3({ messages, ...(!uidls && { without: ['UIDL'], capabilities: ['TOP', 'USER'] }) })
    const settings: AccountSettings = { protocol: 'pop3', host: server.host, port: server.port, user: server.user, security: 'plain' }
    const trial: CaptureTrial = { settings, password: server.password, ahead: 0 }
    let kills = 0
    // The first hit an empty archive, the later ones one that is half full.
    for (let i = 0; i < KILLS; i++) if (await killedCapture(dir, trial, 20 + random.below(250))) kills++
    expect(kills).toBeGreaterThan(0)

    const archive = await openAgain(dir)
    try {
      expect(await captureInto(archive, trial)).toEqual({ failures: [] })
      const held = await heldBy(archive, new Map())
      expect([...held.messages.values()].map(message => message.split(' ').at(-1)).sort()).toEqual(messages.map(({ bytes }) => sha(bytes)).sort())
      expect(held.doubled).toEqual([])
      expect(held.unreadable).toEqual([])
      // What was on its way at a kill is fetched again: two batches at most.
      expect(server.given).toBeLessThan(COUNT + kills * 700)
      expect(server.wire.filter(line => /DELE|RSET/.test(line))).toEqual([])
      ;(await archive.store()).index.flush()
      const lines = [...dumpIndex(indexFile(dir))]
      await archive.rebuild(quietContext())
      expect([...dumpIndex(indexFile(dir))]).toEqual(lines)
    } finally {
      await archive.close()
    }
  })
