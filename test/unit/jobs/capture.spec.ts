/** Capture against a server that misbehaves on purpose: what can be had is stored, what cannot is named, and the server is only ever read. */
import { afterEach, describe, expect, test } from 'vitest'
import { AppError, type ErrorCode } from '../../../main/contract/errors.ts'
import { type CaptureTrial, captureOnce, type Heard, type TestArchive, testArchive } from '../../help/captures.ts'
import type { Fetchable } from '../../help/scriptedFetch.ts'
import { type Answer, type Request, type ScriptedImap, type ScriptOptions, startScriptedImap } from '../../help/scriptedImap.ts'

let server: ScriptedImap
let archive: TestArchive

afterEach(async () => {
  await server?.close()
  await archive?.close()
})

const mail = (uid: number, more: Partial<Fetchable> = {}): Fetchable => ({
  uid,
  bytes: Buffer.from(`From: anna@example.com\r\nSubject: number ${uid}\r\nMessage-ID: <${uid}@example.com>\r\n\r\nThis is number ${uid}.\r\n`),
  ...more,
})
const mails = (count: number) => Array.from({ length: count }, (_, i) => mail(i + 1))

async function begin(options: ScriptOptions): Promise<(more?: Partial<CaptureTrial>) => Promise<Heard>> {
  server = await startScriptedImap(options)
  archive = await testArchive()
  return more => captureOnce({ archive, settings: { host: server.host, port: server.port, user: server.user }, password: server.password, ...more })
}

const inbox = (messages: Fetchable[]) => [{ name: 'INBOX', messages }]
const stored = async () => new Map((await archive.factsOf('placed')).map(fact => [fact.uid, fact]))
const said = (heard: Heard) => heard.failures.map(({ what, error }) => `${what}: ${error.code}`).sort()

describe('what the server holds', () => {
  test('is stored byte for byte, with flags, keywords, INTERNALDATE and its zone', async () => {
    const bytes = Buffer.from([...Buffer.from('Subject: x\r\n\r\n'), 0xff, 0x00, 0x80, 0x0a, 0x0d])
    const run = await begin({
      mailboxes: inbox([mail(7, { bytes, flags: ['\\Seen', '$Forwarded', '\\Recent'], date: ' 7-Feb-2019 21:52:25 -0830' })]),
    })
    const heard = await run()
    const fact = (await stored()).get(7)!
    expect(await archive.bytes(fact.id)).toEqual(bytes)
    expect(fact).toMatchObject({
      size: bytes.length,
      flags: ['\\Seen', '$Forwarded'],
      internalDate: Date.UTC(2019, 1, 8, 6, 22, 25) / 1000,
      zone: -510,
    })
    expect(heard.outcomes).toEqual({ added: 1, unchanged: 0, failed: 0 })
    expect(heard.progress).toMatchObject({ done: 1, total: 1, bytesDone: bytes.length })
  })

  test('is placed in every mailbox it is in, and stored once', async () => {
    const run = await begin({
      mailboxes: [
        { name: 'INBOX', messages: [mail(1)] },
        { name: 'Copies', messages: [mail(1)] },
      ],
    })
    await run()
    const placed = await archive.factsOf('placed')
    expect(placed).toHaveLength(2)
    expect(new Set(placed.map(({ id }) => id)).size).toBe(1)
  })

  test('comes newest first', async () => {
    const run = await begin({ mailboxes: inbox(mails(700)) })
    await run()
    const order = (await archive.factsOf('placed')).map(({ uid }) => uid)
    expect(order).toHaveLength(700)
    expect(Math.min(...order.slice(0, 300))).toBe(401)
    expect(Math.max(...order.slice(600))).toBe(100)
  })

  test('a message without INTERNALDATE, or with a senseless one, is kept without', async () => {
    const run = await begin({ mailboxes: inbox([mail(1, { date: '31-Feb-2020 10:00:00 +0000' }), mail(2)]) })
    await run()
    expect((await stored()).get(1)).toMatchObject({ internalDate: null, zone: null })
    expect((await stored()).get(2)).toMatchObject({ internalDate: Date.UTC(2024, 0, 1, 9) / 1000, zone: 60 })
  })

  test('an RFC822.SIZE that lies changes nothing, and is counted', async () => {
    const run = await begin({ mailboxes: inbox([mail(1, { size: 5 }), mail(2, { size: 5_000_000 }), mail(3)]) })
    const heard = await run()
    expect(heard.outcomes).toMatchObject({ added: 3, failed: 0 })
    expect(heard.result).toMatchObject({ sizeDiffers: 2 })
  })

  test('a large message comes in pieces, and one whose size lies too', async () => {
    const body = Buffer.alloc(9 * 1024 * 1024 + 5, 'abcdefgh\r\n')
    const bytes = Buffer.concat([Buffer.from('Subject: large\r\n\r\n'), body])
    const run = await begin({ mailboxes: inbox([mail(1, { bytes }), mail(2, { bytes: bytes.subarray(1), size: 20_000_000 }), mail(3)]) })
    await run()
    const placed = await stored()
    expect((await archive.bytes(placed.get(1)!.id)).equals(bytes)).toBe(true)
    expect((await archive.bytes(placed.get(2)!.id)).equals(bytes.subarray(1))).toBe(true)
    expect(server.wire.filter(line => line.includes('BODY.PEEK[]<0.')).length).toBe(2)
    expect(server.wire.some(line => /UID FETCH (1|2|1:3|1:2) .*BODY\.PEEK\[\]\)/.test(line))).toBe(false)
  })

  test('a message that is far larger than it claims does not have to fit in memory', async () => {
    const bytes = Buffer.concat([Buffer.from('Subject: huge\r\n\r\n'), Buffer.alloc(34 * 1024 * 1024, 'x')])
    const run = await begin({ mailboxes: inbox([mail(1), mail(2, { bytes, size: 100 }), mail(3)]) })
    const heard = await run()
    expect(said(heard)).toEqual([])
    expect((await stored()).get(2)!.size).toBe(bytes.length)
    expect((await stored()).size).toBe(3)
  })
})

