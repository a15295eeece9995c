/**
 * What a server, a socket or the library said, as an AppError with a code that people have sentences for. Codes first, then phrases:
 * providers that say why only in prose are listed here with the words they use, and nowhere else.
 */
import { AppError, type ErrorCode, type ErrorFacts } from '../../../contract/errors.ts'
import { type Response, responseCode, responseText } from './client.ts'

export interface Where {
  host: string
  port: number
  mailbox?: string
  /** What a plain NO means here: mailbox-unavailable for EXAMINE, message-unavailable for FETCH. */
  refusal?: ErrorCode
  /** What response codes mean here, where that is something else than usual. */
  codes?: Readonly<Record<string, ErrorCode>>
  /** Strings that must not appear in a fact even if the server repeats them. */
  secrets?: readonly string[]
}

const SAYS_AT_MOST = 300

/** Response codes of RFC 5530, 3501, 4314, 7162, 9051 and those of Gmail and Microsoft. */
const byResponseCode: Record<string, ErrorCode> = {
  AUTHENTICATIONFAILED: 'auth-failed',
  AUTHORIZATIONFAILED: 'auth-failed',
  EXPIRED: 'auth-failed',
  PRIVACYREQUIRED: 'plaintext-refused',
  CONTACTADMIN: 'account-blocked',
  WEBALERT: 'account-blocked',
  UNAVAILABLE: 'server-unavailable',
  INUSE: 'server-unavailable',
  LIMIT: 'server-throttled',
  THROTTLED: 'server-throttled',
  // While reading, nothing can be full: it is the quota of commands or of bytes.
  OVERQUOTA: 'server-throttled',
  SERVERBUG: 'server-refused',
  CLIENTBUG: 'server-refused',
  NONEXISTENT: 'mailbox-unavailable',
  NOPERM: 'mailbox-unavailable',
  TRYCREATE: 'mailbox-unavailable',
  EXPUNGEISSUED: 'message-unavailable',
}

/** The words of providers, tried in this order. `login`: only while logging in, because the words are common. */
const byPhrase: { words: RegExp; code: ErrorCode; login?: true }[] = [
  // Gmail, Yahoo, iCloud, Fastmail; QQ and NetEase (授权码); Polish portals
  { words: /app(lication)?[- ](specific )?password|authori[sz]ation code|授权码|hasło aplikac/i, code: 'auth-needs-app-password' },
  // Gmail, GMX and web.de, Zoho, Yandex, wp.pl
  {
    words: /imap[^.]{0,40}(disabled|not enabled|not allowed|turned off|deactivated|switched off|not activated)|not enabled for imap|enable imap/i,
    code: 'imap-disabled',
  },
  // Gmail "Web login required", Microsoft "log in with your web browser", NetEase 163/126/yeah when no ID was sent
  { words: /web login required|web ?browser|unsafe login|account (is )?(locked|blocked|suspended|disabled)/i, code: 'account-blocked' },
  // Gmail, Courier, Dovecot, Exchange
  {
    words: /too many (simultaneous |concurrent )?(connections|logins|sessions)|maximum number of connections|connection (limit|count)/i,
    code: 'server-throttled',
  },
  { words: /throttl|backoff time|bandwidth limit|rate limit|exceeded command|overquota|too many (requests|commands)/i, code: 'server-throttled' },
  { words: /temporar|try again|server busy|unavailable|internal error|shutting down|maintenance/i, code: 'server-unavailable', login: true },
  // Dovecot (with OVERQUOTA or LIMIT), Exchange, Gmail: one message, and not the mailbox
  {
    words: /larger than the maximum|maximum (mail|message) size|message[^.]{0,20} too (big|large)|exceeds[^.]{0,30} size limit/i,
    code: 'message-too-big',
  },
  // Microsoft: a wrong password, or an account that may not use IMAP; nothing tells which
  { words: /authenticated but not connected/i, code: 'auth-failed' },
]

