/** Capture over POP3 against a server that misbehaves on purpose: each message is stored once, byte for byte, and the server is only ever read. */
import { afterEach, describe, expect, test } from 'vitest'
import type { AppError, ErrorCode } from '../../../main/contract/errors.ts'
import { type Heard, type TestArchive, testArchive } from '../../help/captures.ts'
import { letter, letters, type Pop3Trial, popOnce, transmitted } from '../../help/pop3Captures.ts'
import {
  type Pop3Answer,
  type Pop3Request,
  type Pop3Script,
  type Popped,
  type ScriptedPop3,
  startScriptedPop3,
  usualCapabilities,
} from '../../help/scriptedPop3.ts'

let server: ScriptedPop3
let archive: TestArchive

afterEach(async () => {
  try {
    // Whatever happened: nothing was asked for that changes a mailbox.
    expect(server?.wire.filter(line => !/^\d+ (CAPA|STLS|AUTH|USER|PASS|APOP|STAT|LIST|UIDL|TOP|RETR|QUIT)\b/.test(line))).toEqual([])
  } finally {
    await server?.close()
    await archive?.close()
  }
})

async function begin(options: Pop3Script): Promise<(more?: Partial<Pop3Trial>) => Promise<Heard>> {
  server = await startScriptedPop3(options)
  archive = await testArchive()
  return more => popOnce({ archive, settings: { host: server.host, port: server.port, user: server.user }, password: server.password, ...more })
}

/** Ids of what is in the mailbox now, by UID. */
async function inbox(): Promise<Map<number, string>> {
  const { mailbox } = archive.store.index.mailboxes()[0]!
  const rows = archive.store.index.pop3Ids(mailbox)
  return new Map(rows.filter(({ gone, id }) => !gone && id !== null).map(({ uid, id }) => [uid, id!]))
}

/** Every message of the server is there once, with its bytes, and nothing else is. */
async function holds(messages: readonly Popped[]): Promise<void> {
  const have = await Promise.all([...(await inbox()).values()].map(async id => (await archive.bytes(id)).toString('latin1')))
  expect(have.sort()).toEqual(messages.map(({ bytes }) => transmitted(bytes).toString('latin1')).sort())
}

const commands = (verb: string) => server.wire.filter(line => line.split(' ')[1] === verb)
const scripted = (verb: string, when: (request: Pop3Request) => boolean, answer: Pop3Answer) => (request: Pop3Request) =>
  request.verb === verb && when(request) ? answer : undefined

describe('a maildrop', () => {
  test('is captured as the mailbox INBOX, and the second time nothing is fetched', async () => {
    const run = await begin({ messages: letters(120) })
    expect((await run()).outcomes).toEqual({ added: 120, unchanged: 0, failed: 0 })
    await holds(server.messages)
    expect(archive.store.index.mailboxes()).toMatchObject([
      { path: ['INBOX'], role: 'inbox', epoch: { uidValidity: 0, exists: 120, complete: true } },
    ])
    expect((await run()).outcomes).toEqual({ added: 0, unchanged: 120, failed: 0 })
    expect(server.given).toBe(120)
    expect(await archive.factsOf('placed')).toHaveLength(120)
  })

  test('in which nothing changed is looked at without a word in the log', async () => {
    const run = await begin({ messages: letters(5) })
    await run()
    const { seq } = archive.store.index.head.commit!
    await run()
    expect(archive.store.index.head.commit!.seq).toBe(seq)
    server.messages.push(letter('new'))
    await run()
    expect(archive.store.index.head.commit!.seq).toBeGreaterThan(seq)
  })

  test('gets new messages later, and those that a complete listing no longer has are marked gone', async () => {
    const run = await begin({ messages: letters(10) })
    await run()
    server.messages.splice(3, 2)
    server.messages.push(letter('new'))
    expect((await run()).outcomes).toEqual({ added: 1, unchanged: 8, failed: 0 })
    await holds(server.messages)
    expect((await archive.factsOf('gone')).map(({ uids }) => uids)).toEqual(['4:5'])
    expect(server.given).toBe(11)
  })

  test('two messages of the same bytes are two, stored once', async () => {
    const run = await begin({ messages: [letter(1), letter(1, undefined, { uidl: 'other' })] })
    await run()
    const ids = [...(await inbox()).values()]
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
  })

  test('that is empty is complete', async () => {
    const run = await begin({ messages: [] })
    await run()
    expect(archive.store.index.mailboxes()[0]?.epoch).toMatchObject({ exists: 0, complete: true })
  })
})

