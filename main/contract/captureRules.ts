/**
 * How an account is captured, beyond how its server is reached: what its provider is known to want, what a person leaves out, and how much of
 * the line a capture may take.
 */
import { z } from 'zod'
import { mailboxRole, security } from './types.ts'

const bytes = z.number().int().positive()
const time = z.number().int()

const server = z.object({ host: z.string(), port: z.number().int(), security })

/**
 * What a person should know before they connect. `app-password`: an app password is needed; `two-step`: and for that, two-step verification;
 * `authorisation-code`: a code from the web settings in place of the password; `mail-password`: a password of its own for mail; `sign-in-only`: the provider takes
 * no password at all, only its own sign-in page; `switch-on`: IMAP and POP3 are off until they are switched on in the web settings; `short-user`: the user
 * name is what stands before the @; `show-in-imap`: labels can be hidden from IMAP, and folders cut to 1,000 messages; `whole-host`: the server named here shows
 * everything, the usual one only the newest 10,000 of a folder; `slow-checks`: POP3 wants 15 minutes between two looks; `part-over-pop3`: POP3
 * shows a part of the mailbox; `pop3-only`: there is no IMAP; `bridge`: a program of the provider runs on this computer.
 */
export const providerHint = z.enum([
  'app-password',
  'two-step',
  'authorisation-code',
  'mail-password',
  'sign-in-only',
  'switch-on',
  'short-user',
  'show-in-imap',
  'whole-host',
  'slow-checks',
  'part-over-pop3',
  'pop3-only',
  'bridge',
])

/** A provider that is known by name, for the form of an account. */
export const providerOffer = z.object({
  id: z.string(),
  name: z.string(),
  /** What stands behind the @ of its addresses. */
  domains: z.array(z.string()),
  imap: server.nullable(),
  pop3: server.nullable(),
  hints: z.array(providerHint),
})

/**
 * A server that greets as one of this protocol. `source`: known by name; named by the domain (SRV); the provider that takes the domain's mail (MX); a name that
 * is usual. `certificate`: for this name and of somebody who is trusted, or not; `later`: it was not looked at, a test of the account does.
 * `outside`: neither within the domain nor a known provider's. Who can forge an answer of the name system can name one, with a good certificate of its own: a person
 * has to say that it is the right one.
 */
export const foundServer = server.extend({
  protocol: z.enum(['imap', 'pop3']),
  source: z.enum(['provider', 'srv', 'mx', 'name']),
  certificate: z.enum(['trusted', 'untrusted', 'later']),
  outside: z.boolean(),
})

/** At most one server for each protocol, IMAP first. `unanswered`: none was found because nobody could be asked; no name server answers. */
export const discovery = z.object({ domain: z.string(), provider: z.string().nullable(), servers: z.array(foundServer), unanswered: z.boolean() })

/** `*` stands for any characters, also for the delimiter; capitals do not matter. */
export const mailboxPattern = z.string().trim().min(1).max(500)

/** Where a rule is null or empty, nothing is left out and nothing is limited. */
export const captureRules = z.strictObject({
  /** Mailboxes of these kinds are not captured. */
  leaveOutRoles: z.array(mailboxRole).max(20),
  /** Nor those whose name (levels joined by the delimiter) is like one of these. */
  leaveOutNames: z.array(mailboxPattern).max(200),
  /** Only mailboxes that the account is subscribed to on the server, and INBOX. A server that does not say which they are has all of them captured. */
  onlySubscribed: z.boolean(),
  /** Larger messages, as the server counts, are named in the ledger and not captured. */
  largestMessage: bytes.min(1_000).nullable(),
  bytesPerSecond: bytes.min(10_000).nullable(),
  /** `provider`: what the provider is known to allow, with room left for other programs. */
  bytesPerDay: z.union([z.literal('provider'), bytes.min(1_000_000)]).nullable(),
  /** At a time; null: what the provider is known to bear. */
  connections: z.number().int().min(1).max(8).nullable(),
  waitOnBattery: z.boolean(),
  waitOnMetered: z.boolean(),
  /** A person has paused the account, for ever or until then. */
  hold: z.object({ reason: z.string().max(200), since: time, until: time.nullable() }).nullable(),
})

export const usualRules: CaptureRules = {
  leaveOutRoles: [],
  leaveOutNames: [],
  onlySubscribed: false,
  largestMessage: null,
  bytesPerSecond: null,
  bytesPerDay: 'provider',
  connections: null,
  waitOnBattery: false,
  waitOnMetered: false,
  hold: null,
}

/** What holds for an account now. */
export const captureState = z.object({
  rules: captureRules,
  provider: z.object({ id: z.string(), name: z.string(), hints: z.array(providerHint) }).nullable(),
  /** In force: those of the rules, else of the provider. */
  connections: z.number().int(),
  bytesPerDay: bytes.nullable(),
  today: z.object({ bytes: z.number().int().nonnegative(), endsAt: time }).nullable(),
  /** The mailboxes of the archive, and which of them the rules leave out. */
  mailboxes: z.array(
    z.object({ name: z.string(), role: mailboxRole.nullable(), messages: z.number().int(), subscribed: z.boolean(), leftOut: z.boolean() }),
  ),
  /** The server refused the account; it is not asked again before something has changed. */
  refused: z.object({ code: z.string(), at: time }).nullable(),
})

/** What the shell knows of this computer; null where the system does not say. */
export const conditions = z.strictObject({ battery: z.boolean().nullable(), metered: z.boolean().nullable() })

export type ProviderHint = z.infer<typeof providerHint>
export type ProviderOffer = z.infer<typeof providerOffer>
export type FoundServer = z.infer<typeof foundServer>
export type Discovery = z.infer<typeof discovery>
export type CaptureRules = z.infer<typeof captureRules>
export type CaptureState = z.infer<typeof captureState>
export type Conditions = z.infer<typeof conditions>
