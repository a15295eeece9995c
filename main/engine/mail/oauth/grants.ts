/** The three ways to a token: a code from the browser (RFC 6749 4.1 with PKCE, RFC 7636), a code typed elsewhere (RFC 8628), and the refresh token that both leave. */
import { createHash, randomBytes } from 'node:crypto'
import { AppError } from '../../../contract/errors.ts'
import type { SignInClient } from '../../../contract/signIn.ts'
import type { Clock } from '../../base/clock.ts'
import { type Answer, ask } from './ask.ts'
import type { AuthorizationServer } from './providers.ts'

export interface Party {
  client: SignInClient
  server: AuthorizationServer
  clock: Clock
  signal?: AbortSignal | undefined
}

export interface Tokens {
  access: string
  /** When `access` is good for nothing any more, Unix ms. */
  until: number
  /** Another one than before; null where the one before stays good. */
  refresh: string | null
}

export interface Request {
  url: string
  verifier: string
  state: string
}

/** The page on which a person says yes. */
export function authorizationRequest({ client, server }: Party, redirect: string, user: string | undefined): Request {
  const verifier = randomBytes(48).toString('base64url')
  const state = randomBytes(24).toString('base64url')
  const url = new URL(server.authorizeUrl)
  const said = {
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: redirect,
    scope: server.scope,
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...(user && { login_hint: user }),
    ...server.more,
  }
  for (const [name, value] of Object.entries(said)) url.searchParams.set(name, value)
  return { url: url.href, verifier, state }
}

export function exchangeCode(party: Party, code: string, verifier: string, redirect: string): Promise<Tokens> {
  return tokens(party, { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: redirect }, [code, verifier])
}

/** Throws sign-in-needed where the person has to sign in again. */
export function refresh(party: Party, token: string): Promise<Tokens> {
  return tokens(party, { grant_type: 'refresh_token', refresh_token: token, scope: party.server.scope }, [token])
}

export interface DeviceCode {
  /** Ours; nobody sees it. */
  device: string
  /** Theirs, to be typed at `url`. */
  code: string
  url: string
  until: number
  interval: number
}

const USUAL_INTERVAL_S = 5
const USUAL_LIFE_S = 900

export async function beginDevice({ client, server, clock, signal }: Party): Promise<DeviceCode> {
  if (!server.deviceUrl)
    throw new AppError('invalid-input', 'no device codes here', {
      facts: { problem: 'This provider takes no device codes; sign in with the browser of this computer.' },
    })
  const answer = await ask(server.deviceUrl, { client_id: client.clientId, scope: server.scope }, [], signal)
  const [device, code] = [textIn(answer, 'device_code'), textIn(answer, 'user_code')]
  const url = textIn(answer, 'verification_uri_complete') ?? textIn(answer, 'verification_uri') ?? textIn(answer, 'verification_url')
  if (!device || !code || !url || !/^https?:\/\//.test(url)) throw refusal(answer, client)
  return {
    device,
    code,
    url,
    until: clock.now() + (numberIn(answer, 'expires_in') ?? USUAL_LIFE_S) * 1000,
    interval: (numberIn(answer, 'interval') ?? USUAL_INTERVAL_S) * 1000,
  }
}

/** Asks until the person has said yes or no, or the time is over. */
export async function waitForDevice(party: Party, { device, interval, until }: DeviceCode): Promise<Tokens> {
  const { client, server, clock, signal } = party
  const form = { ...clientForm(client), grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: device }
  for (let wait = interval; clock.now() + wait < until; ) {
    await clock.sleep(wait, signal)
    const answer = await ask(server.tokenUrl, form, secretsOf(client, [device]), signal)
    const error = textIn(answer, 'error')
    // RFC 8628 3.5.
    if (error === 'slow_down') wait += USUAL_INTERVAL_S * 1000
    else if (error !== 'authorization_pending') return tokensIn(answer, party)
  }
  throw new AppError('sign-in-needed', 'the code was not used in time', { facts: { provider: client.provider } })
}

async function tokens(party: Party, form: Record<string, string>, secrets: readonly string[]): Promise<Tokens> {
  const { client, server, signal } = party
  const answer = await ask(server.tokenUrl, { ...clientForm(client), ...form }, secretsOf(client, secrets), signal)
  return tokensIn(answer, party)
}

const USUAL_HOUR_S = 3600

function tokensIn(answer: Answer, { client, clock }: Party): Tokens {
  const access = textIn(answer, 'access_token')
  if (!access) throw refusal(answer, client)
  return { access, until: clock.now() + (numberIn(answer, 'expires_in') ?? USUAL_HOUR_S) * 1000, refresh: textIn(answer, 'refresh_token') }
}

const clientForm = ({ clientId, clientSecret }: SignInClient) => ({ client_id: clientId, ...(clientSecret && { client_secret: clientSecret }) })
const secretsOf = ({ clientSecret }: SignInClient, more: readonly string[]) => [...more, ...(clientSecret ? [clientSecret] : [])]

/** RFC 6749 5.2. Whatever it is, nothing goes on without the person. */
export function refusal(answer: Answer, { provider }: Pick<SignInClient, 'provider'>): AppError {
  const says = [textIn(answer, 'error'), textIn(answer, 'error_description')].filter(Boolean).join(': ')
  const facts = { provider, ...(says && { serverSays: says.replace(/\p{Cc}+/gu, ' ').slice(0, 300) }) }
  return new AppError('sign-in-needed', says || 'no token was given', { facts })
}

function textIn(answer: Answer, name: string): string | null {
  const value = answer[name]
  return typeof value === 'string' && value !== '' && value.length <= 16_000 ? value : null
}

function numberIn(answer: Answer, name: string): number | null {
  // Microsoft's older endpoints give numbers as strings.
  const value = Number(answer[name])
  return Number.isFinite(value) && value > 0 && value < 1e8 ? value : null
}