describe('the bytes', () => {
  const odd: [string, string | Buffer][] = [
    ['dots at the beginning of lines', '.\r\n..\r\n...x\r\n.\r\n'],
    ['bare CR and LF', 'a\rb\nc\r\r\nd\n.\ne\r\n'],
    ['LF dot CRLF', 'a\n.\r\nb\r\n'],
    ['no line end at the end', 'the last line'],
    ['bytes of every kind', Buffer.concat([Buffer.from(Array.from({ length: 256 }, (_, i) => i)), Buffer.from('\r\n')])],
    ['nothing after the header', ''],
    ['a very long line', `${'x'.repeat(300_000)}\r\n`],
  ]
  for (const capabilities of [usualCapabilities, ['UIDL', 'USER']])
    test.each(odd)(`are kept exactly as transmitted, by ${capabilities.includes('TOP') ? 'TOP' : 'RETR'}: %s`, async (_, body) => {
      const message = { bytes: Buffer.concat([Buffer.from('Subject: x\r\n\r\n'), Buffer.from(body as string)]), uidl: 'a' }
      const run = await begin({ messages: [message, letter(2)], capabilities })
      expect((await run()).outcomes.failed).toBe(0)
      await holds(server.messages)
    })

  test('of a message without header, without anything, and with nothing but a header', async () => {
    const run = await begin({
      messages: [
        { bytes: Buffer.from('\r\nbody\r\n'), uidl: 'a' },
        { bytes: Buffer.alloc(0), uidl: 'b' },
        { bytes: Buffer.from('Subject: x'), uidl: 'c' },
      ],
    })
    await run()
    await holds(server.messages)
  })

  test('of a large message come through piece by piece', async () => {
    const large = { bytes: Buffer.concat([Buffer.from('Subject: large\r\n\r\n'), Buffer.alloc(20_000_000, 'abcdefgh\r\n')]), uidl: 'large' }
    const run = await begin({ messages: [letter(1), large, letter(3)] })
    expect((await run()).outcomes).toEqual({ added: 3, unchanged: 0, failed: 0 })
    await holds(server.messages)
  })
})

describe('reading', () => {
  test('is done by TOP, which marks nothing as read, as long as its length is proven by LIST', async () => {
    const run = await begin({ messages: letters(20) })
    await run()
    expect(commands('RETR')).toEqual([])
  })

  test.each<[string, (size: number, lines: number) => number]>([
    ['counts a line end as one octet', (size, lines) => size - lines],
    ['counts as RFC 1939 says', size => size],
  ])('a server that %s needs no RETR', async (_, count) => {
    const messages = letters(10).map(each => ({ ...each, octets: count(each.bytes.length, each.bytes.toString().split('\n').length - 1) }))
    const run = await begin({ messages })
    await run()
    expect(commands('RETR')).toEqual([])
    await holds(messages)
  })

  test('an answer to TOP that is not the whole message is not taken for it', async () => {
    const messages = letters(30).map((each, i) => (i % 3 ? each : letter(i + 1, 'line\r\n'.repeat(2000))))
    const run = await begin({
      messages,
      script: ({ verb, args }) =>
        verb === 'TOP' && !args.endsWith(' 0') ? { edit: usual => (usual.length < 1000 ? usual : `${usual.slice(0, 300)}\r\n.\r\n`) } : undefined,
    })
    expect((await run()).outcomes).toEqual({ added: 30, unchanged: 0, failed: 0 })
    await holds(messages)
  })

  test('sizes that are plainly wrong do no harm', async () => {
    const messages = letters(30).map((each, i) => ({ ...each, octets: i * 7 }))
    const run = await begin({ messages })
    expect(await run()).toMatchObject({ outcomes: { added: 30, unchanged: 0, failed: 0 }, result: { sizeDiffers: 30 } })
    await holds(messages)
    expect((await run()).outcomes).toEqual({ added: 0, unchanged: 30, failed: 0 })
  })

  test('a server without TOP is read by RETR, one that knows no CAPA as well', async () => {
    const run = await begin({ messages: letters(5), capabilities: null, without: ['TOP'] })
    await run()
    await holds(server.messages)
    await run()
    expect(commands('RETR')).toHaveLength(6) // one of them to see that a UIDL is still what it was
  })

  test('messages that nobody can have do not make the others be marked as read', async () => {
    const run = await begin({
      messages: letters(40),
      script: ({ verb, args }) => (/^(TOP|RETR)$/.test(verb) && /^[4-9]( |$)/.test(args) ? { err: 'no' } : undefined),
    })
    expect((await run()).outcomes).toMatchObject({ added: 34, failed: 6 })
    expect(commands('RETR')).toHaveLength(6)
  })

  test('where QUIT would delete what was retrieved, it is not said', async () => {
    const run = await begin({ messages: letters(5), capabilities: ['UIDL', 'USER', 'EXPIRE 0'] })
    await run()
    expect(commands('QUIT')).toEqual([])
    await holds(server.messages)
  })
})

