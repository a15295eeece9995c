import { AppError, fromPlainError, toPlainError } from '../../main/contract/errors.ts'

/** Whatever was thrown, as something with a code that can be shown. */
export function asAppError(error: unknown): AppError {
  return error instanceof AppError ? error : fromPlainError(toPlainError(error))
}