/** Node's and imapflow's own codes. */
const bySystemCode: Record<string, ErrorCode> = {
  ENOTFOUND: 'host-not-found',
  EAI_AGAIN: 'offline',
  ENETUNREACH: 'offline',
  ENETDOWN: 'offline',
  EHOSTUNREACH: 'offline',
  EADDRNOTAVAIL: 'offline',
  ECONNREFUSED: 'connection-refused',
  ETIMEDOUT: 'connection-timeout',
  CONNECT_TIMEOUT: 'connection-timeout',
  GREETING_TIMEOUT: 'connection-timeout',
  ETIMEOUT: 'connection-lost',
  ECONNRESET: 'connection-lost',
  ECONNABORTED: 'connection-lost',
  EPIPE: 'connection-lost',
  NoConnection: 'connection-lost',
  EConnectionClosed: 'connection-lost',
  StateLogout: 'connection-lost',
  ClosedAfterConnectText: 'connection-lost',
  ClosedAfterConnectTLS: 'connection-lost',
  UPGRADE_TIMEOUT: 'tls-failed',
  STARTTLS_INJECTION: 'tls-failed',
  EPROTO: 'tls-failed',
  ETHROTTLE: 'server-throttled',
  LiteralTooLarge: 'server-lied',
  LineTooLarge: 'server-lied',
  ResponseTooLarge: 'server-lied',
  UnexpectedTag: 'server-lied',
  InvalidResponse: 'server-lied',
  ResponseProcessingFailed: 'server-lied',
}

const UNTRUSTED = /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH|ERR_TLS_CERT_ALTNAME)/

/** Fields that imapflow hangs on its errors. */
interface LibraryError extends Error {
  code?: string
  response?: Response | string | false
  responseStatus?: string
  responseText?: string
  serverResponseCode?: string
  authenticationFailed?: boolean
  tlsFailed?: boolean
  throttleReset?: number
  reason?: string
  literalSize?: number
  errors?: LibraryError[]
}

/** Anything thrown while talking to a server, as an AppError. AppErrors pass through unchanged. */
export function serverError(thrown: unknown, where: Where): AppError {
  if (thrown instanceof AppError) return thrown
  const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as LibraryError
  const system = error.code ?? error.errors?.[0]?.code ?? ''
  const says = textFrom(error)
  const facts: Record<string, string | number | boolean> = { host: where.host, port: where.port }
  if (where.mailbox !== undefined) facts['mailbox'] = where.mailbox
  if (says) facts['serverSays'] = clean(says, where.secrets)
  const code = codeFor(error, system, says, where)
  const retryAfterMs = error.throttleReset || (code === 'server-throttled' || code === 'server-unavailable' ? askedToWait(says) : 0)
  if (retryAfterMs > 0) facts['retryAfterMs'] = retryAfterMs
  if (error.literalSize !== undefined) facts['literalBytes'] = error.literalSize
  return new AppError(code, message(system, facts), { facts, cause: withoutSecrets(error, where.secrets) })
}

const WAIT =
  /(?:back-?off time|try again (?:after|in)|retry (?:after|in)|wait(?: for)?)[:=\s]+(\d{1,9})\s*(milliseconds|ms|seconds?|secs?|s|minutes?|mins?|hours?|h)\b/i
const LONGEST_WAIT_MS = 24 * 60 * 60_000

/** How long the server wants to be left alone, where it says so: Exchange "Suggested Backoff Time: 299961 milliseconds", others "try again in 5 minutes". 0: it does not. */
export function askedToWait(says: string): number {
  const [, number = '0', unit = ''] = WAIT.exec(says) ?? []
  const ms = /^m(s|illi)/i.test(unit) ? 1 : /^s/i.test(unit) ? 1000 : /^m/i.test(unit) ? 60_000 : 3_600_000
  return Math.min(LONGEST_WAIT_MS, Number(number) * ms)
}