describe('without UIDL', () => {
  const nameless = (count: number) => letters(count).map(({ bytes }): Popped => ({ bytes }))

  test('messages are told by header and size, and fetched once', async () => {
    const run = await begin({ messages: nameless(50), without: ['UIDL'], capabilities: ['TOP', 'USER', 'PIPELINING'] })
    await run()
    server.messages.splice(10, 5)
    server.messages.push({ bytes: letter('new').bytes })
    expect((await run()).outcomes).toEqual({ added: 1, unchanged: 45, failed: 0 })
    await holds(server.messages)
    expect(server.given).toBe(51)
    expect((await run()).outcomes).toEqual({ added: 0, unchanged: 46, failed: 0 })
    expect(server.given).toBe(51)
  })

  test('and without TOP they are fetched each time, and stored once', async () => {
    const run = await begin({ messages: nameless(30), without: ['UIDL', 'TOP'], capabilities: null })
    await run()
    const commits = archive.store.index.head.commit!.seq
    server.messages.shift()
    server.messages.push({ bytes: letter('new').bytes })
    expect((await run()).outcomes).toEqual({ added: 1, unchanged: 29, failed: 0 })
    await holds(server.messages)
    expect(archive.store.index.head.commit!.seq - commits).toBeLessThan(6)
  })

  test('messages without Message-ID are never told by their header alone', async () => {
    const twins = ['one', 'two'].map(body => ({ bytes: Buffer.from(`Subject: report\r\nDate: Mon, 1 Jan 2024 10:00:00 +0000\r\n\r\n${body}\r\n`) }))
    const run = await begin({ messages: [twins[0]!], without: ['UIDL'] })
    await run()
    server.messages = [twins[1]!]
    expect((await run()).outcomes).toEqual({ added: 1, unchanged: 0, failed: 0 })
    await holds([twins[1]!])
  })

  test('two messages of the same bytes stay two, run after run', async () => {
    const run = await begin({ messages: [...nameless(3), ...nameless(3)], without: ['UIDL'] })
    await run()
    expect((await run()).outcomes).toEqual({ added: 0, unchanged: 6, failed: 0 })
    await holds(server.messages)
    server.messages.splice(0, 3)
    await run()
    await holds(server.messages)
  })
})

