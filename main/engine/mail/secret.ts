/** What proves who an account is: a password, or a token that its provider gives out for an hour at a time. */
import { AppError } from '../../contract/errors.ts'

export interface TokenSource {
  /** An access token that is good now; with `refused`, another one than that, which a server did not take. Throws sign-in-needed, and what the network throws. */
  token(refused?: string): Promise<string>
}
export type Secret = string | TokenSource

/** As it is used for one login. */
export type Proof = { password: string; token?: never } | { token: string; password?: never }

/** Logs in by `login`; a second time with a new token where the first had come to its end before its time. */
export async function withProof<T>(secret: Secret, login: (proof: Proof) => Promise<T>): Promise<T> {
  if (typeof secret === 'string') return await login({ password: secret })
  const token = await secret.token()
  try {
    return await login({ token })
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'auth-failed') throw error
    const other = await secret.token(token)
    return await login({ token: other })
  }
}
