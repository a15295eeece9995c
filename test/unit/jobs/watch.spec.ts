import { afterEach, describe, expect, test } from 'vitest'
import type { Fetchable } from '../../help/scriptedFetch.ts'
import type { Request, ScriptedMailbox, ScriptOptions } from '../../help/scriptedImap.ts'
import { eventually, startWatching, WATCH_INTERVAL, type Watching } from '../../help/watching.ts'

let watching: Watching | null = null
afterEach(async () => {
  await watching?.close()
  watching = null
})

const MINUTE = 60_000
const able = ['IMAP4rev1', 'AUTH=PLAIN', 'SPECIAL-USE', 'LIST-EXTENDED', 'LIST-STATUS', 'CONDSTORE']
const mail = (uid: number): Fetchable => ({ uid, bytes: Buffer.from(`Subject: number ${uid}\r\nMessage-ID: <${uid}@example.com>\r\n\r\nx\r\n`) })

const inbox = (...uids: number[]): ScriptedMailbox => ({ name: 'INBOX', modseq: 1, messages: uids.map(mail) })
const sent = (...uids: number[]): ScriptedMailbox => ({ name: 'Sent', modseq: 1, attributes: ['\\Sent'], messages: uids.map(mail) })
const folder = (name: string, ...uids: number[]): ScriptedMailbox => ({ name, modseq: 1, messages: uids.map(mail) })

async function begin(options: ScriptOptions = {}, more: { listening?: boolean } = {}): Promise<Watching> {
  watching = await startWatching({ mailboxes: [inbox(1), sent()], capabilities: [...able, 'IDLE'], ...options }, more)
  return watching
}

/** Begun, its first round over, and listening to so many mailboxes. */
async function listeningTo(mailboxes: number, options: ScriptOptions = {}): Promise<Watching> {
  const begun = await begin(options)
  await eventually(() => begun.server.idling.size).toBe(mailboxes)
  return begun
}

/** Mail arrives, and whoever listens is told. */
function deliver({ server }: Watching, name: string, uid: number): void {
  const mailbox = server.mailboxes.find(one => one.name === name)!
  mailbox.messages.push(mail(uid))
  mailbox.modseq = (mailbox.modseq ?? 0) + 1
  server.tell(name, `* ${mailbox.messages.length} EXISTS`)
}

const logins = ({ server }: Watching) => server.wire.filter(line => line.includes('AUTHENTICATE')).length
const loginRefused = (says: string) => (request: Request) => (request.verb === 'AUTHENTICATE PLAIN' ? { no: says } : undefined)