describe('the second time', () => {
  test('nothing is fetched when nothing changed, and the unchanged is counted', async () => {
    const run = await begin({ mailboxes: inbox(mails(20)) })
    await run()
    server.wire.length = 0
    const heard = await run()
    expect(server.wire.filter(line => /FETCH|SEARCH/.test(line))).toEqual([])
    expect(heard.outcomes).toEqual({ added: 0, unchanged: 20, failed: 0 })
  })

  test('only new mail is fetched', async () => {
    const run = await begin({ mailboxes: inbox(mails(20)) })
    await run()
    server.mailboxes[0]!.messages.push(mail(21), mail(30))
    server.wire.length = 0
    const heard = await run()
    expect(heard.outcomes).toMatchObject({ added: 2, unchanged: 20 })
    expect(server.wire.filter(line => line.includes('BODY.PEEK[]'))).toEqual([expect.stringMatching(/UID FETCH 21,30 /)])
  })

  test('costs as many commands as there are mailboxes, and one where LIST tells the state of each', async () => {
    const mailboxes = Array.from({ length: 26 }, (_, i) => ({ name: i === 0 ? 'INBOX' : `Folder ${i}`, modseq: 10 + i, messages: mails(3) }))
    const run = await begin({ mailboxes, capabilities: ['IMAP4rev1', 'AUTH=PLAIN', 'CONDSTORE'] })
    await run()
    server.wire.length = 0
    expect((await run()).outcomes).toEqual({ added: 0, unchanged: 78, failed: 0 })
    expect(server.wire.filter(line => line.includes('EXAMINE'))).toHaveLength(26)
    expect(server.wire.length).toBeLessThan(26 + 10)

    await server.close()
    const before = server.mailboxes
    server = await startScriptedImap({ mailboxes: before, capabilities: ['IMAP4rev1', 'AUTH=PLAIN', 'CONDSTORE', 'LIST-EXTENDED', 'LIST-STATUS'] })
    const settings = { host: server.host, port: server.port, user: server.user }
    await captureOnce({ archive, settings, password: server.password }) // LIST-EXTENDED tells of subscriptions, which is news
    server.wire.length = 0
    expect((await captureOnce({ archive, settings, password: server.password })).outcomes.unchanged).toBe(78)
    expect(server.wire.filter(line => /EXAMINE|FETCH|SEARCH/.test(line))).toEqual([])
  })

  test('flags that changed become facts, and only those', async () => {
    const run = await begin({
      mailboxes: [{ name: 'INBOX', modseq: 5, messages: mails(5).map(message => ({ ...message, modseq: 5 })) }],
      capabilities: ['IMAP4rev1', 'CONDSTORE'],
    })
    await run()
    Object.assign(server.mailboxes[0]!.messages[1]!, { flags: ['\\Flagged', '\\Seen'], modseq: 9 })
    server.mailboxes[0]!.modseq = 9
    server.wire.length = 0
    await run()
    expect(await archive.factsOf('flags')).toEqual([{ k: 'flags', epoch: 1, uid: 2, flags: ['\\Flagged', '\\Seen'] }])
    expect(server.wire.some(line => line.includes('(CHANGEDSINCE 5)'))).toBe(true)
  })

  test('without MODSEQ all flags are compared when anything else changed', async () => {
    const run = await begin({ mailboxes: inbox(mails(5)) })
    await run()
    server.mailboxes[0]!.messages[3]!.flags = ['\\Answered']
    server.mailboxes[0]!.messages.push(mail(6))
    await run()
    expect(await archive.factsOf('flags')).toEqual([{ k: 'flags', epoch: 1, uid: 4, flags: ['\\Answered'] }])
  })

  test('what was expunged is marked gone, and nothing is deleted', async () => {
    const run = await begin({ mailboxes: inbox(mails(6)) })
    await run()
    server.mailboxes[0]!.messages.splice(1, 3)
    await run()
    expect(await archive.factsOf('gone')).toEqual([{ k: 'gone', epoch: 1, uids: '2:4' }])
    expect(await archive.factsOf('placed')).toHaveLength(6)
  })

  test('a new UIDVALIDITY opens a new epoch; the old one stays, and the same bytes are not stored twice', async () => {
    const run = await begin({ mailboxes: inbox(mails(3)) })
    await run()
    Object.assign(server.mailboxes[0]!, { uidValidity: 2, messages: mails(3).map((message, i) => ({ ...message, uid: 11 + i })) })
    await run()
    expect((await archive.factsOf('epoch')).map(({ epoch, uidValidity }) => [epoch, uidValidity])).toEqual([
      [1, 1],
      [2, 2],
    ])
    const placed = await archive.factsOf('placed')
    expect(placed).toHaveLength(6)
    expect(new Set(placed.map(({ id }) => id)).size).toBe(3)
    expect(await archive.factsOf('gone')).toEqual([])
  })

  test('a message whose EMAILID and size are known is placed without being fetched', async () => {
    const capabilities = ['IMAP4rev1', 'OBJECTID']
    const run = await begin({ mailboxes: inbox([mail(1, { emailId: 'M1' })]), capabilities })
    await run()
    server.mailboxes.push({ name: 'Archive', messages: [{ ...mail(1, { emailId: 'M1' }), uid: 5 }, mail(6, { emailId: 'M6' })] })
    server.wire.length = 0
    const heard = await run()
    expect(heard.result).toMatchObject({ placedWithoutDownload: 1 })
    expect(server.wire.filter(line => line.includes('BODY.PEEK[]')).map(line => line.split(' ')[3])).toEqual(['6'])
    const placed = await archive.factsOf('placed')
    expect(placed.find(({ uid }) => uid === 5)!.id).toBe(placed.find(({ uid }) => uid === 1)!.id)
  })

  test('a mailbox that a complete listing no longer has is kept, and said not to be present', async () => {
    const run = await begin({
      mailboxes: [
        { name: 'INBOX', messages: mails(1) },
        { name: 'Old', messages: mails(2) },
      ],
    })
    await run()
    server.mailboxes.pop()
    await run()
    expect(archive.store.index.mailboxes().map(({ raw, present }) => [raw, present])).toEqual([
      ['INBOX', true],
      ['Old', false],
    ])
    expect(await archive.factsOf('gone')).toEqual([])
  })
})

