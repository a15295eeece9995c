import { afterEach, describe, expect, test } from 'vitest'
import { connectImap } from '../../../../main/engine/mail/imap/connect.ts'
import type { ImapSession } from '../../../../main/engine/mail/types.ts'
import { type ManualClock, manualClock } from '../../../help/manualClock.ts'
import { type Answer, type Request, type ScriptedImap, type ScriptOptions, startScriptedImap } from '../../../help/scriptedImap.ts'

let server: ScriptedImap
let session: ImapSession | null = null

afterEach(async () => {
  await session?.close()
  session = null
  await server.close()
})

interface Listening {
  clock: ManualClock
  changes(): number
  stop(): void
  ended: Promise<string>
}

const three = [1, 2, 3].map(uid => ({ uid, bytes: Buffer.from('Subject: x\r\n\r\nx\r\n') }))

/** Listens to INBOX, which has three messages. `ended` is 'stopped', or the code of the error. */
async function listen(options: ScriptOptions = {}): Promise<Listening> {
  server = await startScriptedImap({ mailboxes: [{ name: 'INBOX', messages: three }], capabilities: ['IMAP4rev1', 'AUTH=PLAIN', 'IDLE'], ...options })
  const { host, port, user, password } = server
  session = await connectImap({ settings: { protocol: 'imap', host, port, user, security: 'plain' }, password })
  await session.examine('INBOX')
  const clock = manualClock()
  const stop = new AbortController()
  let changes = 0
  const onChange = () => {
    changes++
  }
  const ended = session.idle({ signal: stop.signal, clock, onChange }).then(
    () => 'stopped',
    error => String(error.code),
  )
  return { clock, changes: () => changes, stop: () => stop.abort(), ended }
}

const listening = () => expect.poll(() => server.idling.size).toBe(1)
const settled = () => new Promise(resolve => setTimeout(resolve, 50))
const on = (verb: string, answer: Answer) => (request: Request) => (request.verb === verb ? answer : undefined)
const MINUTE = 60_000

describe('listening to a mailbox', () => {
  test.each([
    ['new mail', '* 4 EXISTS'],
    ['a removal', '* 2 EXPUNGE'],
    ['a removal, as QRESYNC says it', '* VANISHED 3'],
    ['a flag', '* 1 FETCH (FLAGS (\\Seen))'],
  ])('tells of %s, and leaves the connection free for other commands', async (_, line) => {
    const { changes, stop, ended } = await listen()
    await listening()
    server.tell('INBOX', line)
    await expect.poll(changes).toBe(1)
    stop()
    expect(await ended).toBe('stopped')
    expect(server.wire.at(-1)).toMatch(/DONE$/)
    expect([...(await session!.allUids())]).toEqual([1, 2, 3])
  })

  test('is not woken by a server that only says that it is still there', async () => {
    const { changes, stop, ended } = await listen()
    await listening()
    server.tell('INBOX', '* OK Still here', '* 3 EXISTS', '* 0 RECENT')
    await settled()
    expect(changes()).toBe(0)
    stop()
    expect(await ended).toBe('stopped')
  })

  test('begins again every nine minutes, and asks what the server kept to itself meanwhile', async () => {
    const { clock, changes, stop, ended } = await listen({
      script: request => (request.verb === 'NOOP' ? { send: ['* 4 EXISTS\r\n'] } : undefined),
    })
    await listening()
    await clock.advance(8 * MINUTE)
    await settled()
    expect(server.wire.filter(line => line.endsWith('IDLE'))).toHaveLength(1)
    await clock.advance(MINUTE)
    await expect.poll(() => server.wire.slice(-3)).toEqual(['1 DONE', '1 NOOP', '1 IDLE'])
    expect(changes()).toBe(1)
    stop()
    expect(await ended).toBe('stopped')
  })

  test('ends at once when it is asked to before the server was ready, and never sends DONE too early', async () => {
    const { stop, ended } = await listen()
    stop()
    expect(await ended).toBe('stopped')
    expect(server.wire.slice(-2)).toEqual(['1 IDLE', '1 DONE'])
  })
})

describe('a connection that is no good', () => {
  test('that the server drops ends the listening as lost', async () => {
    const { ended } = await listen({ script: on('IDLE', { send: ['+ idling\r\n'], end: 'drop' }) })
    expect(await ended).toBe('connection-lost')
    expect(session!.usable).toBe(false)
  })

  test('that says BYE tells why', async () => {
    const { ended } = await listen({ script: on('IDLE', { send: ['+ idling\r\n', '* BYE [UNAVAILABLE] going down\r\n'], end: 'drop' }) })
    expect(await ended).toBe('server-unavailable')
  })

  test('that does not answer any more is noticed when it is asked to end, within seconds', async () => {
    const { clock, stop, ended } = await listen({ script: on('DONE', { silence: true }) })
    await listening()
    stop()
    await expect.poll(() => server.wire.at(-1)).toBe('1 DONE')
    await clock.advance(10_000)
    expect(await ended).toBe('connection-lost')
    expect(session!.usable).toBe(false)
  })

  test('that fell silent is noticed at the renewal, long before a server may give up on us', async () => {
    const { clock, ended } = await listen({ script: on('DONE', { silence: true }) })
    await listening()
    await clock.advance(9 * MINUTE)
    await expect.poll(() => server.wire.at(-1)).toBe('1 DONE')
    await clock.advance(10_000)
    expect(await ended).toBe('connection-lost')
  })

  test('that never says it is ready is noticed, too', async () => {
    const { clock, ended } = await listen({ script: on('IDLE', { silence: true }) })
    await expect.poll(() => server.wire.at(-1)).toBe('1 IDLE')
    await clock.advance(10_000)
    expect(await ended).toBe('connection-lost')
  })
})

describe('a server that does not want to be listened to', () => {
  test('is told from one that is gone: the connection stays', async () => {
    const { ended } = await listen({ script: on('IDLE', { no: 'not now' }) })
    expect(await ended).toBe('server-refused')
    expect(session!.usable).toBe(true)
    expect([...(await session!.allUids())]).toEqual([1, 2, 3])
  })

  test('by ending each IDLE at once is not asked again and again', async () => {
    const { ended } = await listen({ script: on('IDLE', { send: ['+ idling\r\n'] }) })
    expect(await ended).toBe('server-refused')
    expect(server.wire.filter(line => line.endsWith('IDLE'))).toHaveLength(1)
    expect(session!.usable).toBe(true)
  })
})