describe('new mail', () => {
  test('is captured at once when the server tells of it, in INBOX and in Sent', async () => {
    const w = await listeningTo(2)
    deliver(w, 'INBOX', 2)
    await w.pass(1000)
    await eventually(w.rounds).toBe(2)
    await eventually(() => w.server.idling.size).toBe(2)
    deliver(w, 'Sent', 7)
    await w.pass(1000)
    await eventually(w.rounds).toBe(3)
    expect(await w.placed()).toEqual([1, 2, 7])
    expect(w.job.result).toMatchObject({ news: 'Sent 1', newsMessages: 1, newsRound: 3 })
    expect(w.job).toMatchObject({ state: 'running', progress: { phase: 'watching' }, outcomes: { added: 3, failed: 0 } })
  })

  test('in a mailbox nobody listens to is captured when the time has come, over a connection that is there', async () => {
    const w = await listeningTo(2, { mailboxes: [inbox(1), sent(), folder('Lists')] })
    deliver(w, 'Lists', 5)
    await w.pass(WATCH_INTERVAL / 2)
    expect(w.rounds()).toBe(1)
    await w.pass(WATCH_INTERVAL / 2)
    await eventually(w.rounds).toBe(2)
    expect(await w.placed()).toEqual([1, 5])
    expect(w.server.wire.filter(line => /LIST .*STATUS/.test(line)).map(line => line.split(' ')[0])).toEqual(['1', '1'])
  })

  test('makes a mailbox one of those that are listened to', async () => {
    const w = await listeningTo(2, { mailboxes: [inbox(1), sent(), folder('Lists')] })
    deliver(w, 'Lists', 5)
    await w.pass(WATCH_INTERVAL)
    await eventually(() => [...w.server.idling.values()].sort()).toEqual(['INBOX', 'Lists', 'Sent'])
    deliver(w, 'Lists', 6)
    await w.pass(1000)
    await eventually(w.placed).toEqual([1, 5, 6])
  })

  test('that came while nobody listened, because the connection was busy with another mailbox, is not waited for', async () => {
    const first = inbox(1)
    const lists = folder('Lists')
    const w = await listeningTo(1, {
      mailboxes: [first, lists],
      script: request => {
        // The listing has been made, and now something comes into INBOX.
        if (request.verb === 'EXAMINE' && request.args.includes('Lists') && lists.messages.length === 1 && first.messages.length === 1)
          first.messages.push(mail(2))
        return undefined
      },
    })
    lists.messages.push(mail(9))
    w.ask()
    await eventually(w.rounds).toBe(2)
    await w.pass(1000)
    await eventually(w.placed).toEqual([1, 9, 2])
  })

  test('comes in a burst: one look takes what came during the last one, and not one look for each message', async () => {
    const w = await listeningTo(2)
    for (let uid = 2; uid <= 40; uid++) deliver(w, 'INBOX', uid)
    await w.pass(3000)
    await eventually(async () => (await w.placed()).length).toBe(40)
    expect(w.rounds()).toBeLessThan(6)
  })

  test.each([
    ['leaves', [...able, 'UNSELECT']],
    ['asks for news of', able],
  ])('a server that cannot tell is asked when the time has come, over one login that %s the mailbox it has open first', async (_, capabilities) => {
    const w = await begin({ capabilities })
    await eventually(w.rounds).toBe(1)
    for (const uid of [2, 3]) {
      deliver(w, 'INBOX', uid)
      await w.pass(WATCH_INTERVAL)
      await eventually(w.rounds).toBe(uid)
    }
    expect(await w.placed()).toEqual([1, 2, 3])
    expect(logins(w)).toBe(1)
    expect(w.server.wire.some(line => line.includes('IDLE'))).toBe(false)
  })

  test('where the listing does not tell the state of each mailbox, a notice opens only the mailbox it is about', async () => {
    const many = Array.from({ length: 20 }, (_, i) => folder(`Folder ${i}`, 1))
    const w = await listeningTo(2, {
      mailboxes: [inbox(1), sent(), ...many],
      capabilities: ['IMAP4rev1', 'AUTH=PLAIN', 'SPECIAL-USE', 'LIST-EXTENDED', 'IDLE'],
    })
    const before = w.proven.length
    w.server.wire.length = 0
    deliver(w, 'INBOX', 2)
    await w.pass(1000)
    await eventually(w.rounds).toBe(2)
    expect(w.server.wire.filter(line => line.includes('EXAMINE "Folder'))).toEqual([])
    // It has not looked at all of them, so it proves nothing about them.
    expect(w.proven).toHaveLength(before)
    await w.pass(WATCH_INTERVAL)
    await eventually(w.rounds).toBe(3)
    expect(w.server.wire.filter(line => line.includes('EXAMINE "Folder')).length).toBeGreaterThanOrEqual(20)
    expect(w.proven).toHaveLength(before + 1)
  })
})

describe('a person', () => {
  test('who asks is answered by a look at once', async () => {
    const w = await listeningTo(2)
    w.ask()
    await eventually(w.rounds).toBe(2)
  })

  test('who pauses it is obeyed: nothing is captured until they say go on', async () => {
    const w = await listeningTo(2)
    w.runner.pause(w.job.id)
    deliver(w, 'INBOX', 2)
    await w.pass(3 * WATCH_INTERVAL)
    expect(w.rounds()).toBe(1)
    w.runner.resume(w.job.id)
    await eventually(w.placed).toEqual([1, 2])
  })

  test('who ends it leaves nothing open', async () => {
    const w = await listeningTo(2)
    w.runner.cancel(w.job.id)
    expect(await w.runner.wait(w.job.id)).toMatchObject({ state: 'cancelled' })
    await eventually(() => w.server.open).toBe(0)
  })
})