/** Scripts an answer to the FETCH of bodies that asks for one UID, or for several with it among them. */
const onBody = (answer: (request: Request, alone: boolean) => Answer | undefined) => (request: Request) =>
  request.verb === 'UID FETCH' && request.args.includes('BODY.PEEK') ? answer(request, /^\d+ /.test(request.args)) : undefined

const asks = (request: Request, uid: number) => {
  const [first, last] = request.args.split(' ')[0]!.split(':').map(Number)
  return uid >= first! && uid <= (last ?? first!)
}

describe('one bad message is a gap with a name, and all others are stored:', () => {
  const cases: { name: string; script: ScriptOptions['script']; code?: ErrorCode }[] = [
    {
      name: 'NO to every command that asks for it',
      script: onBody(request => (asks(request, 3) ? { no: '[SERVERBUG] internal error' } : undefined)),
      code: 'server-refused',
    },
    { name: 'NO without a code', script: onBody(request => (asks(request, 3) ? { no: 'cannot read message' } : undefined)) },
    { name: 'BAD', script: onBody(request => (asks(request, 3) ? { bad: 'what?' } : undefined)) },
    {
      name: 'NIL in place of its bytes',
      script: onBody(request =>
        asks(request, 3)
          ? { edit: usual => usual.replace(/(UID 3 [^{]*BODY\[\](?:<\d+>)?) \{\d+\}\r\n[^)]*number 3\.\r\n\)/, '$1 NIL)') }
          : undefined,
      ),
    },
    {
      name: 'an empty literal',
      script: onBody(request =>
        asks(request, 3)
          ? { edit: usual => usual.replace(/(UID 3 [^{]*BODY\[\](?:<\d+>)?) \{\d+\}\r\n[^)]*number 3\.\r\n\)/, '$1 {0}\r\n)') }
          : undefined,
      ),
    },
    {
      name: 'OK and no word of it',
      script: onBody(request => (asks(request, 3) ? { edit: usual => usual.replace(/\* 3 FETCH .*?number 3\.\r\n\)\r\n/s, '') } : undefined)),
    },
    {
      name: 'a line that is no IMAP',
      script: onBody(request =>
        asks(request, 3) ? { edit: usual => usual.replace(/\* 3 FETCH .*?number 3\.\r\n\)\r\n/s, '* 3 FETCH ((((UID 3\r\n') } : undefined,
      ),
    },
    {
      name: 'the connection drops in the middle of it',
      script: onBody(request => (asks(request, 3) ? { edit: usual => usual.slice(0, usual.indexOf('number 3')) } : undefined)),
    },
  ]
  for (const { name, script, code = 'message-unavailable' } of cases)
    test(name, async () => {
      const drops = name.startsWith('the connection')
      const run = await begin({
        mailboxes: inbox(mails(5)),
        script: request => {
          const answer = script!(request)
          if (!answer || !drops) return answer
          return { cutAfter: 130 } // inside the first message of whatever is asked for together with number 3, or of number 3 itself
        },
      })
      const heard = await run()
      expect([...(await stored()).keys()].sort()).toEqual([1, 2, 4, 5])
      expect(said(heard)).toEqual([`INBOX UID 3: ${code}`])
      const [gap] = await archive.factsOf('gap')
      expect(gap).toMatchObject({ uid: 3, code, tries: 1 })
      expect((await archive.factsOf('cursor')).at(-1)).toMatchObject({ exists: 5, complete: true })
      expect(archive.store.index.gaps(1).map(({ uid }) => uid)).toEqual([3])
    })

  test('it is tried again when its time has come, and the gap closes', async () => {
    let broken = true
    const run = await begin({ mailboxes: inbox(mails(3)), script: onBody(request => (broken && asks(request, 2) ? { no: 'not now' } : undefined)) })
    await run()
    broken = false
    const soon = await run()
    expect(said(soon)).toEqual(['INBOX UID 2: message-unavailable'])
    const later = { now: () => Date.now() + 3_600_000, sleep: async () => {} }
    const heard = await run({ clock: later })
    expect(heard.outcomes).toMatchObject({ added: 1, failed: 0 })
    expect(archive.store.index.gaps(1)).toEqual([])
    expect((await stored()).size).toBe(3)
  })

  test('one that went while it was being fetched is no gap', async () => {
    const run = await begin({
      mailboxes: inbox(mails(3)),
      script: onBody(() => {
        const { messages } = server.mailboxes[0]!
        if (messages.length === 3) messages.splice(1, 1)
        return undefined
      }),
    })
    const heard = await run()
    expect(said(heard)).toEqual([])
    expect([...(await stored()).keys()].sort()).toEqual([1, 3])
    expect(await archive.factsOf('gap')).toEqual([])
  })

  test('several in a row over which the server hangs up are as many gaps, and the capture goes on', async () => {
    const bad = [3, 4, 5, 6, 7, 8]
    const run = await begin({
      mailboxes: [
        { name: 'INBOX', messages: mails(10) },
        { name: 'Sent', messages: mails(2) },
      ],
      script: onBody(({ mailbox, args }) =>
        mailbox!.name === 'INBOX' && bad.some(uid => new RegExp(`\\b${uid}\\b`).test(args.split(' ')[0]!) || args.startsWith('1:10'))
          ? { bye: 'internal error' }
          : undefined,
      ),
    })
    const heard = await run({ connections: 1 })
    expect(said(heard)).toEqual(bad.map(uid => `INBOX UID ${uid}: message-unavailable`))
    expect(heard.outcomes.added).toBe(6)
    // And once more, when all of them are due and nothing else is.
    const later = { now: () => Date.now() + 3_600_000, sleep: async () => {} }
    expect(said(await run({ connections: 1, clock: later }))).toEqual(said(heard))
  })

  test('a server that hangs up over every message of a mailbox costs that mailbox, and not the others', async () => {
    const run = await begin({
      mailboxes: [
        { name: 'INBOX', messages: mails(40) },
        { name: 'Sent', messages: mails(2) },
      ],
      script: onBody(({ mailbox }) => (mailbox!.name === 'INBOX' ? { bye: 'internal error' } : undefined)),
    })
    const heard = await run({ connections: 1 })
    expect(said(heard)).toContain('INBOX: mailbox-unavailable')
    expect(heard.failures.length).toBeLessThan(30)
    expect(heard.outcomes.added).toBe(2)
  })

  test('a server that refuses every message gets one error, not a ledger of thousands', async () => {
    const run = await begin({ mailboxes: inbox(mails(60)), script: onBody(() => ({ no: 'no bodies today' })) })
    const heard = await run()
    expect(said(heard).filter(line => line.startsWith('INBOX:'))).toHaveLength(1)
    expect(heard.failures.length).toBeLessThan(30)
    expect((await archive.factsOf('cursor')).some(({ complete }) => complete)).toBe(false)
  })
})

