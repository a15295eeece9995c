/** Tries an account step by step, so that a person learns which of them fails and what to change. Reads nothing but names and counts. */
import { lookup } from 'node:dns/promises'
import net from 'node:net'
import { AppError, type ErrorCode, type PlainError, toPlainError } from '../../contract/errors.ts'
import type { AccountSettings, AccountTest, AccountTestStep } from '../../contract/types.ts'
import { serverError } from './imap/serverError.ts'
import type { Certificate } from './imap/tls.ts'
import type { ConnectOptions } from './types.ts'

type Step = AccountTestStep['step']
export type Milestones = ReturnType<typeof milestonesOf>

export interface Steps {
  /** It is now at this step. */
  at(step: Step): void
  passed(step: Step, detail: string): void
}

/** How one protocol takes the steps that are its own. */
export interface Trial<Session> {
  connect(milestones: Milestones): Promise<Session>
  /** After the login: lists and examines, and says what is there. Begins at 'list'. */
  look(session: Session, steps: Steps): Promise<Pick<AccountTest, 'mailboxes' | 'messages'>>
  close(session: Session): Promise<void> | void
  /** What the server offers, trusted or not; null where it offers none. */
  certificate(settings: AccountSettings): Promise<Certificate | null>
  detail(error: PlainError): string
}

/** Never throws for what a server does; `cancelled` when the signal aborts. */
export async function tryAccount<Session>(options: ConnectOptions, trial: Trial<Session>): Promise<AccountTest> {
  const result: AccountTest = { ok: false, steps: [] }
  let step: Step = 'resolve'
  const steps: Steps = {
    at: next => {
      step = next
    },
    passed: (done, detail) => result.steps.push({ step: done, ok: true, detail }),
  }
  let session: Session | null = null
  try {
    steps.passed('resolve', await resolve(options))
    steps.at('connect')
    steps.passed('connect', await reach(options))
    steps.at('secure')
    session = await trial.connect(milestonesOf(options, steps))
    steps.passed('login', `Logged in as ${options.settings.user}.`)
    steps.at('list')
    Object.assign(result, await trial.look(session, steps), { ok: true })
  } catch (error) {
    if (error instanceof AppError && error.code === 'cancelled') throw error
    const plain = toPlainError(error)
    result.error = plain
    result.steps.push({ step: stepOf(plain.code, step), ok: false, detail: trial.detail(plain) })
    if (plain.code === 'tls-untrusted' || plain.code === 'tls-pin-mismatch') {
      const certificate = await trial.certificate(options.settings)
      if (certificate) result.certificate = certificate
    }
  } finally {
    if (session !== null) await trial.close(session)
  }
  return result
}

async function resolve({ settings: { host, port } }: ConnectOptions): Promise<string> {
  try {
    const found = await lookup(host, { all: true })
    return `${host} is ${found.map(({ address }) => address).join(', ')}.`
  } catch (error) {
    throw serverError(error, { host, port })
  }
}

const REACH_MS = 15_000

/** A connection and nothing else: tells "nobody listens there" apart from whatever goes wrong later. */
function reach({ settings: { host, port }, signal }: ConnectOptions): Promise<string> {
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

function milestonesOf({ settings }: ConnectOptions, { at, passed }: Steps) {
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
      at('login')
    },
  }
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
  'sign-in-needed': 'login',
  'sign-in-no-client': 'login',
}

/** The step a code belongs to, unless it was met later: EXAMINE, too, may be told that the account is blocked. */
const stepOf = (code: ErrorCode, at: Step): Step => (at === 'list' || at === 'examine' ? at : (stepOfCode[code] ?? at))

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
  'sign-in-needed': 'The provider wants you to sign in again.',
  'sign-in-no-client': 'There is no client ID to sign in with at this provider.',
  'server-throttled': 'The server asks to be left alone for a while.',
  'server-unavailable': 'The server is not available at the moment.',
}

export function detailOf(code: ErrorCode, says: unknown): string {
  const detail = details[code] ?? 'The server answered in a way that cannot be worked with.'
  return typeof says === 'string' && says !== '' ? `${detail} It says: ${says}` : detail
}
