/** What servers say, and the code that people get sentences for. */
import { describe, expect, test } from 'vitest'
import { AppError, type ErrorCode } from '../../../../main/contract/errors.ts'
import { serverError } from '../../../../main/engine/mail/imap/serverError.ts'

const where = { host: 'imap.example.com', port: 993, secrets: ['s3cret-pass'] }
const login = (responseText: string, serverResponseCode?: string) =>
  Object.assign(new Error('Command failed'), {
    authenticationFailed: true,
    responseStatus: 'NO',
    responseText,
    ...(serverResponseCode && { serverResponseCode }),
  })

describe('a refused login:', () => {
  const cases: [ErrorCode, string, string?][] = [
    ['auth-failed', 'Invalid credentials (Failure)', 'AUTHENTICATIONFAILED'],
    ['auth-failed', 'LOGIN failed.'],
    ['auth-failed', 'password expired', 'EXPIRED'],
    ['auth-failed', 'not you', 'AUTHORIZATIONFAILED'],
    ['auth-needs-app-password', 'Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)', 'ALERT'],
    ['auth-needs-app-password', 'Invalid credentials. Please use an app password.', 'AUTHENTICATIONFAILED'],
    ['auth-needs-app-password', 'Login fail. Please using authorization code to login.'],
    ['auth-needs-app-password', '请使用授权码登录。'],
    [
      'imap-disabled',
      'Your account is not enabled for IMAP use. Please visit your Gmail settings page and enable your account for IMAP access.',
      'ALERT',
    ],
    ['imap-disabled', 'IMAP is disabled for this account', 'AUTHENTICATIONFAILED'],
    ['imap-disabled', 'You are yet to enable IMAP for your account.'],
    ['account-blocked', 'https://accounts.google.com/signin/continue', 'WEBALERT'],
    ['account-blocked', 'Please log in via your web browser: https://support.google.com/mail/accounts/answer/78754 (Failure)', 'ALERT'],
    ['account-blocked', 'ask your administrator', 'CONTACTADMIN'],
    ['plaintext-refused', 'Plaintext authentication disallowed on non-secure (SSL/TLS) connections.', 'PRIVACYREQUIRED'],
    ['server-unavailable', 'Temporary authentication failure', 'UNAVAILABLE'],
    ['server-unavailable', 'Temporary authentication failure, please try again.'],
    ['server-throttled', 'Too many simultaneous connections. (Failure)', 'ALERT'],
    ['server-throttled', 'Too many connections', 'LIMIT'],
  ]
  for (const [code, text, responseCode] of cases)
    test(`${responseCode ? `[${responseCode}] ` : ''}${text}`, () => expect(serverError(login(text, responseCode), where).code).toBe(code))
})

describe('a refused command:', () => {
  const no = (responseText: string, serverResponseCode?: string, responseStatus = 'NO') =>
    Object.assign(new Error('x'), { responseStatus, responseText, ...(serverResponseCode && { serverResponseCode }) })
  const mailbox = { ...where, mailbox: 'Sent', refusal: 'mailbox-unavailable' as const }
  const cases: [ErrorCode, string, Error, object][] = [
    ['mailbox-unavailable', 'EXAMINE of what is not there', no('no such mailbox', 'NONEXISTENT'), mailbox],
    ['mailbox-unavailable', 'EXAMINE, and no reason', no('sorry'), mailbox],
    ['account-blocked', 'EXAMINE at 163 without ID', no('EXAMINE Unsafe Login. Please contact kefu@188.com for help'), mailbox],
    ['server-throttled', 'bandwidth', no('Account exceeded command or bandwidth limits. (Failure)', 'OVERQUOTA'), mailbox],
    ['server-unavailable', 'in use', no('locked', 'INUSE'), mailbox],
    ['message-unavailable', 'FETCH, and no reason', no('cannot read'), { ...where, refusal: 'message-unavailable' }],
    ['server-refused', 'a bug', no('Internal error occurred.', 'SERVERBUG'), where],
    ['server-refused', 'BAD', no('unknown command', undefined, 'BAD'), where],
    ['server-unavailable', 'BYE', no('Server shutting down.', undefined, 'BYE'), where],
    ['auth-failed', 'Microsoft, wrong password', no('User is authenticated but not connected.', undefined, 'BAD'), where],
  ]
  for (const [code, name, error, place] of cases) test(name, () => expect(serverError(error, place as typeof where).code).toBe(code))

  test('a throttle says until when', () => {
    const error = Object.assign(new Error('x'), {
      code: 'ETHROTTLE',
      throttleReset: 299_961,
      responseStatus: 'BAD',
      responseText: 'Request is throttled. Suggested Backoff Time: 299961 milliseconds',
    })
    expect(serverError(error, where)).toMatchObject({ code: 'server-throttled', facts: { retryAfterMs: 299_961 } })
  })
})

describe('the network:', () => {
  const cases: Record<string, ErrorCode> = {
    ENOTFOUND: 'host-not-found',
    EAI_AGAIN: 'offline',
    ENETUNREACH: 'offline',
    EHOSTUNREACH: 'offline',
    ECONNREFUSED: 'connection-refused',
    ETIMEDOUT: 'connection-timeout',
    CONNECT_TIMEOUT: 'connection-timeout',
    ECONNRESET: 'connection-lost',
    NoConnection: 'connection-lost',
    ClosedAfterConnectTLS: 'connection-lost',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'tls-untrusted',
    SELF_SIGNED_CERT_IN_CHAIN: 'tls-untrusted',
    CERT_HAS_EXPIRED: 'tls-untrusted',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls-untrusted',
    ERR_TLS_CERT_ALTNAME_INVALID: 'tls-untrusted',
    ERR_SSL_WRONG_VERSION_NUMBER: 'tls-failed',
    EPROTO: 'tls-failed',
    STARTTLS_INJECTION: 'tls-failed',
    LiteralTooLarge: 'server-lied',
    ParserError13: 'server-lied',
    SOMETHING_ELSE: 'internal',
  }
  for (const [code, expected] of Object.entries(cases))
    test(`${code} is ${expected}`, () => expect(serverError(Object.assign(new Error('x'), { code }), where).code).toBe(expected))

  test('a connection that ended with a BYE that has a reason', () => {
    const error = Object.assign(new Error('x'), { code: 'ClosedAfterConnectTLS', reason: 'Too many connections from your IP' })
    expect(serverError(error, where).code).toBe('server-throttled')
    expect(serverError(Object.assign(new Error('x'), { code: 'NoConnection', reason: 'Autologout; idle for too long' }), where).code).toBe(
      'server-unavailable',
    )
  })
})

describe('its facts', () => {
  test('say where, and what the server said, in 300 characters of one line', () => {
    const { facts } = serverError(login(`no\r\n\t${'x'.repeat(500)}`), { ...where, mailbox: 'INBOX' })
    expect(facts).toMatchObject({ host: 'imap.example.com', port: 993, mailbox: 'INBOX' })
    expect(facts['serverSays']).toMatch(/^no x{290,}$/)
    expect(String(facts['serverSays']).length).toBeLessThanOrEqual(300)
  })

  test('never hold the password, even if the server repeats it', () => {
    const error = serverError(login('LOGIN anna s3cret-pass is wrong'), where)
    expect(JSON.stringify([error.facts, error.message, String(error.stack), JSON.stringify(error.cause ?? '')])).not.toContain('s3cret-pass')
  })

  test('an error of ours passes through', () => {
    const ours = new AppError('disk-full', 'x')
    expect(serverError(ours, where)).toBe(ours)
  })
})
