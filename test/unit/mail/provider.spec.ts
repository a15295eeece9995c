/** Which provider a server belongs to. */
import { describe, expect, test } from 'vitest'
import { pop3Provider } from '../../../main/engine/mail/pop3/provider.ts'
import { connectionsFor, recognise, showsOnlyNewest } from '../../../main/engine/mail/provider.ts'
import { providers } from '../../../main/engine/mail/providers.ts'

const idOf = (host: string, said?: Parameters<typeof recognise>[1]) => recognise({ host }, said)?.id ?? null

describe('a provider is recognised', () => {
  test.each([
    ['imap.gmail.com', 'gmail'],
    ['POP.GMAIL.COM', 'gmail'],
    ['outlook.office365.com', 'microsoft'],
    ['imap-mail.outlook.com', 'microsoft'],
    ['imap.mail.yahoo.com', 'yahoo'],
    ['export.imap.mail.yahoo.com', 'yahoo'],
    ['p02-imap.mail.me.com', 'icloud'],
    ['imap.126.com', '126'],
    ['imap.qiye.163.com', '163'],
    ['pop3.web.de', 'webde'],
    ['imap.gmx.net', 'gmx'],
    ['imappro.zoho.eu', 'zoho'],
    ['poczta.o2.pl', 'o2'],
    ['imap.exmail.qq.com', 'exmail'],
  ])('%s is of %s', (host, id) => expect(idOf(host)).toBe(id))

  test('by what the server says, where the host is one of a customer', () => {
    expect(idOf('mail.firm.example', { greeting: 'Coremail System IMap Server Ready' })).toBe('163')
    expect(idOf('mail.firm.example', { greeting: 'The Microsoft Exchange IMAP4 service is ready. [TQ==]' })).toBe('microsoft')
    expect(idOf('mail.firm.example', { capabilities: new Set(['IMAP4REV1', 'X-GM-EXT-1']) })).toBe('gmail')
    expect(idOf('mail.firm.example', { greeting: 'Dovecot ready.' })).toBeNull()
  })

  test('and nobody is taken for one by a name that only resembles', () => {
    for (const host of ['imap.gmail.com.example', 'notweb.de', 'example.com', 'aol.com.evil.example', '127.0.0.1', 'localhost'])
      expect(idOf(host)).toBeNull()
  })
})

describe('what is known of providers', () => {
  test('each is known by one id, and can be reached by IMAP or POP3, never without encryption', () => {
    expect(new Set(providers.map(({ id }) => id)).size).toBe(providers.length)
    for (const { imap, pop3 } of providers) {
      expect(imap ?? pop3).not.toBeNull()
      for (const server of [imap, pop3]) if (server) expect(['tls', 'starttls']).toContain(server.security)
    }
  })

  test('a domain belongs to one of them', () => {
    const domains = providers.flatMap(provider => provider.domains)
    expect(new Set(domains).size).toBe(domains.length)
  })

  test('the server of each is recognised as its own, this computer apart', () => {
    for (const { id, imap, pop3 } of providers)
      for (const server of [imap, pop3]) if (server && server.host !== '127.0.0.1') expect(idOf(server.host)).toBe(id)
  })

  test('a budget leaves room below what the provider states', () => {
    const gmail = recognise({ host: 'imap.gmail.com' })!
    expect(gmail.dayBytes!.imap).toBeLessThanOrEqual(2_500e6 * 0.8)
    expect(gmail.dayBytes!.pop3).toBeLessThanOrEqual(1_250e6 * 0.8)
  })

  test('no provider gets more connections than small hosts bear', () => {
    for (const provider of providers) expect(connectionsFor(provider)).toBeLessThanOrEqual(3)
    expect(connectionsFor(null)).toBe(3)
  })
})

describe('listings that are a part', () => {
  test('Yahoo shows the newest 10,000 of a folder at its usual host, and everything at the one for exports', () => {
    const at = (host: string) => showsOnlyNewest({ host }, recognise({ host }))
    expect(at('imap.mail.yahoo.com')).toBe(10_000)
    expect(at('export.imap.mail.yahoo.com')).toBeNull()
    expect(at('imap.example.org')).toBeNull()
  })

  test('Gmail and QQ show a part over POP3; GMX and web.de want 15 minutes between two looks', () => {
    expect(pop3Provider({ host: 'pop.gmail.com' })).toEqual({ windowed: true, interval: 0 })
    expect(pop3Provider({ host: 'pop.qq.com' })).toEqual({ windowed: true, interval: 0 })
    expect(pop3Provider({ host: 'pop.gmx.net' })).toEqual({ windowed: false, interval: 900 })
    expect(pop3Provider({ host: 'pop3.web.de' })).toEqual({ windowed: false, interval: 900 })
    expect(pop3Provider({ host: 'mail.example.org' })).toEqual({ windowed: false, interval: 0 })
    expect(pop3Provider({ host: 'mail.example.org', recent: true }).windowed).toBe(true)
  })
})