describe('a connection that goes away', () => {
  test('is made again, and what came meanwhile is captured', async () => {
    const w = await listeningTo(2)
    w.server.mailboxes[0]!.messages.push(mail(2))
    w.server.drop()
    await w.pass(10_000)
    await eventually(w.placed).toEqual([1, 2])
    await eventually(() => w.server.idling.size).toBe(2)
    expect(w.job.state).toBe('running')
  })

  test('again and again is not made again and again at once', async () => {
    let drops = true
    const w = await begin({
      script: request => (drops && request.verb === 'IDLE' ? { send: ['+ idling\r\n'], end: 'drop' } : undefined),
    })
    await eventually(w.rounds).toBe(1)
    await w.pass(10 * MINUTE)
    // Without waits it would be thousands; a look a minute is ten.
    expect(w.rounds()).toBeLessThan(40)
    drops = false
    await w.pass(2 * MINUTE)
    await eventually(() => w.server.idling.size).toBe(2)
  })

  test('during sleep is not trusted any more after it: another is made, and a look follows at once', async () => {
    const w = await listeningTo(2)
    const before = logins(w)
    w.server.mailboxes[0]!.messages.push(mail(2))
    await w.clock.advance(3 * 60 * MINUTE)
    // What was said over the old connections is waited for, and not for long: they may be gone without having been told.
    await eventually(w.placed).toEqual([1, 2])
    expect(logins(w)).toBeGreaterThan(before)
    await eventually(() => w.server.idling.size).toBe(2)
  })

  test('in silence is noticed within minutes, and looks go on meanwhile', async () => {
    let silent = false
    const w = await begin({ script: request => (silent && request.verb === 'DONE' ? { silence: true } : undefined) })
    await eventually(() => w.server.idling.size).toBe(2)
    silent = true
    w.server.mailboxes[0]!.messages.push(mail(2))
    await w.pass(2 * MINUTE)
    await eventually(w.placed).toEqual([1, 2])
    expect(w.job.state).toBe('running')
  })

  test('one that the server refuses us is done without', async () => {
    const w = await begin({
      script: ({ verb, connection }) => (verb === 'AUTHENTICATE PLAIN' && connection > 1 ? { no: '[LIMIT] Too many connections' } : undefined),
    })
    await eventually(() => [...w.server.idling.values()]).toEqual(['INBOX'])
    await eventually(() => w.server.connections).toBe(2)
    deliver(w, 'INBOX', 2)
    await w.pass(1000)
    await eventually(w.placed).toEqual([1, 2])
    await w.pass(10 * MINUTE)
    expect(w.server.connections).toBe(2)
    expect(w.job).toMatchObject({ state: 'running', outcomes: { failed: 0 } })
  })
})