describe('one bad mailbox does not stop the account:', () => {
  const two = () => [
    { name: 'INBOX', messages: mails(2) },
    { name: 'Bad', messages: mails(3) },
    { name: 'Good', messages: mails(4) },
  ]
  const cases: { name: string; script: ScriptOptions['script']; code: ErrorCode }[] = [
    {
      name: 'EXAMINE refused',
      script: ({ verb, args }) => (verb === 'EXAMINE' && args.includes('Bad') ? { no: '[NOPERM] not yours' } : undefined),
      code: 'mailbox-unavailable',
    },
    {
      name: 'EXAMINE without UIDVALIDITY',
      script: ({ verb, args }) =>
        verb === 'EXAMINE' && args.includes('Bad') ? { edit: usual => usual.replace(/.*UIDVALIDITY.*\r\n/, '') } : undefined,
      code: 'server-lied',
    },
    {
      name: 'more EXISTS than it lists',
      script: ({ verb, args }) => (verb === 'EXAMINE' && args.includes('Bad') ? { edit: usual => usual.replace('3 EXISTS', '9 EXISTS') } : undefined),
      code: 'server-lied',
    },
    {
      name: 'fewer EXISTS than it lists',
      script: ({ verb, args }) => (verb === 'EXAMINE' && args.includes('Bad') ? { edit: usual => usual.replace('3 EXISTS', '1 EXISTS') } : undefined),
      code: 'server-lied',
    },
  ]
  for (const { name, script, code } of cases)
    test(name, async () => {
      const run = await begin({ mailboxes: two(), script })
      const heard = await run({ connections: 1 })
      expect(said(heard)).toEqual([`Bad: ${code}`])
      expect(heard.outcomes.added).toBe(6)
      expect(await archive.factsOf('gone')).toEqual([])
    })

  test('a listing that is too short proves nothing: no message is marked gone', async () => {
    let lies = false
    const run = await begin({
      mailboxes: inbox(mails(5)),
      script: ({ verb, args }) => {
        if (!lies) return undefined
        if (verb === 'UID SEARCH') return { send: ['* SEARCH 1 2\r\n'] }
        if (verb === 'UID FETCH' && args.startsWith('1:*')) return { send: ['* 1 FETCH (UID 1)\r\n'] }
        return undefined
      },
    })
    await run()
    server.mailboxes[0]!.messages.push(mail(6))
    lies = true
    expect(said(await run())).toEqual(['INBOX: server-lied'])
    expect(await archive.factsOf('gone')).toEqual([])
    lies = false
    expect((await run()).outcomes).toMatchObject({ added: 1, failed: 0 })
  })

  test('mailboxes that cannot be selected are kept as names', async () => {
    const run = await begin({
      mailboxes: [
        { name: 'Parent', attributes: ['\\Noselect', '\\HasChildren'], messages: [] },
        { name: 'Parent/Child', messages: mails(1) },
      ],
    })
    const heard = await run()
    expect(said(heard)).toEqual([])
    expect(archive.store.index.mailboxes().map(({ path, selectable }) => [path.join('/'), selectable])).toEqual([
      ['Parent', false],
      ['Parent/Child', true],
    ])
    expect(server.wire.some(line => line.includes('EXAMINE "Parent"'))).toBe(false)
  })
})

