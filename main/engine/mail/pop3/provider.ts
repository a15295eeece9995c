/** What is known of certain hosts and the server does not say itself (shared knowledge of many clients; see docs/GUIDE.md). */
import type { AccountSettings } from '../../../contract/types.ts'

export interface Pop3Provider {
  /** The listing is a part of the mailbox: what is not in it is not gone. After QUIT, the next part comes. */
  windowed: boolean
  /** The least seconds between two logins that the provider asks for. */
  interval: number
}

const usual: Pop3Provider = { windowed: false, interval: 0 }

const byHost: { host: RegExp; provider: Partial<Pop3Provider> }[] = [
  // Lists some 250 of the oldest messages that were never retrieved, by anybody; `recent:` lists the last 30 days, retrieved or not.
  { host: /^pop3?\.(gmail|googlemail)\.com$/, provider: { windowed: true } },
  // A setting on the web page may restrict the listing to the last 30 days.
  { host: /^pop\.(exmail\.)?qq\.com$/, provider: { windowed: true } },
  { host: /(^|\.)(web\.de|gmx\.(net|de|at|ch|com))$/, provider: { interval: 15 * 60 } },
]

export function pop3Provider({ host, recent }: Pick<AccountSettings, 'host' | 'recent'>): Pop3Provider {
  const known = byHost.find(each => each.host.test(host.toLowerCase()))?.provider
  return { ...usual, ...known, ...(recent && { windowed: true }) }
}

/** The name to log in with: Gmail's recent mode is part of it. */
export function loginName({ user, recent }: Pick<AccountSettings, 'user' | 'recent'>): string {
  return recent && !/^recent:/i.test(user) ? `recent:${user}` : user
}
