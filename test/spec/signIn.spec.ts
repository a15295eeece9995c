/** An account whose provider wants to be signed in at: by its own page, with a token in place of a password. Played on this computer; no provider is ever asked. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AccountSettings } from '../../main/contract/types.ts'
import type { Engine } from '../../main/engine/engine.ts'
import { cliHere, PASSWORD } from '../help/cli.ts'
import { testEngine } from '../help/engine.ts'
import { letters } from '../help/pop3Captures.ts'
import { type ScriptedAuthorization, startScriptedAuthorization } from '../help/scriptedAuthorization.ts'
import { type ScriptedImap, startScriptedImap } from '../help/scriptedImap.ts'
import { startScriptedPop3 } from '../help/scriptedPop3.ts'

const able = ['IMAP4rev1', 'SASL-IR', 'AUTH=XOAUTH2']
let profile: string
let engine: Engine
let provider: ScriptedAuthorization
let server: ScriptedImap
/** One for all: what each test is about is how its account is logged in to. */
let archive: string

const call: Engine['client']['call'] = (...args) => engine.client.call(...args)
const settings = (more: Partial<AccountSettings> = {}): AccountSettings => ({
  protocol: 'imap',
  host: server.host,
  port: server.port,
  user: server.user,
  security: 'plain',
  signIn: 'played',
  ...more,
})

async function signedIn(): Promise<string> {
  const { id, url } = await call('signIn.begin', { provider: 'played', user: 'anna', how: 'browser', goodbye: 'Good <bye>' })
  const done = call('signIn.wait', { id })
  await provider.browse(url)
  await done
  return id
}
async function captured() {
  const { id } = await call('job.capture', { archive })
  return call('job.wait', { job: id })
}

beforeAll(async () => {
  profile = await mkdtemp(join(tmpdir(), 'mailcoffer-sign-in-'))
  engine = testEngine(profile)
  await call('profile.create', { password: PASSWORD })
  archive = (await call('archive.create', { name: 'Archive' })).archive.id
})
afterAll(async () => {
  await engine.close()
  await rm(profile, { recursive: true, force: true })
})
beforeEach(async () => {
  provider = await startScriptedAuthorization()
  server = await startScriptedImap({
    capabilities: able,
    mailboxes: [{ name: 'INBOX', messages: letters(3).map(({ bytes }, i) => ({ uid: i + 1, bytes })) }],
    takes: token => provider.good.has(token),
  })
  await call('signIn.setClient', provider.client)
})
afterEach(async () => {
  await server.close()
  await provider.close()
})

describe('in the browser', () => {
  test('a person says yes, and the mail is captured with a token; the password of nobody is asked for', async () => {
    const { id, url, code } = await call('signIn.begin', { provider: 'played', user: 'anna', how: 'browser', goodbye: 'Good <bye>' })
    expect(code).toBeNull()
    const asked = new URL(url).searchParams
    expect(Object.fromEntries(asked)).toMatchObject({
      client_id: 'the-client',
      response_type: 'code',
      code_challenge_method: 'S256',
      login_hint: 'anna',
      scope: 'mail offline',
    })
    expect(asked.get('redirect_uri')).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const done = call('signIn.wait', { id })
    const page = await provider.browse(url)
    expect(page.status).toBe(200)
    expect(page.text).toContain('Good &#60;bye&#62;')
    await done
    expect(await call('account.test', { settings: settings(), signIn: id })).toMatchObject({ ok: true, messages: 3 })
    await call('account.set', { archive, settings: settings(), signIn: id })
    expect(await captured()).toMatchObject({ state: 'done', outcomes: { added: 3, failed: 0 } })
    // One exchange, and its token for both: none was asked for again.
    expect(provider.asked.map(form => form['grant_type'])).toEqual(['authorization_code'])
    expect(await call('account.test', { archive })).toMatchObject({ ok: true })
  })

  test('who answers in place of the person is not heard', async () => {
    const { id, url } = await call('signIn.begin', { provider: 'played', how: 'browser', goodbye: 'x' })
    const done = call('signIn.wait', { id })
    const forged = new URL(url)
    forged.searchParams.set('state', 'another')
    expect((await provider.browse(forged.href)).status).toBe(404)
    expect((await provider.browse(url)).status).toBe(200)
    await done
  })

  test('who says no is asked for nothing more', async () => {
    const { id, url } = await call('signIn.begin', { provider: 'played', how: 'browser', goodbye: 'x' })
    const done = call('signIn.wait', { id })
    const refused = expect(done).rejects.toMatchObject({ code: 'sign-in-needed', facts: { provider: 'played', serverSays: 'access_denied' } })
    await provider.browse(url, 'no')
    await refused
    await expect(call('account.set', { archive, settings: settings(), signIn: id })).rejects.toMatchObject({
      code: 'sign-in-needed',
    })
  })

  test('who gives up leaves no port open', async () => {
    const { id, url } = await call('signIn.begin', { provider: 'played', how: 'browser', goodbye: 'x' })
    const done = call('signIn.wait', { id })
    await call('signIn.cancel', { id })
    await expect(done).rejects.toMatchObject({ code: 'cancelled' })
    await expect
      .poll(
        () =>
          provider.browse(url).then(
            () => 'open',
            () => 'closed',
          ),
        { timeout: 5000 },
      )
      .toBe('closed')
  })
})