describe('a UIDL', () => {
  test('that stands for several messages names none of them, and each is stored once', async () => {
    const run = await begin({ messages: letters(20).map((each, i) => (i < 10 ? { ...each, uidl: 'same' } : each)) })
    expect(await run()).toMatchObject({ outcomes: { added: 20 }, result: { duplicateUidls: 1 } })
    await holds(server.messages)
    expect((await run()).outcomes).toEqual({ added: 0, unchanged: 20, failed: 0 })
    expect(server.given).toBe(20)
    server.messages[15]!.uidl = 'same'
    expect((await run()).outcomes).toEqual({ added: 0, unchanged: 20, failed: 0 })
    expect(server.given).toBe(21) // the one whose name went was looked at
    await holds(server.messages)
  })

  test('that changed for every message after a migration costs a sample, not a download of everything', async () => {
    const run = await begin({ messages: letters(200) })
    await run()
    server.messages = server.messages.map((each, i) => ({ ...each, uidl: `moved-${i}` }))
    server.messages.push(letter('new'))
    expect((await run()).outcomes).toEqual({ added: 1, unchanged: 200, failed: 0 })
    expect(server.given).toBe(200 + 3 + 1)
    await holds(server.messages)
    expect(await archive.factsOf('placed')).toHaveLength(201)
    expect(await archive.factsOf('gone')).toEqual([])
    expect((await run()).outcomes).toEqual({ added: 0, unchanged: 201, failed: 0 })
    expect(server.given).toBe(204)
  })

  test('is learned once, though the connection breaks while headers are looked at', async () => {
    let moved = false
    const run = await begin({
      messages: letters(300),
      script: ({ verb, args, before }) => (moved && verb === 'TOP' && args.endsWith(' 0') && before % 40 === 39 ? { drop: true } : undefined),
    })
    await run()
    moved = true
    server.messages = server.messages.map((each, i) => ({ ...each, uidl: `moved-${i}` }))
    expect((await run()).outcomes).toEqual({ added: 0, unchanged: 300, failed: 0 })
    expect(server.connections).toBeGreaterThan(6)
    expect(server.given).toBeLessThanOrEqual(300 + 3)
  })

  test('that changed on a server without TOP: everything is fetched, nothing is stored twice', async () => {
    const run = await begin({ messages: letters(40), capabilities: ['UIDL', 'USER'], without: ['TOP'] })
    await run()
    server.messages = server.messages.map((each, i) => ({ ...each, uidl: `moved-${i}` }))
    expect((await run()).outcomes).toEqual({ added: 0, unchanged: 40, failed: 0 })
    await holds(server.messages)
    expect(await archive.factsOf('placed')).toHaveLength(40)
  })

  test('that stands for another message now does not hide it: numbers given again by another server', async () => {
    const run = await begin({ messages: letters(30).map((each, i) => ({ ...each, uidl: `${i + 1}` })) })
    await run()
    const others = Array.from({ length: 30 }, (_, i) => letter(100 + i, i % 2 ? undefined : 'other\r\n', { uidl: `${i + 1}` }))
    server.messages = others
    expect((await run()).outcomes).toEqual({ added: 30, unchanged: 0, failed: 0 })
    await holds(others)
    expect((await run()).outcomes).toEqual({ added: 0, unchanged: 30, failed: 0 })
  })

  test('likewise without TOP', async () => {
    const run = await begin({
      messages: letters(9).map((each, i) => ({ ...each, uidl: `${i + 1}` })),
      capabilities: ['UIDL', 'USER'],
      without: ['TOP'],
    })
    await run()
    const others = Array.from({ length: 9 }, (_, i) => letter(i + 1, `That is number ${i + 1}.\r\n`, { uidl: `${i + 1}` }))
    server.messages = others
    expect((await run()).outcomes).toEqual({ added: 9, unchanged: 0, failed: 0 })
    await holds(others)
  })

  test('is believed when only the header has another look over TOP than in the message', async () => {
    const run = await begin({
      messages: letters(30),
      script: ({ verb, args }) =>
        verb === 'TOP' && args.endsWith(' 0') ? { edit: usual => usual.replace('Subject', 'X-Seen: yes\r\nSubject') } : undefined,
    })
    await run()
    expect((await run()).outcomes).toEqual({ added: 0, unchanged: 30, failed: 0 })
    expect(server.given).toBe(31)
  })

  test('and headers that are the same do not hide another message: the sample finds it', async () => {
    const run = await begin({ messages: letters(30) })
    await run()
    server.messages = letters(30).map(({ bytes }, i) => ({ bytes: Buffer.from(bytes.toString().replace('This', 'That')), uidl: `moved-${i}` }))
    expect((await run()).outcomes).toEqual({ added: 30, unchanged: 0, failed: 0 })
    await holds(server.messages)
  })

  test('that comes back after it was gone is the message that it was', async () => {
    const run = await begin({ messages: letters(10) })
    await run()
    const away = server.messages
    server.messages = []
    await run()
    server.messages = away
    expect((await run()).outcomes).toEqual({ added: 0, unchanged: 10, failed: 0 })
    await holds(away)
    expect(server.given).toBe(10)
  })
})

