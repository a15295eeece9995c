/** Tries a POP3 account step by step, as imap/testAccount.ts does. Reads nothing but names and counts. */
import { AppError, toPlainError } from '../../../contract/errors.ts'
import type { AccountTest, AccountTestStep } from '../../../contract/types.ts'
import { detailOf, milestonesOf, reach, resolve, stepOf } from '../imap/testAccount.ts'
import type { ConnectOptions, TestAccount } from '../types.ts'
import { offeredCertificate } from './certificate.ts'
import { connectWith, type Pop3ConnectSettings } from './connect.ts'
import { pop3Provider } from './provider.ts'
import type { Maildrop, Pop3Session } from './types.ts'

type Step = AccountTestStep['step']

/** Never throws for what a server does; `cancelled` when the signal aborts. */
export const testPop3Account: TestAccount = options => testWith(options)

export async function testWith(options: ConnectOptions, how: Partial<Pop3ConnectSettings> = {}): Promise<AccountTest> {
  const result: AccountTest = { ok: false, steps: [] }
  const passed = (step: Step, detail: string) => result.steps.push({ step, ok: true, detail })
  let at: Step = 'resolve'
  let session: Pop3Session | null = null
  try {
    passed('resolve', await resolve(options))
    at = 'connect'
    passed('connect', await reach(options))
    at = 'secure'
    session = await connectWith(
      options,
      milestonesOf(options, passed, step => {
        at = step
      }),
      how,
    )
    passed('login', `Logged in as ${options.settings.user}.`)
    at = 'list'
    const drop = await session.listing()
    passed('list', 'POP3 shows the inbox only, without folders and without sent mail.')
    passed('examine', namesOf(drop, session, options))
    result.mailboxes = 1
    result.messages = drop.messages.length
    result.ok = true
    await session.quit()
  } catch (error) {
    if (error instanceof AppError && error.code === 'cancelled') throw error
    const plain = toPlainError(error)
    result.error = plain
    result.steps.push({ step: stepOf(plain.code, at), ok: false, detail: detailFor(plain.code, plain.facts) })
    if (plain.code === 'tls-untrusted' || plain.code === 'tls-pin-mismatch') {
      const certificate = await offeredCertificate(options.settings)
      if (certificate) result.certificate = certificate
    }
  } finally {
    session?.close()
  }
  return result
}

function namesOf({ messages, uidl }: Maildrop, { offers }: Pop3Session, { settings }: ConnectOptions): string {
  const count = `INBOX holds ${messages.length} messages${pop3Provider(settings).windowed ? ' (the part of them that this provider shows)' : ''}.`
  if (uidl) return `${count} The server names them (UIDL).`
  return `${count} The server does not name them (no UIDL): they are told apart by their ${offers.top ? 'headers (TOP)' : 'content, so each capture downloads all of them'}.`
}

function detailFor(code: Parameters<typeof detailOf>[0], { serverSays, reason }: Readonly<Record<string, unknown>>): string {
  const detail = detailOf(code, serverSays)
  return reason === 'in-use' ? `Another program has the mailbox open at the moment. ${detail}` : detail
}
