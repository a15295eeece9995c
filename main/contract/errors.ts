/**
 * Every error a person can meet has a code here. Codes are grouped by who can act on them;
 * the renderer and the command line have three sentences for each (what happened, what is safe, what to do).
 */
export const errorGroups = {
  /** You, at the server: your password, your provider's settings. */
  account: [
    'auth-failed',
    'auth-needs-app-password',
    'imap-disabled',
    'pop3-disabled',
    'account-blocked',
    'gmail-no-all-mail',
    'gmail-limited',
    'newest-only',
    'tls-untrusted',
    'tls-pin-mismatch',
    'plaintext-refused',
    'sign-in-needed',
    'sign-in-no-client',
  ],
  /** The server. */
  server: [
    'server-refused',
    'server-unavailable',
    'server-throttled',
    'server-lied',
    'server-not-imap',
    'server-not-pop3',
    'starttls-missing',
    'mailbox-unavailable',
    'message-unavailable',
    'mailbox-full',
    'message-too-big',
    'message-refused',
    'mailbox-read-only',
    'message-has-nul',
    'message-changed',
  ],
  /** The network between. */
  network: ['offline', 'host-not-found', 'connection-refused', 'connection-timeout', 'connection-lost', 'tls-failed'],
  /** You, at this computer. */
  here: [
    'wrong-password',
    'wrong-recovery-code',
    'weak-password',
    'profile-missing',
    'profile-exists',
    'profile-locked',
    'no-keychain',
    'archive-in-use',
    'archive-unknown',
    'archive-locked',
    'name-taken',
    'account-missing',
    'folder-not-empty',
    'archive-is-copy',
    'drive-unreliable',
    'import-unreadable',
    'not-found',
    'read-only',
    'permission-denied',
    'disk-full',
    'destination-missing',
    'destination-other',
    'invalid-input',
    'runtime-too-old',
    'cancelled',
    'interrupted',
    'day-budget',
    'day-budget-up',
    'over-day-limit',
    'on-battery',
    'on-metered',
    'account-on-hold',
    'over-size-limit',
  ],
  /** The archive's files. */
  archive: [
    'not-an-archive',
    'newer-format',
    'keyring-damaged',
    'keyring-excessive',
    'record-damaged',
    'segment-missing',
    'log-truncated',
    'log-forked',
    'index-damaged',
    'message-unknown',
  ],
  /** Us. */
  us: ['internal', 'engine-crashed', 'byte-check-failed', 'parse-failed', 'parse-timeout', 'contract-violation'],
} as const

export type ErrorGroup = keyof typeof errorGroups
export type ErrorCode = (typeof errorGroups)[ErrorGroup][number]

export const errorCodes: readonly ErrorCode[] = Object.values(errorGroups).flat()

/** Facts a sentence for people may name: a path, a host, a count. Never a secret, never mail content. */
export type ErrorFacts = Readonly<Record<string, string | number | boolean>>

/** What crosses a process boundary in place of an AppError. */
export interface PlainError {
  code: ErrorCode
  message: string
  facts: ErrorFacts
}

/** The one error class. `message` is for logs and developers; people read the sentences of `code`, filled with `facts`. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly facts: ErrorFacts

  constructor(code: ErrorCode, message: string, options: { facts?: ErrorFacts; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.facts = options.facts ?? {}
  }
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && (errorCodes as readonly string[]).includes(value)
}

export function groupOf(code: ErrorCode): ErrorGroup {
  for (const [group, codes] of Object.entries(errorGroups)) if ((codes as readonly string[]).includes(code)) return group as ErrorGroup
  return 'us'
}

/** Anything thrown, made safe to send: unknown errors become `internal` and keep only their message. */
export function toPlainError(error: unknown): PlainError {
  if (error instanceof AppError) return { code: error.code, message: error.message, facts: error.facts }
  if (error instanceof Error && error.name === 'AbortError') return { code: 'cancelled', message: 'cancelled', facts: {} }
  return { code: 'internal', message: error instanceof Error ? error.message : String(error), facts: {} }
}

export function fromPlainError(plain: PlainError): AppError {
  return new AppError(isErrorCode(plain.code) ? plain.code : 'internal', plain.message, { facts: plain.facts })
}