describe('a list that changes while it is read', () => {
  test.each([
    ['with UIDL', usualCapabilities, [] as string[]],
    ['without', ['TOP', 'USER', 'PIPELINING'], ['UIDL']],
  ])('does not put a message under the name of another, %s', async (_, capabilities, without) => {
    const messages = letters(60)
    const kept = messages.filter((_, i) => i !== 20)
    let cut = false
    const run = await begin({
      messages: [...messages],
      capabilities,
      without,
      unlocked: true,
      script: ({ verb, args }) => {
        if ((verb === 'TOP' || verb === 'RETR') && !args.endsWith(' 0') && !cut && server.given === 7) {
          cut = true
          server.messages.splice(20, 1)
        }
        return undefined
      },
    })
    expect((await run()).outcomes).toEqual({ added: 59, unchanged: 0, failed: 0 })
    await holds(kept)
    const rows = archive.store.index.pop3Ids(1).filter(({ gone }) => !gone)
    for (const { uidl, id } of rows) {
      const found = kept.find(each => each.uidl === uidl)
      if (found && without.length === 0) expect((await archive.bytes(id!)).toString()).toBe(found.bytes.toString())
    }
  })

  test('between LIST and RETR: a message that went is no gap', async () => {
    const run = await begin({
      messages: letters(10),
      unlocked: true,
      script: ({ verb, before }) => {
        if (verb === 'UIDL' && before === 0) setImmediate(() => server.messages.splice(4, 1))
        return undefined
      },
    })
    expect((await run()).outcomes).toEqual({ added: 9, unchanged: 0, failed: 0 })
    expect(await archive.factsOf('gap')).toEqual([])
    await holds(server.messages)
  })

  test('what is not listed is not gone while STAT, LIST and UIDL contradict each other', async () => {
    const run = await begin({
      messages: letters(10),
      script: request => (doubt && request.verb === 'STAT' ? { send: '+OK 12 9999\r\n' } : undefined),
    })
    let doubt = false
    await run()
    doubt = true
    server.messages.splice(0, 3)
    expect(await run()).toMatchObject({ result: { listing: 'in doubt' }, failures: [{ what: 'INBOX', error: { code: 'server-lied' } }] })
    expect(await archive.factsOf('gone')).toEqual([])
    expect(archive.store.index.mailboxes()[0]!.epoch!.complete).toBe(false)
  })

  test('a server that counts messages and lists none is not believed', async () => {
    const run = await begin({
      messages: letters(3),
      script: ({ verb, args }) => (lie && (verb === 'LIST' || verb === 'UIDL') && args === '' ? { send: '+OK\r\n.\r\n' } : undefined),
    })
    let lie = false
    await run()
    lie = true
    expect(await codeOf(run())).toBe('server-lied')
    expect(await archive.factsOf('gone')).toEqual([])
  })
})

