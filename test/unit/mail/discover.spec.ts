import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { type DiscoverDeps, discover, type Greeting, greets, network } from '../../../main/engine/mail/discover.ts'
import { makeCertificate, opensslMissing } from '../../help/dovecot.ts'
import { startScriptedDns, type Zone } from '../../help/scriptedDns.ts'
import { startScriptedImap } from '../../help/scriptedImap.ts'
import { startScriptedPop3 } from '../../help/scriptedPop3.ts'

const signal = () => new AbortController().signal

/** A network in which these servers greet; everything else is not there. */
function world(greeting: Record<string, Greeting>, names: Partial<DiscoverDeps> = {}) {
  const asked: string[] = []
  const deps: DiscoverDeps = {
    srv: async () => [],
    mx: async () => [],
    greets: async ({ host, port }, protocol) => {
      asked.push(`${protocol} ${host}:${port}`)
      return greeting[`${host}:${port}`] ?? null
    },
    ...names,
  }
  return { deps, asked }
}
const places = ({ servers }: Awaited<ReturnType<typeof discover>>) =>
  servers.map(({ protocol, host, port, security }) => `${protocol} ${host}:${port} ${security}`)

describe('the servers of an address', () => {
  test('are known by name where the provider is, and nothing is asked for', async () => {
    const { deps, asked } = world({})
    const found = await discover(' ala@Gmail.com ', signal(), deps)
    expect(found).toMatchObject({ domain: 'gmail.com', provider: 'gmail' })
    expect(places(found)).toEqual(['imap imap.gmail.com:993 tls', 'pop3 pop.gmail.com:995 tls'])
    expect(asked).toEqual([])
  })

  test('are those that the domain names, before names that are usual, if they greet', async () => {
    const srv = async (name: string) =>
      name === '_imaps._tcp.firma.pl'
        ? [
            { name: 'second.host.pl', port: 993, priority: 20, weight: 0 },
            { name: 'First.Host.PL.', port: 1993, priority: 10, weight: 0 },
          ]
        : []
    const all = {
      'first.host.pl:1993': 'trusted',
      'second.host.pl:993': 'trusted',
      'imap.firma.pl:993': 'trusted',
      'mail.firma.pl:995': 'trusted',
    } as const
    const found = await discover('biuro@firma.pl', signal(), world(all, { srv }).deps)
    expect(places(found)).toEqual(['imap first.host.pl:1993 tls', 'pop3 mail.firma.pl:995 tls'])
    expect(found.servers.map(({ source }) => source)).toEqual(['srv', 'name'])
    const { 'first.host.pl:1993': _, ...others } = all
    expect(places(await discover('biuro@firma.pl', signal(), world(others, { srv }).deps))[0]).toBe('imap second.host.pl:993 tls')
  })

  test('are those of the provider that takes the mail of the domain', async () => {
    const mx = async () => ['aspmx.l.google.com']
    const found = await discover(
      'ada@small-firm.com',
      signal(),
      world({ 'imap.gmail.com:993': 'trusted', 'pop.gmail.com:995': 'trusted' }, { mx }).deps,
    )
    expect(found.provider).toBe('gmail')
    expect(found.servers.map(({ host, source }) => [host, source])).toEqual([
      ['imap.gmail.com', 'mx'],
      ['pop.gmail.com', 'mx'],
    ])
  })

  test('of a domain whose mail a program on this computer opens are that program, which need not run yet', async () => {
    const { deps, asked } = world({}, { mx: async () => ['mail.protonmail.ch'] })
    const found = await discover('ada@small-firm.com', signal(), deps)
    expect(found).toMatchObject({ provider: 'proton', servers: [{ protocol: 'imap', host: '127.0.0.1', port: 1143, certificate: 'later' }] })
    expect(asked).toEqual([])
  })

  test('have the usual names, or that of the host that takes the mail; TLS from the first byte before STARTTLS', async () => {
    const mx = async () => ['s12.hosting.pl']
    const { deps, asked } = world({ 's12.hosting.pl:993': 'trusted', 'imap.firma.pl:143': 'later', 'pop.firma.pl:110': 'later' }, { mx })
    expect(places(await discover('a@firma.pl', signal(), deps))).toEqual(['imap s12.hosting.pl:993 tls', 'pop3 pop.firma.pl:110 starttls'])
    expect((await discover('a@firma.pl', signal(), deps)).servers.map(({ source, outside }) => [source, outside])).toEqual([
      ['mx', true],
      ['name', false],
    ])
    expect(asked).toContain('imap mail.firma.pl:993')
    expect(asked.filter(each => /:(143|993)$/.test(each)).every(each => each.startsWith('imap '))).toBe(true)
  })

  test('a certificate for the name counts for more than what comes first, and one for another name is said', async () => {
    const both = world({ 'imap.firma.pl:993': 'untrusted', 'mail.firma.pl:993': 'trusted' })
    expect(places(await discover('a@firma.pl', signal(), both.deps))).toEqual(['imap mail.firma.pl:993 tls'])
    const one = world({ 'imap.firma.pl:993': 'untrusted', 'imap.firma.pl:143': 'later' })
    expect((await discover('a@firma.pl', signal(), one.deps)).servers).toMatchObject([{ host: 'imap.firma.pl', port: 993, certificate: 'untrusted' }])
  })

  test('names that are nobody’s are not asked for, and none are found', async () => {
    for (const address of ['a@firma.example', 'a@example.com', 'a@mail.test', 'a@printer.local', 'a@x.invalid']) {
      const note = async (name: string) => {
        asked.push(name)
        return []
      }
      const { deps, asked } = world({}, { srv: note, mx: note })
      expect(await discover(address, signal(), deps)).toEqual({ domain: address.slice(2), provider: null, servers: [], unanswered: false })
      expect(asked).toEqual([])
    }
  })

  test('what a name server says is taken for a host only if it looks like one', async () => {
    const srv = async (name: string) =>
      name.startsWith('_imaps')
        ? ['', '.', '127.0.0.1', '-x.pl', 'a b.pl', 'x.pl/y', 'localhost'].map(name => ({ name, port: 993, priority: 1, weight: 1 }))
        : []
    const { deps, asked } = world({}, { srv })
    await discover('a@firma.pl', signal(), deps)
    expect(asked.filter(each => !each.includes('firma.pl'))).toEqual([])
  })

  test('a domain in another script is asked for in its ASCII form', async () => {
    expect((await discover('a@żółw.pl', signal(), world({ 'imap.xn--w-uga1v8h.pl:993': 'trusted' }).deps)).servers).toMatchObject([
      { host: 'imap.xn--w-uga1v8h.pl' },
    ])
  })

  test.each(['ala', 'ala@', 'ala@localhost', 'ala@1 2.pl', '@'])('"%s" is no address', async address => {
    await expect(discover(address, signal(), world({}).deps)).rejects.toMatchObject({ code: 'invalid-input' })
  })

  test('none found while no name server answers is said to be that, and not that there is none', async () => {
    const silent = { srv: async () => null, mx: async () => null }
    expect(await discover('a@firma.pl', signal(), world({}, silent).deps)).toEqual({
      domain: 'firma.pl',
      provider: null,
      servers: [],
      unanswered: true,
    })
    expect(await discover('a@firma.pl', signal(), world({}, { ...silent, mx: async () => [] }).deps)).toMatchObject({
      servers: [],
      unanswered: false,
    })
    const greeting = await discover('a@firma.pl', signal(), world({ 'imap.firma.pl:993': 'trusted' }, silent).deps)
    expect(greeting).toMatchObject({ servers: [{ host: 'imap.firma.pl' }], unanswered: false })
  })

  test('who gives up meanwhile gets no answer', async () => {
    const giving = new AbortController()
    const givesUp = async () => {
      giving.abort()
      return []
    }
    const { deps } = world({}, { mx: givesUp })
    await expect(discover('a@firma.pl', giving.signal, deps)).rejects.toMatchObject({ code: 'cancelled' })
  })
})