test('with a code that is typed on another computer', async () => {
  const { id, url, code } = await call('signIn.begin', { provider: 'played', how: 'device', goodbye: 'x' })
  expect([url.endsWith('/enter'), code]).toEqual([true, 'ABCD-EFGH'])
  const done = call('signIn.wait', { id })
  await expect.poll(() => provider.asked.length, { timeout: 5000 }).toBe(1)
  provider.allowDevice()
  await done
  expect(await call('account.test', { settings: settings(), signIn: id })).toMatchObject({ ok: true })
})

describe('a token', () => {
  test('that has come to its end is renewed, and what replaces the refresh token is kept, through a restart', async () => {
    provider.rotates = true
    provider.lifetime = 30
    await call('account.set', { archive, settings: settings(), signIn: await signedIn() })
    expect(await captured()).toMatchObject({ state: 'done' })
    expect(await captured()).toMatchObject({ state: 'done' })
    await engine.close()
    engine = testEngine(profile)
    await call('profile.unlock', { password: PASSWORD })
    expect(await captured()).toMatchObject({ state: 'done' })
    const used = provider.asked.flatMap(form => form['refresh_token'] ?? [])
    expect(used.length).toBeGreaterThanOrEqual(3)
    expect(new Set(used).size).toBe(used.length)
  })

  test('that a server takes no more before its time is renewed once', async () => {
    await call('account.set', { archive, settings: settings(), signIn: await signedIn() })
    provider.good.clear()
    expect(await captured()).toMatchObject({ state: 'done', outcomes: { failed: 0 } })
    expect(server.wire.filter(line => line.includes('AUTHENTICATE'))).toHaveLength(2)
  })

  test('that nobody renews any more stops all asking until the person signs in again; nothing is lost', async () => {
    await call('account.set', { archive, settings: settings(), signIn: await signedIn() })
    await captured()
    provider.good.clear()
    provider.refuses = { status: 400, answer: { error: 'invalid_grant', error_description: 'The grant has been revoked.' } }
    expect(await captured()).toMatchObject({
      state: 'failed',
      error: { code: 'sign-in-needed', facts: { provider: 'played', serverSays: /revoked/ } },
    })
    expect((await call('archive.status', { archive })).messages).toBe(3)
    provider.refuses = null
    await call('account.set', { archive, settings: settings(), signIn: await signedIn() })
    expect(await captured()).toMatchObject({ state: 'done' })
  })

  test('goes over POP3, too, by either mechanism', async () => {
    for (const mechanism of ['XOAUTH2', 'OAUTHBEARER']) {
      const pop = await startScriptedPop3({
        messages: letters(2),
        capabilities: ['TOP', 'UIDL', `SASL ${mechanism}`],
        takes: token => provider.good.has(token),
      })
      const over = settings({ protocol: 'pop3', port: pop.port })
      await call('account.set', { archive, settings: over, signIn: await signedIn() })
      provider.good.clear()
      expect(await captured()).toMatchObject({ state: 'done', outcomes: { failed: 0 } })
      expect(pop.wire.filter(line => line.includes('AUTH'))).toHaveLength(2)
      await pop.close()
    }
  })

  test('is sent to no server that does not ask for one, and a password to none of these accounts', async () => {
    const plain = await startScriptedImap({ capabilities: ['IMAP4rev1', 'AUTH=PLAIN'] })
    const tested = await call('account.test', { settings: settings({ port: plain.port }), signIn: await signedIn() })
    expect(tested).toMatchObject({ ok: false, error: { code: 'server-refused' } })
    expect(plain.wire.filter(line => /AUTHENTICATE|LOGIN/.test(line))).toEqual([])
    await plain.close()
    await expect(call('account.set', { archive, settings: settings(), password: 'a password' })).rejects.toMatchObject({ code: 'invalid-input' })
    const { signIn: _, ...byPassword } = settings()
    await call('account.set', { archive, settings: byPassword, password: 'a password' })
    await expect(call('account.set', { archive, settings: settings() })).rejects.toMatchObject({ code: 'sign-in-needed' })
    await expect(call('account.set', { archive, settings: byPassword, signIn: await signedIn() })).rejects.toMatchObject({ code: 'invalid-input' })
  })
})

