/** The adapter against a server that plays tricks: proof instead of silence, and nothing is ever changed. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import type { AccountSettings } from '../../../../main/contract/types.ts'
import { type ConnectSettings, clientId, connectWith } from '../../../../main/engine/mail/imap/connect.ts'
import { testWith } from '../../../../main/engine/mail/imap/testAccount.ts'
import type { ImapSession } from '../../../../main/engine/mail/types.ts'
import { makeCertificate, opensslMissing } from '../../../help/dovecot.ts'
import type { Fetchable } from '../../../help/scriptedFetch.ts'
import { type ScriptedImap, type ScriptOptions, startScriptedImap } from '../../../help/scriptedImap.ts'

let server: ScriptedImap
let session: ImapSession | null = null

afterEach(async () => {
  await session?.close()
  session = null
  await server?.close()
})

const settings = (more: Partial<AccountSettings> = {}): AccountSettings => ({
  protocol: 'imap',
  host: '127.0.0.1',
  port: server.port,
  security: 'plain',
  user: server.user,
  ...more,
})

async function connected(options: ScriptOptions = {}, more: Partial<AccountSettings> = {}, how: Partial<ConnectSettings> = {}): Promise<ImapSession> {
  server = await startScriptedImap(options)
  session = await connectWith({ settings: settings(more), password: server.password }, {}, how)
  return session
}

const mail = (uid: number, more: Partial<Fetchable> = {}): Fetchable => ({
  uid,
  bytes: Buffer.from(`Subject: ${uid}\r\n\r\nbody ${uid}\r\n`),
  ...more,
})
const inbox = (...messages: Fetchable[]) => [{ name: 'INBOX', messages }]
const collect = async <T>(items: AsyncIterable<T>) => {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

describe('it only reads:', () => {
  const allowed = new Set([
    'CAPABILITY',
    'ID',
    'STARTTLS',
    'AUTHENTICATE PLAIN',
    'LOGIN',
    'NAMESPACE',
    'LIST',
    'EXAMINE',
    'UID SEARCH',
    'UID FETCH',
    'NOOP',
    'LOGOUT',
  ])

  test('on the wire there is no verb that could change anything, and no body without PEEK', async () => {
    const open = await connected({ mailboxes: inbox(mail(1), mail(2)) })
    await open.list()
    await open.examine('INBOX')
    const uids = [...(await open.allUids())]
    await open.larger(uids, 10)
    await collect(open.describe(uids))
    await collect(open.fetch(uids))
    await collect(open.fetchPieces(1, 5))
    await open.close()
    for (const line of server.wire) {
      const [, first, second] = line.split(' ')
      expect(allowed).toContain(allowed.has(first!) ? first : `${first} ${second}`)
      expect(line).not.toMatch(/BODY\[|RFC822(?!\.SIZE)|ENVELOPE|BODYSTRUCTURE/)
    }
    expect(server.wire.filter(line => line.includes('BODY.PEEK[]')).length).toBeGreaterThan(1)
  })

  test('in this room there is no word for it either', () => {
    const room = fileURLToPath(new URL('../../../../main/engine/mail/imap', import.meta.url))
    // `write` is another room, which only a restore may enter (doors.spec.ts).
    for (const file of readdirSync(room).filter(name => name.endsWith('.ts'))) {
      const code = readFileSync(join(room, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '')
      expect(code, file).not.toMatch(
        /'(UID )?(SELECT|STORE|EXPUNGE|COPY|MOVE|APPEND|DELETE|CREATE|RENAME|CLOSE|SETMETADATA|SUBSCRIBE|UNSUBSCRIBE)'|mailboxOpen|messageDelete|messageFlags|messageMove|\.append\(|'BODY'\s*,\s*section/,
      )
    }
  })
})

describe('the introduction', () => {
  test('has a name, a version and a vendor, before and after the login', async () => {
    await connected({ script: ({ verb }) => (verb === 'ID' ? { send: ['* ID ("name" "Coremail" "vendor" "NetEase")\r\n'] } : undefined) })
    const lines = server.wire.map(line => line.slice(2))
    const id = lines.filter(line => line.startsWith('ID '))
    expect(id).toHaveLength(2)
    for (const line of id) expect(line).toContain(`("name" "Mailcoffer" "version" "${clientId.version}" "vendor" "Mailcoffer")`)
    expect(lines.lastIndexOf(id[1]!)).toBeGreaterThan(lines.indexOf('AUTHENTICATE PLAIN'))
  })

  test('states the version of the program', () => {
    expect(clientId.version).toBe(JSON.parse(readFileSync(fileURLToPath(new URL('../../../../package.json', import.meta.url)), 'utf8')).version)
  })

  test('a server that refuses it serves all the same', async () => {
    const open = await connected({ script: ({ verb }) => (verb === 'ID' ? { bad: 'what' } : undefined) })
    expect(await open.list()).toHaveLength(1)
  })
})

describe('the listing', () => {
  test('keeps raw names, decodes what people see, and knows what cannot be opened', async () => {
    const names = [
      { name: 'INBOX', attributes: ['\\HasNoChildren'] },
      { name: 'A/&ZeVnLIqe-', attributes: ['\\Sent', '\\Subscribed'] },
      { name: 'broken &Jjo! utf7', attributes: [] },
      { name: 'flat', delimiter: null, attributes: [] },
      { name: 'quo"te\\back', attributes: [] },
      { name: 'Parent', attributes: ['\\Noselect'] },
      { name: 'Ghost', attributes: ['\\NonExistent'] },
      { name: 'dot.ted', delimiter: '.', attributes: ['\\Trash'] },
    ].map(mailbox => ({ messages: [], ...mailbox }))
    const open = await connected({ mailboxes: names })
    const listed = await open.list()
    expect(listed.map(({ raw }) => raw)).toEqual(names.map(({ name }) => name))
    expect(listed[1]).toEqual({ path: ['A', '日本語'], delimiter: '/', raw: 'A/&ZeVnLIqe-', role: 'sent', selectable: true, subscribed: true })
    expect(listed[2]).toMatchObject({ path: ['broken &Jjo! utf7'] })
    expect(listed[3]).toMatchObject({ path: ['flat'], delimiter: '' })
    expect(listed[5]).toMatchObject({ selectable: false })
    expect(listed[6]).toMatchObject({ selectable: false })
    expect(listed[7]).toMatchObject({ path: ['dot', 'ted'], role: 'trash' })
    for (const { name } of [names[2]!, names[4]!]) await open.examine(name)
  })

  test('falls back where RETURN options are offered and refused', async () => {
    const open = await connected({ script: ({ verb, args }) => (verb === 'LIST' && args.includes('RETURN') ? { bad: 'no such thing' } : undefined) })
    expect(await open.list()).toHaveLength(1)
  })

  test('guesses roles by name only where the server names none', async () => {
    const open = await connected({
      capabilities: ['IMAP4rev1'],
      mailboxes: ['INBOX', 'Wysłane', '已发送', 'Papierkorb', 'Entwürfe'].map(name => ({ name: Buffer.from(name).toString('latin1'), messages: [] })),
    })
    expect((await open.list()).map(({ role }) => role)).toEqual(['inbox', 'sent', null, 'trash', 'drafts'])
  })

  test('a refused LIST is an error, never an account without mailboxes', async () => {
    const open = await connected({ script: ({ verb }) => (verb === 'LIST' ? { no: '[UNAVAILABLE] later' } : undefined) })
    await expect(open.list()).rejects.toMatchObject({ code: 'server-unavailable' })
  })

  test('INBOX is asked for where * does not show it', async () => {
    const open = await connected({
      script: ({ verb, args }) => (verb === 'LIST' && args.includes('"*"') ? { send: ['* LIST () "." "INBOX.Sent"\r\n'] } : undefined),
    })
    expect((await open.list()).map(({ raw }) => raw)).toEqual(['INBOX.Sent', 'INBOX'])
  })
})

describe('the UIDs', () => {
  test('are proven by EXISTS', async () => {
    const open = await connected({ mailboxes: inbox(mail(2), mail(3), mail(9)) })
    await open.examine('INBOX')
    expect([...(await open.allUids())]).toEqual([2, 3, 9])
  })

  test('of a large mailbox come in slices, however scattered they are', async () => {
    const messages = Array.from({ length: 45_000 }, (_, i) => mail(1000 + i * 7))
    const open = await connected({ mailboxes: inbox(...messages) })
    await open.examine('INBOX')
    expect([...(await open.allUids())]).toEqual(messages.map(({ uid }) => uid))
    expect(server.wire.filter(line => line.includes('SEARCH')).map(line => line.slice(2))).toEqual([
      'UID SEARCH 1:20000',
      'UID SEARCH 20001:40000',
      'UID SEARCH 40001:45000',
    ])
  })

  test('mail that arrives meanwhile is no lie', async () => {
    const open = await connected({
      mailboxes: inbox(mail(1)),
      script: ({ verb, mailbox }) => {
        if (verb !== 'UID SEARCH') return undefined
        mailbox!.messages.push(mail(2))
        return { send: ['* SEARCH 1\r\n* 2 EXISTS\r\n'] }
      },
    })
    await open.examine('INBOX')
    expect([...(await open.allUids())]).toEqual([1, 2])
  })

  test('a SEARCH that is refused or wrong is replaced by a FETCH', async () => {
    for (const answer of [{ no: 'no SEARCH here' }, { send: ['* SEARCH\r\n'] }, { send: ['* SEARCH 1 1 2 7 8\r\n'] }]) {
      const open = await connected({ mailboxes: inbox(mail(1), mail(5)), script: ({ verb }) => (verb === 'UID SEARCH' ? answer : undefined) })
      await open.examine('INBOX')
      expect([...(await open.allUids())]).toEqual([1, 5])
      await open.close()
      await server.close()
    }
    await connected()
  })

  test('an empty mailbox needs no question', async () => {
    const open = await connected()
    await open.examine('INBOX')
    expect([...(await open.allUids())]).toEqual([])
    expect(server.wire.some(line => line.includes('SEARCH'))).toBe(false)
  })
})

describe('messages', () => {
  test('own their bytes: each may be given to a worker', async () => {
    const open = await connected({ mailboxes: inbox(mail(1), mail(2), mail(3)) })
    await open.examine('INBOX')
    for (const { bytes } of await collect(open.fetch([1, 2, 3]))) expect(bytes!.byteLength).toBe(bytes!.buffer.byteLength)
  })

  test('are read no faster than they are taken', async () => {
    const large = Array.from({ length: 40 }, (_, i) => mail(i + 1, { bytes: Buffer.alloc(1024 * 1024, 'x') }))
    const open = await connected({ mailboxes: inbox(...large) })
    await open.examine('INBOX')
    let seen = 0
    for await (const _ of open.fetch(large.map(({ uid }) => uid))) {
      if (++seen === 3) {
        await new Promise(resolve => setTimeout(resolve, 200))
        expect(open.received()).toBeLessThan(10 * 1024 * 1024)
      }
    }
    expect(seen).toBe(40)
  })

  test('a loop that is left early does not disturb the next command', async () => {
    const open = await connected({ mailboxes: inbox(...Array.from({ length: 50 }, (_, i) => mail(i + 1, { bytes: Buffer.alloc(100_000) }))) })
    await open.examine('INBOX')
    for await (const _ of open.fetch([1, 2, 3, 4, 5])) break
    expect((await collect(open.describe([7]))).map(({ uid }) => uid)).toEqual([7])
  })

  test('news of flags in between is not taken for a message', async () => {
    const open = await connected({
      mailboxes: inbox(mail(1), mail(2)),
      script: ({ verb }) =>
        verb === 'UID FETCH' ? { edit: usual => `* 2 FETCH (UID 2 FLAGS (\\Seen))\r\n* 7 FETCH (FLAGS ())\r\n${usual}` } : undefined,
    })
    await open.examine('INBOX')
    expect((await collect(open.fetch([1, 2]))).map(({ uid }) => uid)).toEqual([1, 2])
  })

  test('a thousand scattered UIDs are asked for in lines that servers take', async () => {
    const messages = Array.from({ length: 3000 }, (_, i) => mail(100_000 + i * 2))
    const open = await connected({ mailboxes: inbox(...messages) })
    await open.examine('INBOX')
    expect(await collect(open.describe(messages.map(({ uid }) => uid)))).toHaveLength(3000)
    expect(Math.max(...server.wire.map(line => line.length))).toBeLessThan(8000)
  })

  const whole = Buffer.from('Subject: pieces\r\n\r\n0123456789abcdefghij')
  const pieces = async (script: ScriptOptions['script'], size = whole.length, piece = 7) => {
    const open = await connected({ mailboxes: inbox(mail(1, { bytes: whole, size })), ...(script && { script }) })
    await open.examine('INBOX')
    const all: Buffer[] = []
    // A piece is whole until the next is asked for.
    for await (const bytes of open.fetchPieces(1, piece)) all.push(Buffer.from(bytes))
    return Buffer.concat(all)
  }

  test('in pieces are the same bytes, whatever the size says', async () => {
    for (const size of [whole.length, 1, 10_000, 0]) {
      expect((await pieces(undefined, size)).toString()).toBe(whole.toString())
      await session?.close()
      await server.close()
    }
    await connected()
  })

  test('in pieces end at the end when a piece is the last byte', async () =>
    expect((await pieces(undefined, whole.length, whole.length)).equals(whole)).toBe(true))

  test('a server that gives smaller pieces than asked for is followed to the end', async () => {
    const script: ScriptOptions['script'] = ({ verb, args }) => {
      const [, from] = /<(\d+)\./.exec(args) ?? []
      if (verb !== 'UID FETCH' || from === undefined) return undefined
      const part = whole.subarray(Number(from), Number(from) + 4)
      return { send: [`* 1 FETCH (UID 1 RFC822.SIZE ${whole.length} BODY[]<${from}> {${part.length}}\r\n`, part, ')\r\n'] }
    }
    expect((await pieces(script)).toString()).toBe(whole.toString())
  })

  test('one that vanishes between two pieces is an error, not a short message', async () => {
    await expect(pieces(({ args }) => (args.includes('<14.') ? { send: [] } : undefined))).rejects.toMatchObject({ code: 'message-unavailable' })
  })
})

describe('a connection that ends', () => {
  test('with a BYE says why, even when the server forgets to hang up', async () => {
    const open = await connected({
      mailboxes: inbox(mail(1)),
      script: ({ verb }) => (verb === 'UID FETCH' ? { bye: '[UNAVAILABLE] maintenance', stay: true } : undefined),
    })
    await open.examine('INBOX')
    await expect(collect(open.fetch([1]))).rejects.toMatchObject({ code: 'server-unavailable', facts: { serverSays: 'maintenance' } })
    expect(open.usable).toBe(false)
  })

  test('in silence is noticed', async () => {
    const open = await connected(
      { mailboxes: inbox(mail(1)), script: ({ verb }) => (verb === 'UID FETCH' ? { silence: true } : undefined) },
      {},
      { silence: 300 },
    )
    await open.examine('INBOX')
    await expect(collect(open.fetch([1]))).rejects.toMatchObject({ code: 'connection-lost' })
  })

  test('by a literal beyond all bounds is a lie, and nothing was held of it', async () => {
    const open = await connected({
      mailboxes: inbox(mail(1)),
      script: ({ verb }) => (verb === 'UID FETCH' ? { send: ['* 1 FETCH (UID 1 BODY[] {4294967296}\r\n'], end: 'nothing' } : undefined),
    })
    await open.examine('INBOX')
    await expect(collect(open.fetch([1]))).rejects.toMatchObject({ code: 'server-lied', facts: { literalBytes: 4294967296 } })
  })

  test('because the signal said so is cancelled', async () => {
    server = await startScriptedImap({ script: ({ verb }) => (verb === 'LIST' ? { silence: true } : undefined) })
    const stop = new AbortController()
    const open = await connectWith({ settings: settings(), password: server.password, signal: stop.signal })
    const listing = open.list()
    stop.abort()
    await expect(listing).rejects.toMatchObject({ code: 'cancelled' })
    await expect.poll(() => server.open).toBe(0)
  })
})

describe('before a password is sent', () => {
  const refused = (options: ScriptOptions, more: Partial<AccountSettings>, how: Partial<ConnectSettings> = {}) =>
    connected(options, more, how).catch(error => error)
  const noLogin = () => expect(server.wire.filter(line => /LOGIN|AUTHENTICATE/.test(line))).toEqual([])

  test('STARTTLS that is not offered ends it', async () => {
    expect(await refused({}, { security: 'starttls' })).toMatchObject({ code: 'starttls-missing' })
    noLogin()
  })

  test('STARTTLS that is offered and refused ends it', async () => {
    expect(
      await refused(
        { capabilities: ['IMAP4rev1', 'STARTTLS', 'AUTH=PLAIN'], script: ({ verb }) => (verb === 'STARTTLS' ? { no: 'not today' } : undefined) },
        { security: 'starttls' },
      ),
    ).toMatchObject({
      code: 'starttls-missing',
    })
    noLogin()
  })

  test('a PREAUTH greeting does not get around STARTTLS', async () => {
    expect(await refused({ greeting: '* PREAUTH welcome', capabilities: ['IMAP4rev1'] }, { security: 'starttls' })).toMatchObject({
      code: 'starttls-missing',
    })
  })

  test('plain IMAP to another computer is refused without a packet', async () => {
    expect(await refused({}, { host: 'imap.example.com' })).toMatchObject({ code: 'plaintext-refused' })
    expect(server.connections).toBe(0)
  })

  test('LOGINDISABLED is respected', async () => {
    expect(await refused({ capabilities: ['IMAP4rev1', 'LOGINDISABLED'] }, {})).toMatchObject({ code: 'plaintext-refused' })
    noLogin()
  })

  test('what is no IMAP server is told as such', async () => {
    expect(await refused({ greeting: '220 smtp.example.com ESMTP' }, {}, { greetingTimeout: 200 })).toMatchObject({ code: 'server-not-imap' })
  })

  test('a BYE as greeting is the server, and says why', async () => {
    expect(await refused({ greeting: '* BYE Too many connections' }, {})).toMatchObject({ code: 'server-throttled' })
  })

  describe.skipIf(opensslMissing)('with TLS', () => {
    const dir = mkdtempSync(join(tmpdir(), 'mailcoffer-tls-'))
    const cert = opensslMissing ? '' : makeCertificate(dir, 'DNS:mail.example.com')
    const tls = opensslMissing ? undefined : { cert, key: readFileSync(join(dir, 'key.pem'), 'utf8') }
    rmSync(dir, { recursive: true })
    const offers = { capabilities: ['IMAP4rev1', 'STARTTLS', 'AUTH=PLAIN'] }

    for (const security of ['tls', 'starttls'] as const) {
      const options = (): ScriptOptions => ({ ...offers, tls: { ...tls!, ...(security === 'tls' && { implicit: true as const }) } })

      test(`${security}: an unknown authority is not trusted`, async () => {
        expect(await refused(options(), { security })).toMatchObject({ code: 'tls-untrusted' })
        noLogin()
      })

      test(`${security}: a certificate for another name is not trusted, even when its authority is`, async () => {
        expect(await refused(options(), { security, ca: cert })).toMatchObject({ code: 'tls-untrusted' })
        noLogin()
      })

      test(`${security}: another certificate than the pinned one is not trusted`, async () => {
        expect(await refused(options(), { security, pin: 'ab'.repeat(32) })).toMatchObject({ code: 'tls-pin-mismatch' })
        noLogin()
      })

      test(`${security}: the pinned one is, whatever its name`, async () => {
        server = await startScriptedImap(options())
        const { certificate } = await testWith({ settings: settings({ security }), password: server.password })
        session = await connectWith({ settings: settings({ security, pin: certificate!.sha256 }), password: server.password })
        expect(await session.list()).toHaveLength(1)
      })
    }

    test('plain text put in front of the handshake is noticed', async () => {
      const inject: ScriptOptions = {
        ...offers,
        script: ({ verb }) =>
          verb === 'STARTTLS' ? { send: ['$TAG OK go on\r\n* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n'], end: 'nothing' } : undefined,
      }
      expect(await refused(inject, { security: 'starttls' })).toMatchObject({ code: 'tls-failed' })
      noLogin()
    })
  })
})

describe('testing an account', () => {
  const steps = (result: Awaited<ReturnType<typeof testWith>>) => result.steps.map(({ step, ok }) => `${step} ${ok ? 'ok' : 'failed'}`)
  const tried = async (options: ScriptOptions, more: Partial<AccountSettings> = {}) => {
    server = await startScriptedImap(options)
    return testWith({ settings: settings(more), password: server.password }, { greetingTimeout: 200 })
  }

  test('names every step that went well, and counts', async () => {
    const result = await tried({ mailboxes: [...inbox(mail(1), mail(2)), { name: 'Sent', messages: [mail(1)] }] })
    expect(steps(result)).toEqual(['resolve ok', 'connect ok', 'secure ok', 'greeting ok', 'login ok', 'list ok', 'examine ok'])
    expect(result).toMatchObject({ ok: true, mailboxes: 2, messages: 2 })
  })

  const cases: [string, ScriptOptions, Partial<AccountSettings>, string, string][] = [
    ['a host that does not exist', {}, { host: 'nothing.invalid', allowPlain: true }, 'resolve failed', 'host-not-found'],
    ['a port that nobody listens on', {}, { port: 1 }, 'connect failed', 'connection-refused'],
    ['no STARTTLS', {}, { security: 'starttls' }, 'secure failed', 'starttls-missing'],
    ['another kind of server', { greeting: '+OK POP3 ready' }, {}, 'greeting failed', 'server-not-imap'],
    [
      'a wrong password',
      { script: ({ verb }) => (verb.startsWith('AUTH') ? { no: '[AUTHENTICATIONFAILED] wrong' } : undefined) },
      {},
      'login failed',
      'auth-failed',
    ],
    ['a listing that is refused', { script: ({ verb }) => (verb === 'LIST' ? { no: 'no' } : undefined) }, {}, 'list failed', 'server-refused'],
    [
      'an INBOX that cannot be opened',
      { script: ({ verb }) => (verb === 'EXAMINE' ? { no: 'Unsafe Login. Please contact kefu@188.com' } : undefined) },
      {},
      'examine failed',
      'account-blocked',
    ],
  ]
  for (const [name, options, more, last, code] of cases)
    test(`${name}: ${last}`, async () => {
      const result = await tried(options, more)
      if (code === 'host-not-found') expect(['host-not-found', 'offline']).toContain(result.error!.code)
      else expect(result.error!.code).toBe(code)
      expect(steps(result).at(-1)).toBe(last)
      expect(result.steps.at(-1)!.detail).toMatch(/^[A-Z].*[.?]/)
      expect(JSON.stringify(result)).not.toContain(server.password)
    })
})