test('a name server is asked for the records of RFC 6186 and for MX; one that does not answer costs seconds, not the search', async () => {
  const zone: Zone = {
    srv: { '_imaps._tcp.firma.pl': [{ priority: 0, weight: 1, port: 993, target: 'imap.hosting.pl' }] },
    mx: {
      'firma.pl': [
        { priority: 20, exchange: 'backup.hosting.pl' },
        { priority: 10, exchange: 'mx1.hosting.pl' },
      ],
    },
  }
  const dns = await startScriptedDns(zone)
  const { srv, mx } = network(signal(), [dns.address])
  expect(await srv('_imaps._tcp.firma.pl')).toMatchObject([{ name: 'imap.hosting.pl', port: 993 }])
  expect(await srv('_pop3s._tcp.firma.pl')).toEqual([])
  expect(await mx('firma.pl')).toEqual(['mx1.hosting.pl', 'backup.hosting.pl'])
  expect(await mx('other.pl')).toEqual([])
  expect(dns.asked).toEqual(['_imaps._tcp.firma.pl', '_pop3s._tcp.firma.pl', 'firma.pl', 'other.pl'])
  await dns.stop()
  expect(await mx('firma.pl')).toBeNull()
  expect(await srv('_imaps._tcp.firma.pl')).toBeNull()
})