test('without a client id nothing begins, and that is said; one is asked for only where it is wanted', async () => {
  await call('signIn.removeClient', { provider: 'played' })
  await expect(call('signIn.begin', { provider: 'microsoft', how: 'browser', goodbye: 'x' })).rejects.toMatchObject({
    code: 'sign-in-no-client',
    facts: { provider: 'microsoft' },
  })
  expect(await call('signIn.offers', {})).toMatchObject([
    { provider: 'google', clientId: null, device: false },
    { provider: 'microsoft', clientId: null, device: true },
  ])
  await expect(call('signIn.setClient', { provider: 'nobody', clientId: 'x' })).rejects.toMatchObject({ code: 'invalid-input' })
  for (const tokenUrl of ['http://example.com/token', 'http://localhost:1@example.com/token', 'ftp://x/'])
    await expect(call('signIn.setClient', { ...provider.client, tokenUrl })).rejects.toMatchObject({ code: 'invalid-input' })
})

test('through the command line: the client id, the account, and back to a password', async () => {
  await call('signIn.removeClient', { provider: 'played' })
  const { clientId, clientSecret, authorizeUrl, tokenUrl, scope } = provider.client
  const secretFile = join(profile, 'client-secret.txt')
  await writeFile(secretFile, `${clientSecret}\n`)
  // A person who opens the page that they are shown, and says yes.
  const person: Engine = {
    ...engine,
    client: {
      ...engine.client,
      call: async (name, ...rest) => {
        const answer = await engine.client.call(name, ...rest)
        if (name === 'signIn.begin') void provider.browse((answer as { url: string }).url)
        return answer
      },
    },
  }
  const cli = (...args: string[]) => cliHere(args, { profile, engine: person, env: { MAILCOFFER_ACCOUNT_PASSWORD: 'a password' } })
  const addresses = ['--authorize-url', authorizeUrl!, '--token-url', tokenUrl!, '--scope', scope!]
  expect(await cli('sign-in', 'set', 'played', '--client-id', clientId, '--client-secret-file', secretFile, ...addresses)).toMatchObject({ code: 0 })
  expect((await cli('sign-in', 'list')).stdout).toMatch(/played +played +the-client +no/)
  await rm(secretFile)
  await call('archive.create', { name: 'By terminal' })
  const at = ['--imap', `${server.host}:${server.port}`, '--security', 'plain', '--user', server.user]
  const added = await cli('account', 'add', 'By terminal', ...at, '--sign-in', 'played')
  expect(added).toMatchObject({ code: 0, stderr: expect.stringContaining(`${authorizeUrl}?`) })
  expect(await cli('account', 'test', 'By terminal')).toMatchObject({ code: 0 })
  expect(await cli('account', 'change', 'By terminal', '--sign-in', 'none')).toMatchObject({ code: 0 })
  const [account] = ((await cli('account', 'list', '--json')).json() as { accounts: { name: string; account: AccountSettings }[] }).accounts.filter(
    ({ name }) => name === 'By terminal',
  )
  expect(account!.account.signIn).toBeUndefined()
})

test('no token and no secret of a client stands in any file or log line', async () => {
  await call('account.set', { archive, settings: settings(), signIn: await signedIn() })
  provider.good.clear()
  await captured()
  const secrets = [/access-[0-9a-f]{8}/, /refresh-[0-9a-f]{8}/, /its-secret/]
  for (const entry of await readdir(profile, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const text = (await readFile(join(entry.parentPath, entry.name))).toString('latin1')
    for (const secret of secrets) expect(text, entry.name).not.toMatch(secret)
  }
})
