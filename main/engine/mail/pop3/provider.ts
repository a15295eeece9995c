/** What a provider wants of a program that reads over POP3. */
import type { AccountSettings } from '../../../contract/types.ts'
import { recognise } from '../provider.ts'

export interface Pop3Provider {
  /** The listing is a part of the mailbox: what is not in it is not gone. After QUIT, the next part comes. */
  windowed: boolean
  /** The least seconds between two logins that the provider asks for. */
  interval: number
}

export function pop3Provider({ host, recent }: Pick<AccountSettings, 'host' | 'recent'>): Pop3Provider {
  const known = recognise({ host })
  return { windowed: recent === true || known?.pop3Part === true, interval: known?.pop3Interval ?? 0 }
}

/** The name to log in with: Gmail's recent mode is part of it. */
export function loginName({ user, recent }: Pick<AccountSettings, 'user' | 'recent'>): string {
  return recent && !/^recent:/i.test(user) ? `recent:${user}` : user
}
