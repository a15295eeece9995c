/** What the file system says, in the codes of the contract. */
import { AppError, type ErrorCode } from '../../contract/errors.ts'

const codes: Record<string, ErrorCode> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  // FAT32 ends a file at 4 GiB, however much is free.
  EFBIG: 'disk-full',
  EROFS: 'read-only',
  EACCES: 'permission-denied',
  EPERM: 'permission-denied',
  // Somebody has it open, and goes on having it.
  EBUSY: 'permission-denied',
}

// A drive that was pulled, or a share that went away: which of these depends on the system, and on what one was doing.
const gone = ['ENOENT', 'ENOTDIR', 'EIO', 'ENXIO', 'ENODEV', 'ESTALE', 'EHOSTDOWN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTCONN', 'ETIMEDOUT', 'EBADF']

/** A handler for `.catch`: always throws, an AppError where the cause is known. `absent` is the code for ENOENT, ENOTDIR, EIO and a drive that is gone. */
export function fileError(absent: ErrorCode, path: string): (error: unknown) => never {
  return error => {
    if (error instanceof AppError) throw error
    const code = (error as NodeJS.ErrnoException).code ?? ''
    const known = codes[code] ?? (gone.includes(code) ? absent : null)
    if (known) throw new AppError(known, `${code} at ${path}`, { facts: { path }, cause: error })
    throw error
  }
}
