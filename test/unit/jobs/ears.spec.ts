/** The connections of a watch between its rounds: whoever took one gives it back, and none is waited for that does not answer. */
import { afterEach, expect, test } from 'vitest'
import { createEars, type Ears } from '../../../main/engine/jobs/watch/ears.ts'
import { connectImap } from '../../../main/engine/mail/imap/connect.ts'
import { type ManualClock, manualClock } from '../../help/manualClock.ts'
import { type ScriptedImap, type ScriptOptions, startScriptedImap } from '../../help/scriptedImap.ts'
import { eventually } from '../../help/watching.ts'

let server: ScriptedImap
let ears: Ears
let clock: ManualClock
const over = new AbortController()
afterEach(async () => {
  await ears.close()
  await server.close()
})

async function begin(options: ScriptOptions = {}): Promise<() => Parameters<Ears['connect']>[0]> {
  server = await startScriptedImap({ capabilities: ['IMAP4rev1', 'AUTH=PLAIN', 'IDLE', 'UNSELECT'], ...options })
  clock = manualClock()
  ears = createEars({
    connect: connectImap,
    clock,
    signal: over.signal,
    log: () => {},
    onNotice: () => {},
    onLost: () => {},
    onListening: () => {},
  })
  const { host, port, user, password } = server
  return () => ({ settings: { protocol: 'imap', host, port, user, security: 'plain' }, password })
}

test('a connection that is there too late for its round is kept for the next one', async () => {
  const settings = await begin()
  const round = new AbortController()
  const late = ears.connect({ ...settings(), signal: round.signal })
  round.abort(new Error('cut short'))
  await expect(late).rejects.toThrow('cut short')
  const session = await ears.connect(settings())
  await session.list()
  expect(server.connections).toBe(1)
  await session.close()
  ears.listen(['INBOX'])
  await eventually(() => [...server.idling.values()]).toEqual(['INBOX'])
})

test('one on which a mailbox is still being opened is waited for as long as any other, and then done without', async () => {
  let hangs = false
  const settings = await begin({ script: ({ verb }) => (hangs && verb === 'EXAMINE' ? { silence: true } : undefined) })
  await (await ears.connect(settings())).close()
  hangs = true
  ears.listen(['INBOX'])
  await eventually(() => server.wire.some(line => line.includes('EXAMINE'))).toBe(true)
  const next = ears.connect(settings())
  await eventually(() => clock.sleeping).toBe(1)
  await clock.advance(15_000)
  expect(await (await next).list()).toHaveLength(1)
  expect(server.connections).toBe(2)
})
