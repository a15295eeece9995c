/** Connecting over POP3: what must hold before a password is sent, ways of logging in, and what a refusal means. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { AppError, ErrorCode } from '../../../../main/contract/errors.ts'
import type { AccountSettings } from '../../../../main/contract/types.ts'
import { connectWith, type Pop3ConnectSettings } from '../../../../main/engine/mail/pop3/connect.ts'
import { testWith } from '../../../../main/engine/mail/pop3/testAccount.ts'
import type { Pop3Session } from '../../../../main/engine/mail/pop3/types.ts'
import { makeCertificate, opensslMissing } from '../../../help/dovecot.ts'
import { letter, letters } from '../../../help/pop3Captures.ts'
import { type Pop3Script, type ScriptedPop3, startScriptedPop3 } from '../../../help/scriptedPop3.ts'

let server: ScriptedPop3
let session: Pop3Session | null = null
const certificate = opensslMissing ? null : certificateFiles()
const secured = test.skipIf(opensslMissing)

afterEach(async () => {
  session?.close()
  session = null
  await server?.close()
})

function certificateFiles() {
  const dir = mkdtempSync(join(tmpdir(), 'mailcoffer-pop3-'))
  try {
    return { cert: makeCertificate(dir), key: readFileSync(join(dir, 'key.pem'), 'utf8') }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

async function connect(
  options: Pop3Script,
  more: Partial<AccountSettings> = {},
  how?: Partial<Pop3ConnectSettings>,
  password?: string,
): Promise<Pop3Session> {
  server = await startScriptedPop3(options)
  const settings: AccountSettings = { protocol: 'pop3', host: server.host, port: server.port, security: 'plain', user: server.user, ...more }
  session = await connectWith({ settings, password: password ?? server.password }, {}, how)
  return session
}

async function refusal(connecting: Promise<unknown>): Promise<AppError> {
  return connecting.then(
    () => expect.fail('it was let in'),
    error => error,
  )
}
const codeOf = async (connecting: Promise<unknown>): Promise<ErrorCode> => (await refusal(connecting)).code
const verbs = () => server.wire.map(line => line.split(' ')[1])

describe('logging in', () => {
  test('by SASL PLAIN where it is offered', async () => {
    await connect({})
    expect(server.wire).toEqual(['1 CAPA', '1 AUTH', '1 CAPA'])
  })

  test('by SASL PLAIN with a name and password too long for one line', async () => {
    server = await startScriptedPop3({})
    server.password = 'x'.repeat(300)
    const settings: AccountSettings = { protocol: 'pop3', host: server.host, port: server.port, security: 'plain', user: server.user }
    session = await connectWith({ settings, password: server.password })
    expect(server.wire[1]).toBe('1 AUTH PLAIN')
  })

  test('by USER and PASS where nothing else is offered, and where nothing is said', async () => {
    await connect({ capabilities: ['USER', 'UIDL'] })
    expect(verbs()).toEqual(['CAPA', 'USER', 'PASS', 'CAPA'])
    await server.close()
    await connect({ capabilities: null })
    expect(verbs()).toEqual(['CAPA', 'USER', 'PASS', 'CAPA'])
  })

  test('by USER and PASS where SASL is offered and then not known', async () => {
    await connect({ script: ({ verb }) => (verb === 'AUTH' ? { err: 'Unknown command' } : undefined) })
    expect(verbs()).toEqual(['CAPA', 'AUTH', 'USER', 'PASS', 'CAPA'])
  })

  test('by APOP on an open line, so that the password is not said', async () => {
    await connect({ greeting: '+OK ready <1896.697170952@dbc.mtview.ca.us>' })
    expect(verbs()).toEqual(['CAPA', 'APOP', 'CAPA'])
  })

  test('with the digest of RFC 1939', async () => {
    server = await startScriptedPop3({ greeting: '+OK POP3 server ready <1896.697170952@dbc.mtview.ca.us>', secret: 'tanstaaf' })
    server.user = 'mrose'
    const settings: AccountSettings = { protocol: 'pop3', host: server.host, port: server.port, security: 'plain', user: 'mrose' }
    session = await connectWith({ settings, password: 'tanstaaf' })
    expect(verbs()).toContain('APOP')
  })

  test('after an APOP that the server knows no secret for', async () => {
    await connect({ greeting: '+OK <1.2@x>', secret: 'another' })
    expect(verbs()).toEqual(['CAPA', 'APOP', 'AUTH', 'CAPA'])
  })

  test('a refused password is not tried in another way', async () => {
    expect(await codeOf(connect({}, {}, undefined, 'wrong'))).toBe('auth-failed')
    expect(verbs()).toEqual(['CAPA', 'AUTH'])
  })

  test('Gmail’s recent mode is part of the name', async () => {
    server = await startScriptedPop3({ capabilities: null })
    server.user = 'recent:anna'
    const settings: AccountSettings = { protocol: 'pop3', host: server.host, port: server.port, security: 'plain', user: 'anna', recent: true }
    session = await connectWith({ settings, password: server.password })
    expect(server.wire).toContain('1 USER recent:anna')
  })

  test('a name with a line end in it is no command', async () => {
    expect(await codeOf(connect({}, { user: 'anna\r\nDELE 1' }))).toBe('invalid-input')
    expect(server.connections).toBe(0)
  })

  test.each<[string, ErrorCode]>([
    ['[AUTH] Authentication failed.', 'auth-failed'],
    ['invalid password', 'auth-failed'],
    ['[AUTH] Application-specific password required: https://support.google.com/accounts/answer/185833', 'auth-needs-app-password'],
    ['[AUTH] 请使用授权码登录', 'auth-needs-app-password'],
    [
      '[SYS/PERM] Your account is not enabled for POP access. Please visit your settings page and enable your account for POP access.',
      'pop3-disabled',
    ],
    ['[AUTH] POP3 access disabled for this user', 'pop3-disabled'],
    ['[SYS/PERM] mailbox is corrupt, ask the administrator', 'account-blocked'],
    ['[AUTH] Web login required: https://support.google.com/mail/answer/78754', 'account-blocked'],
    ['[SYS/TEMP] Temporary authentication failure', 'server-unavailable'],
    ['[IN-USE] Do you have another POP session running?', 'server-unavailable'],
    ['Unable to lock maildrop: mailbox is locked by POP server', 'server-unavailable'],
    ['[LOGIN-DELAY] minimum time between mail checks is 15 minutes', 'server-throttled'],
    ['Too many connections from your address', 'server-throttled'],
  ])('refused with "%s" is %s', async (err, code) => {
    const error = await refusal(connect({ script: ({ verb }) => (verb === 'AUTH' ? { send: Buffer.from(`-ERR ${err}\r\n`) } : undefined) }))
    expect(error.code).toBe(code)
    expect(JSON.stringify([error.facts, error.message])).not.toContain('battery')
  })

  test('too soon: how long to wait is told', async () => {
    const error = await refusal(
      connect({
        capabilities: ['USER', 'LOGIN-DELAY 900'],
        script: ({ verb }) => (verb === 'PASS' ? { err: '[LOGIN-DELAY] come back later' } : undefined),
      }),
    )
    expect(error).toMatchObject({ code: 'server-throttled', facts: { reason: 'login-delay', retryAfterMs: 900_000 } })
  })

  test('a password that the server repeats is not passed on', async () => {
    const error = await refusal(connect({ script: ({ verb }) => (verb === 'AUTH' ? { err: 'no: correct horse battery' } : undefined) }))
    expect(JSON.stringify([error.message, error.facts, String(error.cause)])).not.toContain('battery')
  })
})

describe('encryption', () => {
  secured('TLS from the first byte, by a private authority or by a pin', async () => {
    await connect({ tls: { ...certificate!, implicit: true } }, { security: 'tls', host: 'localhost', ca: certificate!.cert })
    expect(await session!.stat()).toEqual({ count: 0, octets: 0 })
    const pin = (await testWith({ settings: settingsFor({ security: 'tls' }), password: server.password })).certificate!.sha256
    const pinned = await connectWith({ settings: settingsFor({ security: 'tls', pin }), password: server.password })
    pinned.close()
    expect(await codeOf(connectWith({ settings: settingsFor({ security: 'tls', pin: '0'.repeat(64) }), password: server.password }))).toBe(
      'tls-pin-mismatch',
    )
    expect(await codeOf(connectWith({ settings: settingsFor({ security: 'tls' }), password: server.password }))).toBe('tls-untrusted')
    expect(verbs().filter(verb => verb === 'AUTH')).toHaveLength(2)
  })

  secured('STLS, and what was said before it is asked again', async () => {
    await connect({ tls: certificate!, capabilities: ['STLS', 'USER', 'UIDL'] }, { security: 'starttls', host: 'localhost', ca: certificate!.cert })
    expect(verbs()).toEqual(['CAPA', 'STLS', 'CAPA', 'USER', 'PASS', 'CAPA'])
  })

  test.each<[string, Pop3Script]>([
    ['not offered', { capabilities: ['USER', 'UIDL'] }],
    ['refused', { capabilities: ['USER', 'STLS'] }],
    ['unknown to a server that knows no CAPA', { capabilities: null }],
  ])('STLS %s: no password is sent', async (_, options) => {
    expect(await codeOf(connect(options, { security: 'starttls' }))).toBe('starttls-missing')
    expect(verbs()).not.toContain('USER')
  })

  secured('bytes slipped in before the handshake are noticed', async () => {
    const options = {
      capabilities: ['STLS', 'USER'],
      script: ({ verb }: { verb: string }) => (verb === 'STLS' ? { send: '+OK begin\r\n+OK injected\r\n' } : undefined),
    }
    expect(await codeOf(connect(options, { security: 'starttls' }))).toBe('tls-failed')
    expect(verbs()).toEqual(['CAPA', 'STLS'])
  })

  test('plain to another computer is refused before anything is sent, unless it was allowed', async () => {
    expect(
      await codeOf(connectWith({ settings: { protocol: 'pop3', host: 'pop.example.org', port: 110, security: 'plain', user: 'a' }, password: 'b' })),
    ).toBe('plaintext-refused')
  })

  test('TLS to a port that speaks none fails as that', async () => {
    expect(['tls-failed', 'connection-lost']).toContain(await codeOf(connect({}, { security: 'tls' })))
    expect(verbs()).toEqual([])
  })
})

describe('what answers', () => {
  test('is no POP3 server', async () => {
    expect(await codeOf(connect({ greeting: '* OK IMAP4rev1 ready' }))).toBe('server-not-pop3')
    await server.close()
    expect(await codeOf(connect({ greeting: '220 smtp.example.org ESMTP' }))).toBe('server-not-pop3')
  })

  test('says nothing', async () => {
    const mute = net.createServer(() => {})
    await new Promise<void>(resolve => mute.listen(0, '127.0.0.1', resolve))
    const { port } = mute.address() as net.AddressInfo
    try {
      const settings: AccountSettings = { protocol: 'pop3', host: '127.0.0.1', port, security: 'plain', user: 'a' }
      expect(await codeOf(connectWith({ settings, password: 'b' }, {}, { greetingTimeout: 100 }))).toBe('connection-timeout')
      expect(await codeOf(connectWith({ settings: { ...settings, security: 'tls' }, password: 'b' }, {}, { connectTimeout: 100 }))).toBe(
        'connection-timeout',
      )
    } finally {
      mute.close()
    }
  })

  test('is too busy to greet', async () => {
    expect(await codeOf(connect({ greeting: '-ERR too many connections, try again later' }))).toBe('server-throttled')
    await server.close()
    expect(await codeOf(connect({ greeting: '-ERR not today' }))).toBe('server-unavailable')
  })

  test('falls silent, or talks without an end', async () => {
    const silent = await connect({ script: ({ verb }) => (verb === 'STAT' ? { silence: true } : undefined) }, {}, { silence: 100 })
    expect(await codeOf(silent.stat())).toBe('connection-timeout')
    expect(silent.usable).toBe(false)
    await server.close()
    const endless = await connect({ script: ({ verb }) => (verb === 'STAT' ? { send: `+OK ${'x'.repeat(100_000)}` } : undefined) })
    expect(await codeOf(endless.stat())).toBe('server-lied')
    await server.close()
    const babble = await connect({ script: ({ verb }) => (verb === 'STAT' ? { send: 'hello\r\n' } : undefined) })
    expect(await codeOf(babble.stat())).toBe('server-lied')
    expect(babble.usable).toBe(false)
  })

  test('nobody listens, and nobody has the name', async () => {
    const settings: AccountSettings = { protocol: 'pop3', host: '127.0.0.1', port: 1, security: 'plain', user: 'a' }
    expect(await codeOf(connectWith({ settings, password: 'b' }))).toBe('connection-refused')
  })

  test('is given up at once when the person cancels', async () => {
    const stop = new AbortController()
    server = await startScriptedPop3({ script: ({ verb }) => (verb === 'AUTH' ? { silence: true } : undefined) })
    const connecting = connectWith({ settings: settingsFor({}), password: server.password, signal: stop.signal })
    setTimeout(() => stop.abort(), 50)
    expect(await codeOf(connecting)).toBe('cancelled')
  })
})

describe('a session', () => {
  test('lists what is there, with sizes and names', async () => {
    const { listing } = await connect({ messages: [letter(1), letter(2, 'x'), { ...letter(3), octets: 7 }] })
    expect(await listing()).toMatchObject({
      complete: true,
      uidl: true,
      messages: [
        { number: 1, uidl: 'uidl-1', octets: letter(1).bytes.length },
        { number: 2, uidl: 'uidl-2' },
        { number: 3, octets: 7 },
      ],
    })
  })

  test('reads UIDLs as servers write them: any characters, spaces, lines that are none', async () => {
    const { listing } = await connect({
      messages: letters(3),
      script: ({ verb, args }) => (verb === 'UIDL' && args === '' ? { send: '+OK\r\n1   <a b@c>  \r\nnonsense\r\n2 \xe9\r\n3\r\n.\r\n' } : undefined),
    })
    const { messages, complete } = await listing()
    expect(messages.map(({ uidl }) => uidl)).toEqual(['<a b@c>', '\u00c3\u00a9', null])
    expect(complete).toBe(false)
  })

  test('asks for many messages ahead where the server takes it, and one by one where it does not', async () => {
    for (const pipelining of [true, false]) {
      const waiting: number[] = []
      const { retrieve } = await connect({ messages: letters(200), capabilities: ['UIDL', 'USER', 'TOP', ...(pipelining ? ['PIPELINING'] : [])] })
      let got = 0
      const numbers = Array.from({ length: 200 }, (_, i) => i + 1)
      for await (const answer of retrieve(numbers, 'RETR')) {
        if (!('pieces' in answer)) continue
        for await (const piece of answer.pieces) expect(piece.length).toBeGreaterThan(0)
        got++
        waiting.push(server.given - got)
      }
      expect(got).toBe(200)
      if (pipelining) expect(Math.max(...waiting)).toBeGreaterThan(10)
      else expect(Math.max(...waiting)).toBe(0)
      session!.close()
      await server.close()
    }
  })

  test('that is left in the middle of an answer is not used any more', async () => {
    const { retrieve, stat } = await connect({ messages: [letter(1, 'line\r\n'.repeat(100_000)), letter(2)] })
    for await (const answer of retrieve([1, 2], 'RETR')) {
      if ('pieces' in answer) for await (const _ of answer.pieces) break
      break
    }
    expect(await codeOf(stat())).toBe('connection-lost')
  })

  test('reads no faster than its reader: a message of 64 MB is never in memory', async () => {
    const { retrieve, received } = await connect({ messages: [letter(1, 'x'.repeat(64 * 1024 * 1024))] })
    for await (const answer of retrieve([1], 'RETR')) {
      if (!('pieces' in answer)) throw new Error('refused')
      let read = 0
      for await (const piece of answer.pieces) {
        if (read === 0) await new Promise(resolve => setTimeout(resolve, 200))
        read += piece.length
        expect(received() - read).toBeLessThan(4 * 1024 * 1024)
      }
      expect(read).toBeGreaterThan(64 * 1024 * 1024)
    }
  })
})

describe('the account’s test', () => {
  test('says each step, and what POP3 does not show', async () => {
    await connect({ messages: letters(5) })
    const result = await testWith({ settings: settingsFor({}), password: server.password })
    expect(result).toMatchObject({ ok: true, mailboxes: 1, messages: 5 })
    expect(result.steps.map(({ step }) => step)).toEqual(['resolve', 'connect', 'secure', 'greeting', 'login', 'list', 'examine'])
    expect(result.steps.find(({ step }) => step === 'list')!.detail).toMatch(/without sent mail/)
  })

  test('says what the lack of UIDL means', async () => {
    await connect({ messages: letters(5), without: ['UIDL', 'TOP'], capabilities: ['USER'] })
    const result = await testWith({ settings: settingsFor({}), password: server.password })
    expect(result.steps.at(-1)!.detail).toMatch(/no UIDL.*downloads all/)
  })

  test.each<[Pop3Script, Partial<AccountSettings>, string, ErrorCode]>([
    [{ greeting: '* OK IMAP' }, {}, 'greeting', 'server-not-pop3'],
    [{ script: ({ verb }) => (verb === 'AUTH' ? { err: 'no' } : undefined) }, {}, 'login', 'auth-failed'],
    [{ script: ({ verb }) => (verb === 'AUTH' ? { err: 'enable POP first' } : undefined) }, {}, 'login', 'pop3-disabled'],
    [{ capabilities: ['USER'] }, { security: 'starttls' }, 'secure', 'starttls-missing'],
    [{ script: ({ verb }) => (verb === 'STAT' ? { err: 'no' } : undefined) }, {}, 'list', 'server-refused'],
  ])('names the step that failed: %j', async (options, more, step, code) => {
    server = await startScriptedPop3(options)
    const result = await testWith({ settings: settingsFor(more), password: server.password })
    expect(result).toMatchObject({ ok: false, error: { code } })
    expect(result.steps.at(-1)).toMatchObject({ step, ok: false })
  })

  secured('shows the certificate that is not trusted, over STLS too', async () => {
    await connect({ tls: certificate!, capabilities: ['STLS', 'USER'] }, { security: 'starttls', host: 'localhost', ca: certificate!.cert })
    const result = await testWith({ settings: settingsFor({ security: 'starttls' }), password: server.password })
    expect(result).toMatchObject({ ok: false, error: { code: 'tls-untrusted' }, certificate: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } })
  })
})

function settingsFor(more: Partial<AccountSettings>): AccountSettings {
  return { protocol: 'pop3', host: server.host, port: server.port, security: 'plain', user: server.user, ...more }
}
