/** What the driver throws, as one of our codes. */
import { AppError } from '../../contract/errors.ts'

const DAMAGED = /^SQLITE_(CORRUPT|NOTADB|FORMAT|CANTOPEN|CONSTRAINT|IOERR_(SHORT_READ|CORRUPTFS|DATA))/
const FULL = /^(SQLITE_FULL|ENOSPC|EDQUOT)/
const READ_ONLY = /^(SQLITE_READONLY|EROFS)/
const FORBIDDEN = /^(SQLITE_PERM|SQLITE_AUTH|EACCES|EPERM)/

/**
 * index-damaged for whatever a rebuild from the log can heal: a wrong key, a damaged page, a foreign or unknown schema, a missing file.
 * What a rebuild would meet again (a full disk, a read-only one) has its own code.
 */
export function asIndexError(error: unknown, path?: string): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error
  const code = String((error as { code?: unknown }).code ?? '')
  const options = { cause: error, ...(path !== undefined && { facts: { path } }) }
  if (FULL.test(code)) return new AppError('disk-full', `index: ${error.message}`, options)
  if (READ_ONLY.test(code)) return new AppError('read-only', `index: ${error.message}`, options)
  if (FORBIDDEN.test(code)) return new AppError('permission-denied', `index: ${error.message}`, options)
  if (DAMAGED.test(code)) return new AppError('index-damaged', `index: ${error.message}`, options)
  if (code === 'ENOENT' || code === 'ENOTDIR') return new AppError('destination-missing', `index: ${error.message}`, options)
  return error
}
