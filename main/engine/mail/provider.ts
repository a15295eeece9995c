/** Which provider a server belongs to, and what follows from it. */
import type { AccountSettings } from '../../contract/types.ts'
import { type Provider, providers } from './providers.ts'

/** What a server said of itself, where it was asked already. */
export interface Said {
  greeting?: string
  capabilities?: ReadonlySet<string>
}

/** By the host's name, else by what the server says; null for one that we know nothing of. */
export function recognise({ host }: Pick<AccountSettings, 'host'>, { greeting = '', capabilities = new Set() }: Said = {}): Provider | null {
  const name = host.toLowerCase().replace(/\.$/, '')
  return (
    providers.find(provider => hostsOf(provider).some(known => (known.startsWith('.') ? name.endsWith(known) : name === known))) ??
    providers.find(provider => (provider.capability !== undefined && capabilities.has(provider.capability)) || provider.greeting?.test(greeting)) ??
    null
  )
}

/** Small hosts allow 4 connections for a person's address, and the person reads mail, too. */
const USUAL_CONNECTIONS = 3

export const connectionsFor = (provider: Provider | null): number => provider?.connections ?? USUAL_CONNECTIONS

/** A listing of this server may leave the older messages of a folder out. */
export function showsOnlyNewest({ host }: Pick<AccountSettings, 'host'>, provider: Provider | null): number | null {
  return provider?.newestOnly && host.toLowerCase() === provider.newestOnly.host ? provider.newestOnly.messages : null
}

function hostsOf({ imap, pop3, hosts = [] }: Provider): readonly string[] {
  return [...[imap, pop3].flatMap(server => (server && !isLoopback(server.host) ? [server.host] : [])), ...hosts]
}

const isLoopback = (host: string) => host === 'localhost' || host.startsWith('127.')
