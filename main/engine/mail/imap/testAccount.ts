/** Tries an account step by step, so that a person learns which of them fails and what to change. Reads nothing but names and counts. */
import { lookup } from 'node:dns/promises'
import net from 'node:net'
import { AppError, type ErrorCode, toPlainError } from '../../../contract/errors.ts'
import type { AccountTest, AccountTestStep } from '../../../contract/types.ts'
import type { ConnectOptions, ImapSession, RemoteMailbox, TestAccount } from '../types.ts'
import { type ConnectSettings, connectWith } from './connect.ts'
import { serverError } from './serverError.ts'
import { type Certificate, offeredCertificate } from './tls.ts'

type Step = AccountTestStep['step']

/** Never throws for what a server does; `cancelled` when the signal aborts. */
export const testAccount: TestAccount = options => testWith(options)

export async function testWith(options: ConnectOptions, how: Partial<ConnectSettings> = {}): Promise<AccountTest> {
  const result: AccountTest = { ok: false, steps: [] }
  const passed = (step: Step, detail: string) => result.steps.push({ step, ok: true, detail })
  let at: Step = 'resolve'
  let session: ImapSession | null = null
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
    const mailboxes = await session.list()
    result.mailboxes = mailboxes.length
    passed('list', `${mailboxes.length} folders.`)
    at = 'examine'
    result.messages = await examineInbox(session, mailboxes, passed)
    result.ok = true
  } catch (error) {
    if (error instanceof AppError && error.code === 'cancelled') throw error
    const plain = toPlainError(error)
    result.error = plain
    result.steps.push({ step: stepOf(plain.code, at), ok: false, detail: detailOf(plain.code, plain.facts['serverSays']) })
    if (plain.code === 'tls-untrusted' || plain.code === 'tls-pin-mismatch') {
      const certificate = await offeredCertificate(options.settings)
      if (certificate) result.certificate = certificate
    }
  } finally {
    await session?.close()
  }
  return result
}

/** Also for the POP3 account's test, like the next four. */
export async function resolve({ settings: { host, port } }: ConnectOptions): Promise<string> {
  try {
    const found = await lookup(host, { all: true })
    return `${host} is ${found.map(({ address }) => address).join(', ')}.`
  } catch (error) {
    throw serverError(error, { host, port })
  }
}

const REACH_MS = 15_000

/** A connection and nothing else: tells "nobody listens there" apart from whatever goes wrong later. */
export function reach({ settings: { host, port }, signal }: ConnectOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, timeout: REACH_MS, ...(signal && { signal }) })
    const fail = (error: unknown) => {
      socket.destroy()
      reject(signal?.aborted ? new AppError('cancelled', 'cancelled') : serverError(error, { host, port }))
    }
    socket.once('error', fail)
    socket.once('timeout', () => fail(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })))
    socket.once('connect', () => {
      socket.destroy()
      resolve(`Port ${port} answers.`)
    })
  })
}

export function milestonesOf(
  { settings }: Pick<ConnectOptions, 'settings'>,
  passed: (step: Step, detail: string) => void,
  next: (step: Step) => void,
) {
  let greeting = ''
  let certificate: Certificate | null = null
  return {
    greeting: (text: string) => {
      greeting = text
    },
    certificate: (offered: Certificate) => {
      certificate = offered
    },
    secured: (protocol: string) => {
      passed(
        'secure',
        settings.security === 'plain' ? 'Not encrypted.' : `Encrypted with ${protocol}, certificate of ${certificate?.subject || 'nobody'}.`,
      )
      passed('greeting', greeting === '' ? 'The server greets.' : `The server says: ${greeting.slice(0, 200)}`)
      next('login')
    },
  }
}

async function examineInbox(session: ImapSession, mailboxes: RemoteMailbox[], passed: (step: Step, detail: string) => void): Promise<number> {
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

const stepOfCode: Partial<Record<ErrorCode, Step>> = {
  'host-not-found': 'resolve',
  'connection-refused': 'connect',
  'tls-untrusted': 'secure',
  'tls-pin-mismatch': 'secure',
  'tls-failed': 'secure',
  'starttls-missing': 'secure',
  'plaintext-refused': 'secure',
  'server-not-imap': 'greeting',
  'server-not-pop3': 'greeting',
  'auth-failed': 'login',
  'auth-needs-app-password': 'login',
  'imap-disabled': 'login',
  'pop3-disabled': 'login',
  'account-blocked': 'login',
}

/** The step a code belongs to, unless it was met later: EXAMINE, too, may be told that the account is blocked. */
export const stepOf = (code: ErrorCode, at: Step): Step => (at === 'list' || at === 'examine' ? at : (stepOfCode[code] ?? at))

const details: Partial<Record<ErrorCode, string>> = {
  'host-not-found': 'There is no server of this name.',
  offline: 'This computer has no connection to the network.',
  'connection-refused': 'The server does not accept connections on this port.',
  'connection-timeout': 'The server did not answer in time. Is the port right, and the kind of encryption?',
  'connection-lost': 'The server closed the connection.',
  'tls-untrusted': "The server's certificate is not trusted. Compare its fingerprint with what your provider states before you accept it.",
  'tls-pin-mismatch': 'The server offers another certificate than the one you accepted.',
  'tls-failed': 'No encrypted connection came about. Is the port right, and the kind of encryption?',
  'starttls-missing': 'The server does not offer STARTTLS. Nothing was sent; choose TLS.',
  'plaintext-refused': 'Without encryption the password would be readable on the way. Choose TLS or STARTTLS.',
  'server-not-imap': 'What answers there is not an IMAP server.',
  'server-not-pop3': 'What answers there is not a POP3 server.',
  'auth-failed': 'The server does not accept this user name and password.',
  'auth-needs-app-password': 'The server wants an app password or authorisation code in place of your usual password.',
  'imap-disabled': 'IMAP is switched off for this account. Switch it on in the settings of your provider.',
  'pop3-disabled': 'POP3 is switched off for this account. Switch it on in the settings of your provider.',
  'account-blocked': 'The provider has blocked this login. Log in on its web site once and look for a message.',
  'server-throttled': 'The server asks to be left alone for a while.',
  'server-unavailable': 'The server is not available at the moment.',
}

export function detailOf(code: ErrorCode, says: unknown): string {
  const detail = details[code] ?? 'The server answered in a way that cannot be worked with.'
  return typeof says === 'string' && says !== '' ? `${detail} It says: ${says}` : detail
}
