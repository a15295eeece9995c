/** Signing in on a provider's own page (OAuth 2) in place of a password: with which client id, and how it goes. */
import { z } from 'zod'

/** `google`, `microsoft`, or a word of one's own for a server that is not known by name. */
export const signInProvider = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/)

/** https, or this computer. */
const url = z
  .string()
  .max(1000)
  .regex(/^(https:\/\/[^\s@/]+|http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?)(\/[^\s#]*)?$/)
const line = z.string().min(1).max(1000)

/**
 * What a program is to a provider. This project has none registered; whoever distributes it, or uses it, gives theirs. The secret of an installed program is
 * none (RFC 8252 8.5), and some providers want it all the same. Addresses and scope only where the provider is not known, or is reached elsewhere.
 */
export const signInClient = z.strictObject({
  provider: signInProvider,
  clientId: line,
  clientSecret: line.optional(),
  authorizeUrl: url.optional(),
  tokenUrl: url.optional(),
  deviceUrl: url.optional(),
  scope: line.optional(),
})

/** A provider that can be signed in at, and whether there is a client id for it. */
export const signInOffer = z.object({
  provider: signInProvider,
  name: z.string(),
  /** Mail servers that take this sign-in; a leading dot: whatever ends so. */
  hosts: z.array(z.string()),
  clientId: z.string().nullable(),
  /** It takes a code that is typed on another computer. */
  device: z.boolean(),
})

export const signInBegin = z.strictObject({
  provider: signInProvider,
  /** The address of the account, so that the page need not ask for it. */
  user: z.string().max(1024).optional(),
  /** `browser`: on this computer, with the answer to a port of it; `device`: a code is typed on whatever computer. */
  how: z.enum(['browser', 'device']),
  /** What the browser shows at the end, in the person's language. */
  goodbye: z.string().min(1).max(500),
})
export const signInStarted = z.object({
  id: z.string(),
  /** To be opened in a browser. */
  url: z.string(),
  /** To be typed there. */
  code: z.string().nullable(),
  /** Unix ms. */
  until: z.number().int(),
})

export type SignInClient = z.infer<typeof signInClient>
export type SignInOffer = z.infer<typeof signInOffer>
export type SignInBegin = z.infer<typeof signInBegin>
export type SignInStarted = z.infer<typeof signInStarted>
