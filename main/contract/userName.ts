import type { ProviderOffer } from './captureRules.ts'

/** What a provider wants as the user name for one of its addresses: some want the part before the @. Whatever is no address of theirs stays as it is. */
export function userNameAt({ hints, domains }: Pick<ProviderOffer, 'hints' | 'domains'>, user: string): string {
  const [, local, domain] = /^([^@]+)@([^@]+)$/.exec(user.trim()) ?? []
  return hints.includes('short-user') && local && domain && domains.includes(domain.toLowerCase()) ? local : user
}