describe('an error', () => {
  test('that passes pauses it, for longer each time, until the server is there again', async () => {
    let busy = true
    const w = await begin({ script: request => (busy && request.verb === 'LIST' ? { bye: '[UNAVAILABLE] maintenance' } : undefined) })
    const waits: number[] = []
    for (let i = 0; i < 3; i++) {
      await passUntil(w, () => w.job.pause !== null)
      expect(w.job).toMatchObject({ state: 'paused', pause: { reason: 'server-busy' }, error: { code: 'server-unavailable' } })
      waits.push(w.job.pause!.until! - w.clock.now())
      await w.clock.advance(waits.at(-1)!)
      await passUntil(w, () => w.job.pause === null)
    }
    expect(waits[0]).toBeGreaterThan(20_000)
    expect(waits[1]).toBeGreaterThan(waits[0]! * 1.1)
    expect(waits[2]).toBeGreaterThan(waits[1]! * 1.1)
    busy = false
    await passUntil(w, () => w.rounds() > 0, 2000)
    expect(w.job).toMatchObject({ state: 'running' })
    expect(w.job.error).toBeUndefined()
  })

  test('of the account is not tried again: not when time passes, not when the computer wakes up, only when a person asks', async () => {
    let password = 'expired'
    const w = await begin({ script: request => (password === 'expired' ? loginRefused('[AUTHENTICATIONFAILED] expired')(request) : undefined) })
    await eventually(() => w.job.pause?.reason).toBe('account')
    expect(w.job).toMatchObject({ state: 'paused', pause: { until: null }, error: { code: 'auth-failed' } })
    expect(logins(w)).toBe(1)
    await w.pass(10 * MINUTE)
    await w.clock.advance(48 * 60 * MINUTE)
    await w.pass(MINUTE)
    expect(logins(w)).toBe(1)
    w.ask()
    await eventually(() => logins(w)).toBe(2)
    await eventually(() => w.job.pause?.reason).toBe('account')
    password = 'renewed'
    w.ask()
    await eventually(w.rounds).toBe(1)
    expect(w.job.error).toBeUndefined()
  })

  test('that nobody foresaw is tried again later, and never ends it for good', async () => {
    let strange = true
    const w = await begin({ script: request => (strange && request.verb === 'LIST' ? { no: 'what is this' } : undefined) })
    await eventually(() => w.job.state).toBe('paused')
    strange = false
    await w.pass(20 * MINUTE)
    await eventually(w.rounds).toBeGreaterThan(0)
    expect(w.job.state).toBe('running')
  })

  test('with one message stays shown until that message is there, and is counted once', async () => {
    let broken = true
    const w = await begin({
      mailboxes: [inbox(1, 2)],
      script: request =>
        broken && request.verb === 'UID FETCH' && request.args.includes('BODY.PEEK')
          ? { edit: usual => usual.replace(/(UID 2 [^{]*BODY\[\](?:<\d+>)?) \{\d+\}\r\n[^)]*\r\n\)/, '$1 NIL)') }
          : undefined,
    })
    await eventually(w.rounds).toBe(1)
    expect(w.job).toMatchObject({ outcomes: { added: 1, failed: 1 }, failures: [{ what: 'INBOX UID 2', error: { code: 'message-unavailable' } }] })
    expect(w.proven).toEqual([])
    for (let i = 2; i <= 4; i++) {
      w.ask()
      await eventually(w.rounds).toBe(i)
      expect(w.job.outcomes.failed).toBe(1)
      expect(w.job.failures).toHaveLength(1)
    }
    broken = false
    await w.pass(30 * MINUTE)
    await eventually(() => w.job.outcomes).toMatchObject({ added: 2, failed: 0 })
    expect(w.job.failures).toEqual([])
    await eventually(() => w.proven.length).toBeGreaterThan(0)
  })
})

test('a server that tells of changes there are none is looked at less and less', async () => {
  const w = await listeningTo(2)
  for (let i = 0; i < 300; i++) {
    w.server.tell('INBOX', '* 1 FETCH (FLAGS (\\Seen))')
    await w.pass(100)
  }
  expect(w.rounds()).toBeLessThan(12)
})

test('without connections that listen it looks when the time has come', async () => {
  const w = await begin({}, { listening: false })
  await eventually(w.rounds).toBe(1)
  deliver(w, 'INBOX', 2)
  await w.pass(WATCH_INTERVAL)
  await eventually(w.placed).toEqual([1, 2])
  await eventually(() => w.server.open).toBe(0)
})

/** Lets time pass, a second at a time, until it is so. */
async function passUntil(w: Watching, good: () => boolean, seconds = 120): Promise<void> {
  for (let i = 0; i < seconds && !good(); i++) {
    await w.pass(1000)
    await new Promise(resolve => setTimeout(resolve, 2))
  }
  expect(good()).toBe(true)
}