describe('when the connection is lost', () => {
  test('what came stays, it connects again, and fetches only the rest', async () => {
    let dropped = false
    const run = await begin({
      mailboxes: inbox(mails(250)),
      script: onBody(() => {
        if (dropped) return undefined
        dropped = true
        return { cutAfter: 20_000 }
      }),
    })
    const heard = await run()
    expect(said(heard)).toEqual([])
    expect(heard.result).toMatchObject({ reconnects: 1 })
    expect((await archive.factsOf('placed')).map(({ uid }) => uid).sort((a, b) => a - b)).toEqual(mails(250).map(({ uid }) => uid))
  })

  test('for good, the job hears of the network and can go on later', async () => {
    let state: 'well' | 'gone' | 'healed' = 'well'
    const run = await begin({
      mailboxes: inbox(mails(350)),
      script: request => {
        if (state === 'well' && request.args.includes('BODY.PEEK') && request.before > 0) state = 'gone'
        return state === 'gone' ? { drop: true } : undefined
      },
    })
    await expect(run()).rejects.toMatchObject({ code: 'connection-lost' })
    const some = (await stored()).size
    expect(some).toBe(300)
    state = 'healed'
    expect((await run()).outcomes.added).toBe(50)
  })

  test('a server that is busy is waited for, and says until when', async () => {
    const run = await begin({
      mailboxes: inbox(mails(2)),
      script: ({ verb }) => (verb === 'UID SEARCH' ? { no: '[UNAVAILABLE] try again later' } : undefined),
    })
    await expect(run()).rejects.toMatchObject({ code: 'server-unavailable' })
    expect(server.wire.filter(line => line.includes('SEARCH')).length).toBeGreaterThan(3)
  })

  test('a wrong password ends it at once', async () => {
    const run = await begin({ script: ({ verb }) => (verb === 'AUTHENTICATE PLAIN' ? { no: '[AUTHENTICATIONFAILED] wrong' } : undefined) })
    await expect(run()).rejects.toMatchObject({ code: 'auth-failed' })
    expect(server.connections).toBe(1)
  })

  test('a paused capture asks for nothing more until it goes on', async () => {
    let resume = () => {}
    let paused: Promise<void> | null = null
    const run = await begin({ mailboxes: inbox(mails(700)) })
    const capturing = run({ checkpoint: () => paused ?? Promise.resolve() })
    const bodies = () => server.wire.filter(line => line.includes('BODY.PEEK')).length
    await expect.poll(bodies, { interval: 1 }).toBe(1)
    paused = new Promise(resolve => {
      resume = resolve
    })
    await new Promise(resolve => setTimeout(resolve, 400))
    const during = bodies()
    expect(during).toBeLessThan(3)
    await new Promise(resolve => setTimeout(resolve, 100))
    expect(bodies()).toBe(during)
    paused = null
    resume()
    expect((await capturing).outcomes).toMatchObject({ added: 700, failed: 0 })
  })

  test('a cancelled capture ends as cancelled, with nothing left open', async () => {
    const stop = new AbortController()
    const run = await begin({
      mailboxes: inbox(mails(50)),
      script: onBody(() => {
        stop.abort(new AppError('cancelled', 'enough'))
        return { silence: true }
      }),
    })
    await expect(run({ signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' })
    await expect.poll(() => server.open).toBe(0)
  })
})

describe('several connections', () => {
  const many = () => Array.from({ length: 6 }, (_, i) => ({ name: `Folder ${i}`, messages: mails(150) }))

  test('share the work', async () => {
    const run = await begin({ mailboxes: many() })
    expect((await run({ connections: 3 })).outcomes).toMatchObject({ added: 900, failed: 0 })
    expect(server.connections).toBe(3)
  })

  test('fewer are enough when the server refuses more: that is no error', async () => {
    const run = await begin({
      mailboxes: many(),
      script: ({ verb, connection }) =>
        verb === 'AUTHENTICATE PLAIN' && connection > 1 ? { no: '[LIMIT] Too many simultaneous connections' } : undefined,
    })
    const heard = await run({ connections: 4 })
    expect(heard.outcomes).toEqual({ added: 900, unchanged: 0, failed: 0 })
  })

  test('one that the server throws out later leaves its mailbox to the others', async () => {
    let thrown = 0
    const run = await begin({
      mailboxes: many(),
      script: ({ verb, connection }) => {
        if (connection === 1) return undefined
        if (verb === 'AUTHENTICATE PLAIN' && thrown > 0) return { no: '[LIMIT] Too many simultaneous connections' }
        if (verb === 'UID FETCH') {
          thrown++
          return { bye: '[UNAVAILABLE] too many connections' }
        }
        return undefined
      },
    })
    const heard = await run({ connections: 2 })
    expect(heard.outcomes).toEqual({ added: 900, unchanged: 0, failed: 0 })
    expect(await archive.factsOf('epoch')).toHaveLength(6)
  })
})

describe('what comes first', () => {
  test('over one connection: the newest of INBOX, then sent mail, then the older rest', async () => {
    const run = await begin({
      mailboxes: [
        { name: 'INBOX', messages: mails(1300) },
        { name: 'Sent', attributes: ['\\Sent'], messages: [mail(2001), mail(2002)] },
        { name: 'Notes', messages: [mail(3001)] },
      ],
    })
    const heard = await run({ connections: 1 })
    expect(heard.outcomes).toEqual({ added: 1303, unchanged: 0, failed: 0 })
    expect(heard.progress).toMatchObject({ done: 1303, total: 1303 })
    const order = (await archive.factsOf('placed')).map(({ uid }) => uid)
    const turns = [order.slice(0, 1000), order.slice(1000, 1002), order.slice(1002, 1003), order.slice(1003)]
    expect(turns.map(turn => turn.toSorted((a, b) => b - a))).toEqual([range(1300, 301), [2002, 2001], [3001], range(300, 1)])
    expect((await archive.factsOf('cursor')).filter(({ complete }) => complete)).toHaveLength(3)
    expect((await run()).outcomes).toMatchObject({ added: 0, unchanged: 1303 })
  })

  const range = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, i) => from - i)
})
