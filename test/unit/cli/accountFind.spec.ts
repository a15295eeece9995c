/** The servers of an address, from the command line. */
import { expect, test } from 'vitest'
import type { Discovery } from '../../../main/contract/captureRules.ts'
import { anAccount, anArchive, ID, play } from './stage.ts'

const imap = { protocol: 'imap', host: 'mail.firma.pl', port: 993, security: 'tls', source: 'name', certificate: 'trusted', outside: false } as const
const pop3 = { ...imap, protocol: 'pop3', port: 110, security: 'starttls', source: 'srv', certificate: 'later' } as const
const found = (change: Partial<Discovery> = {}): Discovery => ({
  domain: 'firma.pl',
  provider: null,
  servers: [imap, pop3],
  unanswered: false,
  ...change,
})
const env = { MAILCOFFER_PASSWORD: 'the password', MAILCOFFER_ACCOUNT_PASSWORD: 'of the account' }

function run(discovery: Discovery, ...argv: string[]) {
  const answers = {
    'account.discover': () => discovery,
    'account.providers': () => [
      {
        id: 'gmail',
        name: 'Gmail',
        domains: [],
        imap: { host: 'imap.gmail.com', port: 993, security: 'tls' as const },
        pop3: null,
        hints: ['app-password' as const],
      },
      {
        id: 'short',
        name: 'Short',
        domains: ['short.example'],
        imap: { host: 'imap.short.example', port: 993, security: 'tls' as const },
        pop3: null,
        hints: ['short-user' as const],
      },
    ],
    'account.set': () => anArchive({ account: anAccount }),
  }
  return play(['account', ...argv], { values: { archives: [anArchive({ account: undefined })] }, answers, env })
}

test('what is found is listed, with the reason', async () => {
  const { code, out, calls } = await run(found({ servers: [{ ...imap, certificate: 'untrusted' }, pop3] }), 'find', 'ola@firma.pl')
  expect(code).toBe(0)
  expect(calls.at(-1)).toEqual({ name: 'account.discover', input: { address: 'ola@firma.pl' } })
  expect(out).toMatch(/IMAP +mail\.firma\.pl:993 +tls +it answers under a usual name; its certificate is not trusted for this name/)
  expect(out).toMatch(/POP3 +mail\.firma\.pl:110 +starttls +firma\.pl names it/)
})

test('that nothing is found is no error, and said', async () => {
  const { code, out } = await run(found({ servers: [] }), 'find', 'ola@firma.pl')
  expect(code).toBe(0)
  expect(out).toBe('No mail server was found for firma.pl. Ask your provider which it is.\n')
})

test('that nobody could be asked is not said to be that there is none', async () => {
  const nobody = found({ servers: [], unanswered: true })
  const { out } = await run(nobody, 'find', 'ola@firma.pl')
  expect(out).toBe('The server of firma.pl could not be looked for: no name server answers. Check that this computer is online, and try again.\n')
  const { err } = await run(nobody, 'add', 'Work', '--user', 'ola@firma.pl')
  expect(err).toMatch(/no name server answers.*--imap HOST:PORT/s)
})

test('an account without a server gets the one of its address, and it is said which', async () => {
  const { code, err, calls } = await run(found(), 'add', 'Work', '--user', 'ola@firma.pl')
  expect(code).toBe(0)
  expect(err).toContain('Found: IMAP at mail.firma.pl:993, tls.\n')
  expect(calls.at(-1)).toEqual({
    name: 'account.set',
    input: {
      archive: ID,
      settings: { protocol: 'imap', host: 'mail.firma.pl', port: 993, security: 'tls', user: 'ola@firma.pl' },
      password: 'of the account',
    },
  })
})

test('a provider that keeps the mail of the domain says what it wants', async () => {
  const { out, calls } = await run(
    found({ provider: 'gmail', servers: [{ ...imap, host: 'imap.gmail.com', source: 'mx' }] }),
    'add',
    'Work',
    '--user',
    'ola@firma.pl',
  )
  expect(out).toMatch(/app password/)
  expect(calls.at(-1)!.input).toMatchObject({ settings: { host: 'imap.gmail.com', user: 'ola@firma.pl' } })
})

test('a server that does not greet is not taken, though its provider has one', async () => {
  const { err, out, calls } = await run(
    found({ provider: 'gmail', servers: [{ ...pop3, host: 'pop.gmail.com', port: 995, security: 'tls', source: 'mx' }] }),
    'add',
    'Work',
    '--user',
    'ola@firma.pl',
  )
  expect(err).toContain('Found: POP3 at pop.gmail.com:995, tls.\n')
  expect(out).toMatch(/app password/)
  expect(calls.at(-1)!.input).toMatchObject({ settings: { protocol: 'pop3', host: 'pop.gmail.com', port: 995 } })
})

test.each([
  ['found', []],
  ['known by name', ['--provider', 'gmail']],
])('who wants another protection gets its port, at a server that is %s', async (_, how) => {
  const { calls } = await run(found(), 'add', 'Work', '--user', 'ola@firma.pl', '--security', 'starttls', ...how)
  expect(calls.at(-1)!.input).toMatchObject({ settings: { protocol: 'imap', port: 143, security: 'starttls' } })
})

test('a server outside of the domain is not taken before somebody says that it is the right one', async () => {
  const away = { ...imap, host: 'mail.elsewhere.example', source: 'srv', outside: true } as const
  expect((await run(found({ servers: [away] }), 'find', 'ola@firma.pl')).out).toMatch(/firma\.pl names it; it is outside of firma\.pl/)
  const { code, err, calls } = await run(found({ servers: [away] }), 'add', 'Work', '--user', 'ola@firma.pl')
  expect(code).not.toBe(0)
  expect(err).toMatch(/outside of it.*--imap mail\.elsewhere\.example:993 --security tls/s)
  expect(calls.map(({ name }) => name)).not.toContain('account.set')
})

test.each([
  ['found', 'ola@short.example', []],
  ['named', 'ola@short.example', ['--provider', 'short']],
])('where the user name is the part before the @ it is that, of a provider that is %s', async (_, user, how) => {
  const servers = [{ ...imap, host: 'imap.short.example', source: 'provider' as const }]
  const { calls } = await run(found({ domain: 'short.example', provider: 'short', servers }), 'add', 'Work', '--user', user, ...how)
  expect(calls.at(-1)!.input).toMatchObject({ settings: { host: 'imap.short.example', user: 'ola' } })
})

test('what only POP3 has asks for POP3', async () => {
  const { calls } = await run(found(), 'add', 'Work', '--user', 'ola@firma.pl', '--recent')
  expect(calls.at(-1)!.input).toMatchObject({ settings: { protocol: 'pop3', port: 110, security: 'starttls', recent: true } })
})

test('where none is found nothing is changed, and it is said what to do', async () => {
  const { code, err, calls } = await run(found({ servers: [] }), 'add', 'Work', '--user', 'ola@firma.pl')
  expect(code).not.toBe(0)
  expect(err).toMatch(/No mail server was found for firma\.pl\..*--imap HOST:PORT/s)
  expect(calls.map(({ name }) => name)).not.toContain('account.set')
})

test('a server that was named is not looked for', async () => {
  const { calls } = await run(found(), 'add', 'Work', '--user', 'ola@firma.pl', '--imap', 'imap.example.org:993')
  expect(calls.map(({ name }) => name)).not.toContain('account.discover')
})
