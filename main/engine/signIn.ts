/** Signing in at providers: the client ids of this profile, sign-ins that are under way, and the tokens that follow from them. */
import { randomUUID } from 'node:crypto'
import { AppError } from '../contract/errors.ts'
import type { SignInBegin, SignInClient, SignInOffer, SignInStarted } from '../contract/signIn.ts'
import type { Clock } from './base/clock.ts'
import { authorizationRequest, beginDevice, exchangeCode, type Party, refresh, type Tokens, waitForDevice } from './mail/oauth/grants.ts'
import { listenForCode } from './mail/oauth/loopback.ts'
import { authorizationServers, serverFor } from './mail/oauth/providers.ts'
import type { TokenSource } from './mail/secret.ts'
import type { Profiles } from './profiles.ts'

export interface SignIns {
  offers(): Promise<SignInOffer[]>
  /** Throws invalid-input where nobody would know where to sign in. */
  setClient(client: SignInClient): Promise<void>
  removeClient(provider: string): Promise<void>
  begin(options: SignInBegin): Promise<SignInStarted>
  /** Resolves when the person has signed in. */
  wait(id: string, signal: AbortSignal): Promise<void>
  cancel(id: string): void
  /** The secret of an account that a sign-in has brought: to be sealed as a password is. Throws not-found, and sign-in-needed. */
  secretOf(id: string): Promise<string>
  /** Tokens of an account, by its stored secret. `changed` is called with another secret where the provider has replaced it. */
  source(provider: string, secret: string, changed: (secret: string) => Promise<void>): TokenSource
  /** Whoever is still on a provider's page comes back to nobody. */
  close(): void
}

/** A person reads, looks for a second factor, and comes back. */
const PATIENCE_MS = 15 * 60_000
/** A token is not begun with in its last minute. */
const EARLY_MS = 60_000
/** Sign-ins that came to their end and were used for nothing. */
const MOST_KEPT = 20

interface UnderWay {
  provider: string
  tokens: Promise<Tokens>
  stop: AbortController
}