describe('what listens there', () => {
  const dir = mkdtempSync(join(tmpdir(), 'mailcoffer-discover-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  const certificate = opensslMissing ? null : { cert: makeCertificate(dir), key: readFileSync(join(dir, 'key.pem'), 'utf8') }

  test('greets as its protocol, or it is nothing', async () => {
    const imap = await startScriptedImap({})
    const pop3 = await startScriptedPop3({})
    onTestFinished(async () => {
      await imap.close()
      await pop3.close()
    })
    const at = (port: number) => ({ host: '127.0.0.1', port, security: 'starttls' as const })
    expect(await greets(at(imap.port), 'imap')).toBe('later')
    expect(await greets(at(pop3.port), 'pop3')).toBe('later')
    expect(await greets(at(imap.port), 'pop3')).toBeNull()
    expect(await greets(at(pop3.port), 'imap')).toBeNull()
  })

  test.skipIf(!certificate)('shows a certificate that is trusted or not', async () => {
    const imap = await startScriptedImap({ tls: { ...certificate!, implicit: true } })
    onTestFinished(() => imap.close())
    const server = { host: 'localhost', port: imap.port, security: 'tls' as const }
    expect(await greets(server, 'imap', { ca: certificate!.cert })).toBe('trusted')
    expect(await greets(server, 'imap')).toBe('untrusted')
    // Nothing there speaks TLS.
    const plain = await startScriptedImap({})
    onTestFinished(() => plain.close())
    expect(await greets({ ...server, port: plain.port }, 'imap', { timeoutMs: 500 })).toBeNull()
  })

  test('is nothing where nobody listens, says nothing, talks for ever, or is not waited for', async () => {
    const talk = 'x'.repeat(5_000)
    const mute = net.createServer(() => {})
    const talker = net.createServer(socket => void socket.on('error', () => {}).write(talk))
    const ports = await Promise.all(
      [mute, talker].map(server => new Promise<number>(go => server.listen(0, '127.0.0.1', () => go((server.address() as net.AddressInfo).port)))),
    )
    onTestFinished(() => void [mute, talker].map(server => server.close()))
    const at = (port: number) => ({ host: '127.0.0.1', port, security: 'starttls' as const })
    expect(await greets(at(ports[0]!), 'imap', { timeoutMs: 100 })).toBeNull()
    expect(await greets(at(ports[1]!), 'imap')).toBeNull()
    const giving = new AbortController()
    const waiting = greets(at(ports[0]!), 'imap', { signal: giving.signal })
    giving.abort()
    expect(await waiting).toBeNull()
    expect(await greets(at(1), 'imap')).toBeNull()
  })
})