describe('a connection that breaks', () => {
  test.each(['TOP', 'RETR'])('in the middle of %s costs nothing but a session', async verb => {
    const run = await begin({
      messages: letters(80),
      capabilities: verb === 'TOP' ? usualCapabilities : ['UIDL', 'USER'],
      script: scripted(verb, ({ before, args }) => !args.endsWith(' 0') && [5, 30, 31, 70].includes(before), { cutAfter: 60 }),
    })
    expect((await run()).outcomes).toEqual({ added: 80, unchanged: 0, failed: 0 })
    await holds(server.messages)
  })

  test('before QUIT loses nothing, and at QUIT neither', async () => {
    const run = await begin({ messages: letters(10), script: scripted('QUIT', () => true, { drop: true }) })
    expect((await run()).outcomes.added).toBe(10)
    expect((await run()).outcomes).toEqual({ added: 0, unchanged: 10, failed: 0 })
    await holds(server.messages)
  })

  test('over one message each time makes it a gap, with a name and a time to try again', async () => {
    const run = await begin({
      messages: letters(30),
      script: ({ verb, args }) => (/^(TOP|RETR)$/.test(verb) && /^12( 9|$)/.test(args) ? { cutAfter: 40 } : undefined),
    })
    const heard = await run()
    expect(heard.outcomes).toEqual({ added: 29, unchanged: 0, failed: 1 })
    expect(heard.failures.map(({ what, error }) => `${what}: ${error.code}`)).toEqual([expect.stringMatching(/^INBOX UID \d+: message-unavailable$/)])
    const [gap] = await archive.factsOf('gap')
    expect(gap).toMatchObject({ code: 'message-unavailable', tries: 1 })
    // Not tried again before its time, and shown all the same.
    const retried = server.connections
    expect((await run()).outcomes).toEqual({ added: 0, unchanged: 29, failed: 1 })
    expect(server.connections).toBe(retried + 1)
  })

  test('over TOP only is a server that is read by RETR', async () => {
    const run = await begin({ messages: letters(100), script: scripted('TOP', ({ args }) => !args.endsWith(' 0'), { drop: true }) })
    expect((await run()).outcomes).toEqual({ added: 100, unchanged: 0, failed: 0 })
    await holds(server.messages)
    expect(server.connections).toBeLessThan(8)
  })

  test('over every message is one error, not a ledger of gaps', async () => {
    const run = await begin({ messages: letters(100), script: ({ verb }) => (/^(TOP|RETR)$/.test(verb) ? { drop: true } : undefined) })
    expect(await codeOf(run())).toBe('message-unavailable')
    expect((await archive.factsOf('gap')).length).toBeLessThan(5)
  })

  test('again and again before anything came ends the capture with what it is', async () => {
    const run = await begin({ messages: letters(3), script: scripted('STAT', () => true, { drop: true }) })
    expect(await codeOf(run())).toBe('connection-lost')
    expect(server.connections).toBe(6)
  })

  test('after a kill the next capture fetches only what is missing', async () => {
    const stop = new AbortController()
    const run = await begin({
      messages: letters(500),
      script: ({ verb, before }) => {
        if (verb === 'TOP' && before === 300) stop.abort()
        return undefined
      },
    })
    expect(await codeOf(run({ signal: stop.signal }))).toBe('aborted')
    const stored = (await inbox()).size
    expect(stored).toBeGreaterThan(0)
    const heard = await run()
    expect(heard.outcomes).toEqual({ added: 500 - stored, unchanged: stored, failed: 0 })
    await holds(server.messages)
  })
})

describe('a message that is refused', () => {
  test('is a gap, and the others do not wait for it; later it is had under the same UID', async () => {
    let ill = true
    const run = await begin({
      messages: letters(20),
      script: request => (ill && /^(TOP|RETR)$/.test(request.verb) && /^7( |$)/.test(request.args) ? { err: 'cannot open it' } : undefined),
    })
    expect((await run()).outcomes).toEqual({ added: 19, unchanged: 0, failed: 1 })
    ill = false
    const later = Date.now() + 7_200_000
    const heard = await run({ clock: { now: () => later, sleep: async () => {} } })
    expect(heard.outcomes).toEqual({ added: 1, unchanged: 19, failed: 0 })
    expect((await inbox()).has(7)).toBe(true)
    expect(archive.store.index.gaps(1)).toEqual([])
    await holds(server.messages)
  })

  test('that goes from the server is no gap any more', async () => {
    const run = await begin({
      messages: letters(5),
      script: ({ verb, args }) => (/^(TOP|RETR)$/.test(verb) && /^2( |$)/.test(args) && server.messages.length === 5 ? { err: 'no' } : undefined),
    })
    await run()
    server.messages.splice(1, 1)
    expect((await run()).outcomes).toEqual({ added: 0, unchanged: 4, failed: 0 })
    expect(archive.store.index.gaps(1)).toEqual([])
  })

  test('all of them: one error', async () => {
    const run = await begin({ messages: letters(100), script: ({ verb }) => (/^(TOP|RETR)$/.test(verb) ? { err: 'no' } : undefined) })
    expect(await codeOf(run())).toBe('message-unavailable')
  })

  test('a refused message does not make its earlier self gone', async () => {
    let moved = false
    const run = await begin({
      messages: letters(5),
      script: ({ verb, args }) => (moved && /^(TOP|RETR)$/.test(verb) && /^2( |$)/.test(args) ? { err: 'no' } : undefined),
    })
    await run()
    moved = true
    server.messages = server.messages.map((each, i) => ({ ...each, uidl: `moved-${i}` }))
    expect((await run()).outcomes).toEqual({ added: 0, unchanged: 4, failed: 1 })
    expect(await archive.factsOf('gone')).toEqual([])
  })
})

