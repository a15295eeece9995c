/** Tries a POP3 account: tryAccount.ts has the steps. */
import type { PlainError } from '../../../contract/errors.ts'
import type { AccountTest } from '../../../contract/types.ts'
import { detailOf, tryAccount } from '../tryAccount.ts'
import type { ConnectOptions, TestAccount } from '../types.ts'
import { offeredCertificate } from './certificate.ts'
import { connectWith, type Pop3ConnectSettings } from './connect.ts'
import { pop3Provider } from './provider.ts'
import type { Maildrop, Pop3Session } from './types.ts'

/** Never throws for what a server does; `cancelled` when the signal aborts. */
export const testPop3Account: TestAccount = options => testWith(options)

export const testWith = (options: ConnectOptions, how: Partial<Pop3ConnectSettings> = {}): Promise<AccountTest> =>
  tryAccount<Pop3Session>(options, {
    connect: milestones => connectWith(options, milestones, how),
    look: async (session, { passed }) => {
      const drop = await session.listing()
      passed('list', 'POP3 shows the inbox only, without folders and without sent mail.')
      passed('examine', namesOf(drop, session, options))
      await session.quit()
      return { mailboxes: 1, messages: drop.messages.length }
    },
    close: session => session.close(),
    certificate: offeredCertificate,
    detail: detailFor,
  })

function namesOf({ messages, uidl }: Maildrop, { offers }: Pop3Session, { settings }: ConnectOptions): string {
  const count = `INBOX holds ${messages.length} messages${pop3Provider(settings).windowed ? ' (the part of them that this provider shows)' : ''}.`
  if (uidl) return `${count} The server names them (UIDL).`
  return `${count} The server does not name them (no UIDL): they are told apart by their ${offers.top ? 'headers (TOP)' : 'content, so each capture downloads all of them'}.`
}

function detailFor({ code, facts: { serverSays, reason } }: PlainError): string {
  const detail = detailOf(code, serverSays)
  return reason === 'in-use' ? `Another program has the mailbox open at the moment. ${detail}` : detail
}
