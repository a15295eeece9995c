/** A large maildrop, on a server that cuts and refuses: each message once, byte for byte. `npm run soak -- pop3` does it with 50,000. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestArchive, testArchive } from '../help/captures.ts'
import { popOnce } from '../help/pop3Captures.ts'
import { randomOf } from '../help/random.ts'
import { type Popped, type ScriptedPop3, startScriptedPop3 } from '../help/scriptedPop3.ts'

const COUNT = Number(process.env['MAILCOFFER_POP3'] ?? 2000)
const SLOW = COUNT > 2000 ? 30 * 60_000 : 120_000
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Dots, bare line ends, bodies of all small sizes; a fifth without Message-ID; each tenth the copy of an earlier one. */
function mailbox(count: number): Popped[] {
  const { below, pick } = randomOf(20)
  const messages: Popped[] = []
  for (let i = 0; i < count; i++) {
    if (i > 10 && i % 10 === 0) {
      messages.push({ bytes: pick(messages).bytes, uidl: `copy-${i}` })
      continue
    }
    const id = i % 5 === 0 ? '' : `Message-ID: <${i}@example.com>\r\n`
    const body = Array.from({ length: below(12) }, () => pick(['.', '..', '.\r\n', '\r', '\n', 'word ', '\r\n', '\xff', '\n.\n'])).join('')
    messages.push({ bytes: Buffer.from(`Subject: ${i}\r\n${id}\r\n${body}\r\n`, 'latin1'), uidl: `u${i}` })
  }
  return messages
}

describe(`${COUNT} messages`, () => {
  let archive: TestArchive
  let server: ScriptedPop3
  let troubles = true
  const messages = mailbox(COUNT)

  beforeAll(async () => {
    archive = await testArchive()
    const { next } = randomOf(4)
    server = await startScriptedPop3({
      messages,
      script: ({ verb, args }) => {
        if (!troubles || (verb !== 'TOP' && verb !== 'RETR') || args.endsWith(' 0')) return undefined
        return next() < 4 / COUNT ? { cutAfter: 30 } : undefined
      },
    })
  })
  afterAll(async () => {
    await server?.close()
    await archive?.close()
  })

  const run = () => popOnce({ archive, settings: { host: server.host, port: server.port, user: server.user }, password: server.password })
  /** What is in the mailbox now, as hashes of bytes. */
  const held = async () => {
    const rows = archive.store.index.pop3Ids(1).filter(({ id, gone }) => id !== null && !gone)
    const hashes = new Map<string, string>()
    for (const id of new Set(rows.map(each => each.id!))) hashes.set(id, sha(await archive.bytes(id)))
    return rows.map(({ id }) => hashes.get(id!)!).sort()
  }
  const served = () => server.messages.map(({ bytes }) => sha(bytes)).sort()

  test(
    'all come, each once, though the connection breaks in between',
    async () => {
      const began = performance.now()
      const { outcomes } = await run()
      console.log(
        `pop3: ${COUNT} messages in ${Math.round(performance.now() - began)} ms, ${server.connections} sessions, ${Math.round(process.memoryUsage().rss / 1e6)} MB`,
      )
      expect(outcomes).toEqual({ added: COUNT, unchanged: 0, failed: 0 })
      expect(await held()).toEqual(served())
      troubles = false
    },
    SLOW,
  )

  test(
    'nothing changed: nothing is fetched',
    async () => {
      const given = server.given
      const began = performance.now()
      expect((await run()).outcomes).toEqual({ added: 0, unchanged: COUNT, failed: 0 })
      console.log(`pop3: nothing changed in ${Math.round(performance.now() - began)} ms`)
      expect(server.given).toBe(given)
    },
    SLOW,
  )

  test(
    'the server is migrated and every UIDL is another one: only what its header does not tell apart is fetched, nothing is stored twice',
    async () => {
      server.messages = server.messages.map((each, i) => ({ ...each, uidl: `moved-${i}` }))
      const given = server.given
      const began = performance.now()
      expect((await run()).outcomes).toEqual({ added: 0, unchanged: COUNT, failed: 0 })
      console.log(`pop3: migration in ${Math.round(performance.now() - began)} ms`)
      const nameless = messages.filter(({ bytes }) => !bytes.includes('Message-ID')).length
      expect(server.given - given).toBeLessThanOrEqual(nameless + 3)
      expect(await archive.factsOf('gone')).toEqual([])
      expect(await archive.factsOf('placed')).toHaveLength(COUNT)
      expect(await held()).toEqual(served())
    },
    SLOW,
  )

  test(
    'some go, some come',
    async () => {
      server.messages = [
        ...server.messages.filter((_, i) => i % 7 !== 0),
        ...mailbox(50).map((each, i) => ({ bytes: Buffer.concat([Buffer.from('X-New: 1\r\n'), each.bytes]), uidl: `new-${i}` })),
      ]
      expect((await run()).outcomes).toMatchObject({ added: 50, failed: 0 })
      expect(await held()).toEqual(served())
    },
    SLOW,
  )
})
