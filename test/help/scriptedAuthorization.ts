/** An authorization server on 127.0.0.1 (RFC 6749, 7636, 8628): it gives out what a test lets it, and checks what a real one would check. */
import { createHash, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SignInClient } from '../../main/contract/signIn.ts'

export interface ScriptedAuthorization {
  /** As a person would enter it. */
  client: SignInClient
  /** Forms that came to the token endpoint. */
  asked: Record<string, string>[]
  /** Access tokens that a mail server is to take. */
  good: Set<string>
  /** What the token endpoint says in place of tokens. */
  refuses: { status: number; answer: unknown } | null
  /** Each refresh brings another refresh token, and the old one is no good any more. */
  rotates: boolean
  lifetime: number
  /** The person says yes on the page of a device code. */
  allowDevice(): void
  /** The browser of a person who says yes (or no): what it ends on. */
  browse(url: string, answer?: 'yes' | 'no'): Promise<{ status: number; text: string }>
  close(): Promise<void>
}

/** Of the answer to AUTH XOAUTH2 or OAUTHBEARER; empty where there is none. */
export const tokenIn = (answer: string): string =>
  Buffer.from(answer, 'base64')
    .toString()
    .split('\u0001')
    .find(part => part.startsWith('auth=Bearer '))
    ?.slice('auth=Bearer '.length) ?? ''

export async function startScriptedAuthorization(): Promise<ScriptedAuthorization> {
  const codes = new Map<string, { challenge: string; redirect: string }>()
  const refreshTokens = new Set<string>()
  const devices = new Map<string, boolean>()
  const give = () => {
    const access = `access-${randomUUID()}`
    const refresh = `refresh-${randomUUID()}`
    self.good.add(access)
    refreshTokens.add(refresh)
    return { token_type: 'Bearer', access_token: access, refresh_token: refresh, expires_in: self.lifetime }
  }
  const answer = (path: string, form: Record<string, string>): { status: number; answer: unknown } => {
    const bad = (error: string) => ({ status: 400, answer: { error, error_description: `said of ${error}` } })
    if (path === '/device') {
      const device = randomUUID()
      devices.set(device, false)
      return { status: 200, answer: { device_code: device, user_code: 'ABCD-EFGH', verification_uri: `${base}/enter`, expires_in: 900, interval: 1 } }
    }
    self.asked.push(form)
    if (self.refuses) return self.refuses
    if (form['client_id'] !== self.client.clientId || form['client_secret'] !== self.client.clientSecret) return bad('invalid_client')
    if (form['grant_type'] === 'authorization_code') {
      const known = codes.get(form['code'] ?? '')
      codes.delete(form['code'] ?? '')
      const challenge = createHash('sha256')
        .update(form['code_verifier'] ?? '')
        .digest('base64url')
      return known && known.challenge === challenge && known.redirect === form['redirect_uri']
        ? { status: 200, answer: give() }
        : bad('invalid_grant')
    }
    if (form['grant_type'] === 'urn:ietf:params:oauth:grant-type:device_code') {
      const allowed = devices.get(form['device_code'] ?? '')
      return allowed === undefined ? bad('invalid_grant') : allowed ? { status: 200, answer: give() } : bad('authorization_pending')
    }
    if (!refreshTokens.has(form['refresh_token'] ?? '')) return bad('invalid_grant')
    const { refresh_token, ...rest } = give()
    if (!self.rotates) return { status: 200, answer: rest }
    refreshTokens.delete(form['refresh_token']!)
    return { status: 200, answer: { ...rest, refresh_token } }
  }
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', text => {
      body += text
    })
    request.on('end', () => {
      const given = answer(new URL(request.url!, base).pathname, Object.fromEntries(new URLSearchParams(body)))
      response.writeHead(given.status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(given.answer))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const self: ScriptedAuthorization = {
    client: {
      provider: 'played',
      clientId: 'the-client',
      clientSecret: 'its-secret',
      authorizeUrl: `${base}/authorize`,
      tokenUrl: `${base}/token`,
      deviceUrl: `${base}/device`,
      scope: 'mail offline',
    },
    asked: [],
    good: new Set(),
    refuses: null,
    rotates: false,
    lifetime: 3600,
    allowDevice: () => {
      for (const device of devices.keys()) devices.set(device, true)
    },
    browse: async (url, says = 'yes') => {
      const { searchParams } = new URL(url)
      const redirect = searchParams.get('redirect_uri')!
      const code = randomUUID()
      codes.set(code, { challenge: searchParams.get('code_challenge')!, redirect })
      const back = new URL(redirect)
      back.searchParams.set('state', searchParams.get('state')!)
      if (says === 'yes') back.searchParams.set('code', code)
      else back.searchParams.set('error', 'access_denied')
      const page = await fetch(back)
      return { status: page.status, text: await page.text() }
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return self
}