/** A tagged NO, BAD or BYE that did not come as an exception. */
export function refused(response: Response, where: Where): AppError {
  const code = responseCode(response)?.name
  return serverError(
    Object.assign(new Error('refused'), {
      responseStatus: response.command.toUpperCase(),
      responseText: responseText(response),
      ...(code && { serverResponseCode: code }),
    }),
    where,
  )
}

/** A statement of ours about what a server did. */
export function saying(code: ErrorCode, message: string, where: Where, more: ErrorFacts = {}): AppError {
  return new AppError(code, message, {
    facts: { host: where.host, port: where.port, ...(where.mailbox !== undefined && { mailbox: where.mailbox }), ...more },
  })
}

function codeFor(error: LibraryError, system: string, says: string, where: Where): ErrorCode {
  const named = error.serverResponseCode ?? (error.response && typeof error.response === 'object' ? responseCode(error.response)?.name : undefined)
  const login = error.authenticationFailed === true
  const phrase = byPhrase.find(({ words, login: only }) => words.test(says) && (!only || login || error.reason !== undefined))?.code
  const coded = where.codes?.[named?.toUpperCase() ?? ''] ?? byResponseCode[named?.toUpperCase() ?? '']
  // The prose is finer than these: "[ALERT] Application-specific password required", "[AUTHENTICATIONFAILED] IMAP is disabled",
  // "[OVERQUOTA] Account exceeded command or bandwidth limits" (Gmail).
  if (
    phrase &&
    (coded === undefined || coded === 'auth-failed' || coded === 'server-refused' || coded === 'mailbox-full' || coded === 'message-refused')
  )
    return phrase
  if (coded === 'mailbox-unavailable' && where.mailbox === undefined) return 'server-refused'
  if (coded) return coded
  if (login) return 'auth-failed'
  if (UNTRUSTED.test(system)) return 'tls-untrusted'
  if (bySystemCode[system] === 'connection-lost' && error.reason !== undefined && error.reason !== NO_REASON) return 'server-unavailable'
  if (bySystemCode[system]) return bySystemCode[system]
  if (error.tlsFailed || /^ERR_(SSL|TLS)/.test(system)) return 'tls-failed'
  if (system.startsWith('ParserError') || system === 'MAX_IMAP_NESTING_REACHED') return 'server-lied'
  if (error.responseStatus === 'NO') return where.refusal ?? 'server-refused'
  if (error.responseStatus === 'BAD') return where.refusal === 'message-unavailable' ? 'message-unavailable' : 'server-refused'
  if (error.responseStatus === 'BYE') return 'server-unavailable'
  return 'internal'
}

// What imapflow puts in place of the text of a BYE that had none.
const NO_REASON = 'Server closed connection'

function textFrom(error: LibraryError): string {
  if (error.responseText) return error.responseText
  // OpenSSL has a `reason` too, which no server said.
  if (error.reason && !error.code?.startsWith('ERR_')) return error.reason
  if (typeof error.response === 'string') return error.response
  return error.response ? responseText(error.response) : ''
}

function clean(says: string, secrets: readonly string[] = []): string {
  let text = says.replace(/\p{Cc}+/gu, ' ')
  for (const secret of secrets) if (secret.length >= 4) text = text.replaceAll(secret, '…')
  return text.trim().slice(0, SAYS_AT_MOST)
}

const message = (system: string, facts: ErrorFacts): string =>
  [facts['serverSays'] ?? '', system].filter(part => part !== '').join(' · ') || 'the connection failed'

/** imapflow keeps the command that failed on its error, masked; the cause is kept for developers only where it cannot hold a secret. */
function withoutSecrets(error: LibraryError, secrets: readonly string[] = []): unknown {
  return secrets.some(secret => secret !== '' && JSON.stringify([error.message, error.response, error.responseText]).includes(secret))
    ? undefined
    : error
}
