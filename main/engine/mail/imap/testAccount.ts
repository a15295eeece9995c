/** Tries an IMAP account: tryAccount.ts has the steps. */
import type { AccountTest } from '../../../contract/types.ts'
import { detailOf, type Steps, tryAccount } from '../tryAccount.ts'
import type { ConnectOptions, ImapSession, RemoteMailbox, TestAccount } from '../types.ts'
import { type ConnectSettings, connectWith } from './connect.ts'
import { offeredCertificate } from './tls.ts'

/** Never throws for what a server does; `cancelled` when the signal aborts. */
export const testAccount: TestAccount = options => testWith(options)

export const testWith = (options: ConnectOptions, how: Partial<ConnectSettings> = {}): Promise<AccountTest> =>
  tryAccount<ImapSession>(options, {
    connect: milestones => connectWith(options, milestones, how),
    look: async (session, steps) => {
      const mailboxes = await session.list()
      steps.passed('list', `${mailboxes.length} folders.`)
      steps.at('examine')
      return { mailboxes: mailboxes.length, messages: await examineInbox(session, mailboxes, steps) }
    },
    close: session => session.close(),
    certificate: offeredCertificate,
    detail: ({ code, facts }) => detailOf(code, facts['serverSays']),
  })

async function examineInbox(session: ImapSession, mailboxes: RemoteMailbox[], { passed }: Steps): Promise<number> {
  const inbox = mailboxes.find(({ role, selectable }) => role === 'inbox' && selectable) ?? mailboxes.find(({ selectable }) => selectable)
  if (!inbox) {
    passed('examine', 'There is no folder that can be opened.')
    return 0
  }
  const { exists } = await session.examine(inbox.raw)
  passed('examine', `${inbox.path.join('/')} holds ${exists} messages.`)
  // Where the listing came with counts, all of them; else only what was opened.
  const counted = mailboxes.flatMap(({ status }) => (status ? [status.exists] : []))
  return counted.length > 1 ? counted.reduce((sum, count) => sum + count, 0) : exists
}
