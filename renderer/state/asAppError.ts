import { AppError, fromPlainError, type PlainError, toPlainError } from '../../main/contract/errors.ts'

/** Whatever was thrown, or stands in a job, as something with a code that can be shown. */
export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  return fromPlainError(isPlain(error) ? error : toPlainError(error))
}

const isPlain = (error: unknown): error is PlainError => typeof error === 'object' && error !== null && 'code' in error && 'facts' in error
