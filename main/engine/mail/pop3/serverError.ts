/** What a POP3 server said, as an AppError. Its codes (RFC 2449, 3206) and its prose; sockets and certificates are the IMAP adapter's table. */
import { isUtf8 } from 'node:buffer'
import { AppError, type ErrorCode } from '../../../contract/errors.ts'
import { askedToWait, serverError, type Where } from '../imap/serverError.ts'

/** Each with the IMAP code that means the same, so that one table decides what it is to a person; `reason` goes into the facts. */
const byResponseCode: Record<string, { imap: string; reason?: Reason }> = {
  AUTH: { imap: 'AUTHENTICATIONFAILED' },
  'IN-USE': { imap: 'INUSE', reason: 'in-use' },
  'LOGIN-DELAY': { imap: 'LIMIT', reason: 'login-delay' },
  'SYS/TEMP': { imap: 'UNAVAILABLE' },
  'SYS/PERM': { imap: 'CONTACTADMIN' },
}

/** Why the server is not available: another session has the maildrop, or the last login was a short time ago. */
export type Reason = 'in-use' | 'login-delay'

/** The words of servers that have no codes. Tried before those of IMAP, which know "account locked" only as a blocked one. */
const byPhrase: { words: RegExp; code: ErrorCode; reason?: Reason }[] = [
  // Gmail "is not enabled for POP access", GMX and web.de, Zoho, QQ, o2.pl
  {
    words: /pop3?\b[^.]{0,40}(disabled|not enabled|not allowed|turned off|deactivated|switched off|not activated)|not enabled for pop|enable pop/i,
    code: 'pop3-disabled',
  },
  {
    words: /login[- ]delay|minimum (interval|time) between|too (frequent|often|soon)|wait .{0,20}before (the )?next (login|check)/i,
    code: 'server-throttled',
    reason: 'login-delay',
  },
  // qpopper "maildrop lock busy", Courier, Cyrus "mailbox is locked", Exchange "already connected", hMailServer "Your mailbox is already locked"
  {
    words:
      /mail ?(box|drop|file)[^.]{0,40}(lock|in use|busy)|(unable|can ?not|can't|failed) (to )?(get |obtain |acquire )?(an? )?(exclusive )?lock|lock(ed)? by|already (in use|locked|open|connected|logged)|another (pop3?|session|client|process)|lock busy/i,
    code: 'server-unavailable',
    reason: 'in-use',
  },
]

/** Where a server wants time between two logins and does not say how much. */
const USUAL_DELAY_MS = 5 * 60_000

export interface RefusedOptions {
  /** While logging in, an -ERR without a reason is a refused password. */
  login?: boolean
  /** Ms, where the server has stated how long it wants to be left alone after a login. */
  loginDelay?: number | null
}

/** `-ERR [AUTH] invalid password`, as it came. */
export function refused(reply: string, where: Where, { login = false, loginDelay = null }: RefusedOptions = {}): AppError {
  const { code: named, text } = statusOf(reply)
  // SYS/PERM outside a login is about one command, not about the account.
  const known = named === 'SYS/PERM' && !login ? undefined : byResponseCode[named]
  // AUTH and SYS/PERM say only that waiting does not help; the prose says what would.
  const phrase = known === undefined || named === 'AUTH' || named === 'SYS/PERM' ? byPhrase.find(({ words }) => words.test(text)) : undefined
  const says = Object.assign(new Error('refused'), {
    responseStatus: 'NO',
    responseText: text,
    ...(known && { serverResponseCode: known.imap }),
    ...(login && { authenticationFailed: true }),
  })
  const error = serverError(says, where)
  const reason = phrase?.reason ?? known?.reason
  const retryAfterMs = reason === 'login-delay' ? (loginDelay ?? (askedToWait(text) || USUAL_DELAY_MS)) : null
  const facts = { ...error.facts, ...(reason && { reason }), ...(retryAfterMs !== null && { retryAfterMs }) }
  return new AppError(phrase?.code ?? error.code, error.message, { facts, cause: error.cause })
}

export function isOk(reply: string): boolean {
  return /^\+OK\b/i.test(reply)
}

export function isError(reply: string): boolean {
  return /^-ERR\b/i.test(reply)
}

/** The code in brackets (RFC 2449 section 8; only the levels we know matter) and the text behind it, which is UTF-8 where it can be (RFC 6856). */
export function statusOf(reply: string): { code: string; text: string } {
  const [, code = '', text = ''] = /^(?:\+OK|-ERR)\s*(?:\[([^\]]{1,80})\])?\s*(.*)$/is.exec(reply) ?? []
  return { code: code.toUpperCase(), text: readable(text || reply) }
}

function readable(latin1: string): string {
  const bytes = Buffer.from(latin1, 'latin1')
  return isUtf8(bytes) ? bytes.toString('utf8') : latin1
}