export function createSignIns({ profiles, clock, log }: { profiles: Profiles; clock: Clock; log(line: string): void }): SignIns {
  const underWay = new Map<string, UnderWay>()
  /** By refresh token: what it gave last, so that each connection need not ask for its own. */
  const had = new Map<string, Promise<Tokens>>()
  profiles.onChange(() => had.clear())

  const clients = async () => (await profiles.current()).settings().signInClients ?? []
  const partyOf = async (provider: string, signal?: AbortSignal): Promise<Party> => {
    const client = (await clients()).find(one => one.provider === provider)
    const server = client && serverFor(client)
    if (!client || !server) throw new AppError('sign-in-no-client', 'no client id', { facts: { provider } })
    return { client, server, clock, signal }
  }

  const find = (id: string): UnderWay => {
    const found = underWay.get(id)
    if (!found) throw new AppError('not-found', 'no such sign-in', { facts: { what: 'sign-in' } })
    return found
  }
  const keep = (provider: string, stop: AbortController, tokens: Promise<Tokens>): string => {
    const id = randomUUID()
    tokens.catch(() => {}) // told to whoever waits
    underWay.set(id, { provider, tokens, stop })
    for (const [old, { stop }] of underWay) {
      if (underWay.size <= MOST_KEPT) break
      stop.abort()
      underWay.delete(old)
    }
    return id
  }

  const byBrowser = async (party: Party, { user, goodbye }: SignInBegin, stop: AbortController): Promise<SignInStarted> => {
    const until = clock.now() + PATIENCE_MS
    const loopback = await listenForCode(party.server.loopback, goodbye)
    const request = authorizationRequest(party, loopback.redirect, user)
    const over = AbortSignal.any([stop.signal, AbortSignal.timeout(PATIENCE_MS)])
    const tokens = loopback
      .code(request.state, party.client.provider, over)
      .then(code => exchangeCode(party, code, request.verifier, loopback.redirect))
      .finally(() => loopback.close())
    return { id: keep(party.client.provider, stop, tokens), url: request.url, code: null, until }
  }

  const byDevice = async (party: Party, stop: AbortController): Promise<SignInStarted> => {
    const device = await beginDevice(party)
    const id = keep(party.client.provider, stop, waitForDevice(party, device))
    return { id, url: device.url, code: device.code, until: device.until }
  }

  /** One at a time for a refresh token: some are good for one use only. */
  const refreshed = (provider: string, secret: string, changed: (secret: string) => Promise<void>): Promise<Tokens> => {
    const next = (async () => {
      const tokens = await refresh(await partyOf(provider), secret)
      log(`a new token of ${provider}`)
      if (tokens.refresh !== null && tokens.refresh !== secret) await changed(tokens.refresh)
      return tokens
    })()
    had.set(secret, next)
    next.catch(() => had.get(secret) === next && had.delete(secret))
    return next
  }

  return {
    offers: async () => {
      const set = await clients()
      const known = authorizationServers.map(({ provider, name, hosts }) => ({ provider, name, hosts: [...hosts] }))
      const own = set
        .filter(({ provider }) => !known.some(one => one.provider === provider))
        .map(({ provider }) => ({ provider, name: provider, hosts: [] }))
      return [...known, ...own].map(offer => {
        const client = set.find(({ provider }) => provider === offer.provider)
        const server = client ? serverFor(client) : authorizationServers.find(({ provider }) => provider === offer.provider)
        return { ...offer, clientId: client?.clientId ?? null, device: (server?.deviceUrl ?? null) !== null }
      })
    },
    setClient: async client => {
      if (!serverFor(client))
        throw new AppError('invalid-input', 'no addresses', {
          facts: { problem: `"${client.provider}" is not known here: it needs the addresses to sign in at (authorize and token) and a scope.` },
        })
      await (await profiles.current()).update(settings => ({
        ...settings,
        signInClients: [...(settings.signInClients ?? []).filter(({ provider }) => provider !== client.provider), client],
      }))
      had.clear()
    },
    removeClient: async provider => {
      await (await profiles.current()).update(settings => ({
        ...settings,
        signInClients: (settings.signInClients ?? []).filter(one => one.provider !== provider),
      }))
      had.clear()
    },
    begin: async options => {
      const stop = new AbortController()
      const party = await partyOf(options.provider, stop.signal)
      return options.how === 'browser' ? await byBrowser(party, options, stop) : await byDevice(party, stop)
    },
    wait: async (id, signal) => {
      const { tokens, stop } = find(id)
      const onAbort = () => stop.abort(signal.reason)
      signal.addEventListener('abort', onAbort, { once: true })
      try {
        await tokens
      } finally {
        signal.removeEventListener('abort', onAbort)
      }
    },
    cancel: id => {
      underWay.get(id)?.stop.abort(new AppError('cancelled', 'cancelled'))
      underWay.delete(id)
    },
    secretOf: async id => {
      const { provider, tokens } = find(id)
      const got = await tokens
      if (got.refresh === null)
        throw new AppError('sign-in-needed', 'no refresh token', {
          facts: { provider, serverSays: 'no refresh token; is offline access part of the scope?' },
        })
      had.set(got.refresh, Promise.resolve(got))
      return got.refresh
    },
    close: () => {
      for (const { stop } of underWay.values()) stop.abort(new AppError('cancelled', 'closed'))
      underWay.clear()
    },
    source: (provider, secret, changed) => {
      // The provider may replace it while connections of this capture come and go.
      let present = secret
      const change = async (next: string) => {
        await changed(next)
        had.set(next, had.get(present)!)
        present = next
      }
      return {
        token: async refused => {
          const known = await had.get(present)?.catch(() => null)
          if (known && known.access !== refused && known.until - clock.now() > EARLY_MS) return known.access
          return (await refreshed(provider, present, change)).access
        },
      }
    },
  }
}