describe('a maildrop that is locked', () => {
  test.each([
    '[IN-USE] Do you have another POP session running?',
    'maildrop lock busy! Is another session active?',
    'Your mailbox is already locked',
  ])('is waited for: %s', async err => {
    const waits: number[] = []
    const run = await begin({ messages: letters(3), script: scripted('AUTH', ({ before }) => before < 2, { err }) })
    const heard = await run({ clock: { now: () => Date.now(), sleep: async ms => void waits.push(ms) } })
    expect(heard.outcomes.added).toBe(3)
    expect(waits).toHaveLength(2)
    for (const ms of waits) expect(ms).toBeGreaterThan(2_000)
  })

  test('and stays locked is told as that', async () => {
    const run = await begin({ script: scripted('AUTH', () => true, { err: '[IN-USE] locked' }) })
    await expect(run({ clock: { now: () => Date.now(), sleep: async () => {} } })).rejects.toMatchObject({
      code: 'server-unavailable',
      facts: { reason: 'in-use' },
    })
    expect(server.connections).toBe(5)
  })

  test('a refused password is tried once', async () => {
    const run = await begin({ script: scripted('AUTH', () => true, { err: '[AUTH] invalid' }) })
    expect(await codeOf(run())).toBe('auth-failed')
    expect(server.connections).toBe(1)
  })
})

test('a message that is too large now, under another UIDL, is left on the server and is not gone from it', async () => {
  const large = letter('large', 'x'.repeat(70).concat('\r\n').repeat(100))
  const run = await begin({ messages: [...letters(3), large], capabilities: ['UIDL', 'USER'], without: ['TOP'] })
  await run()
  server.messages = server.messages.map((each, i) => ({ ...each, uidl: `moved-${i}` }))
  await run({ largest: 5000 })
  expect(await archive.factsOf('gone')).toEqual([])
  await holds(server.messages)
})

describe('another program that empties the mailbox', () => {
  test('is told of when nothing is left', async () => {
    const run = await begin({ messages: letters(4) })
    await run()
    server.messages = []
    expect((await run()).result).toMatchObject({ notice: 'pop3-emptied', gone: 4 })
    await holds([])
    expect((await run()).result['notice']).toBeUndefined()
  })

  test('is told of when most of what came lately is gone', async () => {
    const run = await begin({ messages: letters(20) })
    await run()
    server.messages = [...server.messages.slice(15), letter('new')]
    expect((await run()).result).toMatchObject({ notice: 'pop3-vanishing', gone: 15 })
  })

  test('and a person who deletes a few is not', async () => {
    const run = await begin({ messages: letters(20) })
    await run()
    server.messages.splice(0, 4)
    expect((await run()).result['notice']).toBeUndefined()
  })
})

describe('a provider that shows a part of the mailbox', () => {
  /** As Gmail: a few of the oldest that nobody has retrieved; QUIT makes them retrieved. */
  test('shows the next part after each QUIT, and what it no longer shows is not gone', async () => {
    const all = letters(25)
    let shown = 0
    const run = await begin({
      messages: all.slice(0, 10),
      capabilities: ['UIDL', 'USER', 'TOP'],
      script: ({ verb }) => {
        if (verb === 'QUIT') {
          shown += server.messages.length
          server.messages = all.slice(shown, shown + 10)
        }
        return undefined
      },
    })
    const heard = await run({ settings: { host: server.host, port: server.port, user: server.user, recent: true }, connect: withoutRecent })
    expect(heard.outcomes.added).toBe(25)
    expect(await archive.factsOf('gone')).toEqual([])
    expect((await inbox()).size).toBe(25)
  })
})

/** The scripted server knows one user. */
const withoutRecent: Pop3Trial['connect'] = async options => {
  const { connectPop3 } = await import('../../../main/engine/mail/pop3/connect.ts')
  const { recent: _, ...settings } = options.settings
  return connectPop3({ ...options, settings })
}

async function codeOf(run: Promise<unknown>): Promise<ErrorCode | 'aborted' | 'none'> {
  try {
    await run
    return 'none'
  } catch (error) {
    return (error as Error).name === 'AbortError' ? 'aborted' : (error as AppError).code
  }
}
