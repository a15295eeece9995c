/** What a copy or an export waits for, on a terminal. */
import type { AppError, ErrorCode } from '../contract/errors.ts'
import { explain } from './text.ts'

/** What is safe and what to do, for whoever looks on while the place that is written to is away, full or protected. */
export function whileWaiting(error: AppError): string {
  const { happened, safe } = explain(error)
  return `${happened} ${safe} ${goesOn[error.code] ?? 'It is tried again by itself.'}`
}

const goesOn: Partial<Record<ErrorCode, string>> = {
  'disk-full': 'Make room, and it goes on by itself.',
  'destination-missing': 'Connect the drive or share, and it goes on by itself.',
  'destination-other': 'Connect the right one, and it goes on by itself; if it was emptied, press Ctrl-C and begin anew.',
  'read-only': 'Make it writable, and it goes on by itself.',
  'permission-denied': 'Allow it, and it goes on by itself.',
}
