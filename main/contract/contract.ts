/**
 * All that the processes say to each other. Three kinds of entry:
 *   call   one question, one answer, can be cancelled;
 *   watch  a subscription: the present value at once, then each new one (whole values, at most 10 a second);
 *   event  something the engine says to everybody.
 * Inputs are parsed strictly where they arrive. Lists are windows of at most 500 rows. Bytes are Uint8Array.
 */
import { z } from 'zod'
import * as rules from './captureRules.ts'
import { copyId, copyLook, copyState } from './copies.ts'
import { exportRequest } from './export.ts'
import { importRequest } from './import.ts'
import * as l from './losses.ts'
import { listOrder, monthCount } from './order.ts'
import { problem, weekSummary } from './problems.ts'
import { attachmentPath, attachmentPreview, attachmentReport } from './reading.ts'
import { restorePlan, restoreRecord, restoreRequest } from './restore.ts'
import * as s from './search.ts'
import * as signIn from './signIn.ts'
import * as t from './types.ts'
import { unreadAttachment, unreadReason } from './unread.ts'

const nothing = z.strictObject({})
const archive = { archive: t.archiveId }
const secret = z.string().min(1).max(1024)
const path = z.string().min(1).max(4096)
const name = z.string().trim().min(1).max(200)
const limit = z.number().int().min(1).max(500)
const query = z.string().max(2000)

/** A search: words and operators, in these archives. `typing`: the end of it is still being typed. `locale`: a BCP 47 tag, for dates. */
const asked = {
  archives: z.array(t.archiveId).min(1).max(100),
  query,
  mailbox: t.mailboxId.nullable().optional(),
  typing: z.boolean().optional(),
  locale: z.string().max(40).optional(),
}

/** Newest first, each message a row, where nothing else is said; `conversations`: each conversation one row, its newest message in the list. Not for a loss. */
const listed = { order: listOrder.optional(), conversations: z.boolean().optional() }

const call = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) => ({ kind: 'call' as const, input, output })
const watch = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) => ({ kind: 'watch' as const, input, output })
const event = <O extends z.ZodType>(output: O) => ({ kind: 'event' as const, output })

export const contract = {
  // The engine itself
  'engine.about': call(
    nothing,
    z.object({
      version: z.string(),
      /** How the engine is run: utilityProcess, child_process, in-process. */
      transport: z.string(),
      node: z.string(),
      sqlite: z.string(),
      /** zstd where the runtime has it, else deflate. */
      codec: z.string(),
    }),
  ),

  // Profile
  'profile.status': call(nothing, t.profileStatus),
  /** keychainSecret: 32 bytes (hex) the shell keeps in the system's keychain; adds a keychain slot. */
  'profile.create': call(z.strictObject({ password: secret, keychainSecret: z.string().optional() }), t.profileStatus),
  'profile.unlock': call(z.strictObject({ password: secret.optional(), keychainSecret: z.string().optional() }), t.profileStatus),
  'profile.lock': call(nothing, t.profileStatus),
  'profile.changePassword': call(z.strictObject({ oldPassword: secret, newPassword: secret }), t.profileStatus),
  'profile.setKeychain': call(z.strictObject({ keychainSecret: z.string().nullable() }), t.profileStatus),

  // Archives
  'archive.create': call(
    z.strictObject({ name, dir: path.optional(), demo: z.boolean().optional() }),
    z.object({ archive: t.archiveSummary, recoveryCode: z.string() }),
  ),
  'archive.confirmRecovery': call(z.strictObject({ ...archive, code: secret }), t.archiveSummary),
  /** Adds an existing folder to the profile. Password or recovery code of the archive; neither where the profile already has a slot in it. */
  'archive.open': call(
    z.strictObject({ dir: path, name: name.optional(), password: secret.optional(), recoveryCode: secret.optional() }),
    t.archiveSummary,
  ),
  /** Makes the archive of what was a copy, for when the archive itself is lost: from then on it is captured into. */
  'archive.takeOver': call(z.strictObject(archive), t.archiveSummary),
  'archive.rename': call(z.strictObject({ ...archive, name }), t.archiveSummary),
  /** Takes it out of the profile's list. Its folder stays as it is. */
  'archive.close': call(z.strictObject(archive), nothing),
  /** Whether the app captures its new mail as it comes. Remembered. */
  'archive.watch': call(z.strictObject({ ...archive, on: z.boolean() }), t.archiveSummary),
  'archive.status': call(z.strictObject(archive), t.archiveStatus),
  /** Attachments whose text cannot be searched, of the newest messages first; `next`: where to go on. */
  'archive.unreadAttachments': call(
    z.strictObject({ ...archive, why: unreadReason.optional(), after: z.number().int().nullable(), limit }),
    z.object({ rows: z.array(unreadAttachment), next: z.number().int().nullable() }),
  ),
  archives: watch(nothing, z.array(t.archiveSummary)),
  /** What disappeared from the server, much at once. All of it is in the archive. */
  'archive.losses': call(z.strictObject(archive), l.archiveLosses),
  /** seen: told no more of it, and the archive stays frozen; intended: it was meant so, and rules of retention hold again. */
  'archive.answerLoss': call(z.strictObject({ ...archive, loss: l.lossNumber, answer: z.enum(['seen', 'intended']) }), l.archiveLosses),
  /** What stands between each archive and being complete; kept over restarts, each until what it concerns is solved. */
  problems: watch(nothing, z.array(problem)),
  /** Takes a job that failed off the list (`kind` job); everything else stands until it is solved. */
  'problem.dismiss': call(z.strictObject({ ...archive, key: z.string().max(500) }), nothing),
  /** What the last seven days brought. */
  'archive.week': call(z.strictObject(archive), weekSummary),
  /** Messages that could not be had are tried now, not at their time: of this mailbox, or of all (null); one where `uid` says so. Error not-found where there are none. */
  'archive.retryGaps': call(z.strictObject({ ...archive, mailbox: t.mailboxId.nullable(), uid: z.number().int().positive().optional() }), t.job),

  // Copies
  /** Makes a copy at a folder or drive, or brings the one that is there up to date; `auto`: it runs by itself from then on (default). */
  'copy.start': call(
    z.strictObject({ ...archive, to: path, full: z.boolean().optional(), patient: z.boolean().optional(), auto: z.boolean().optional() }),
    t.job,
  ),
  /** A known copy, wherever its drive is mounted now. `full`: all of it is read again. */
  /** Error folder-not-empty and others as copy.start has them; writes nothing. */
  'copy.look': call(z.strictObject({ ...archive, to: path }), copyLook),
  'copy.run': call(z.strictObject({ ...archive, copy: copyId, full: z.boolean().optional(), patient: z.boolean().optional() }), t.job),
  /** Puts back into the archive what is damaged there and whole in the copy. */
  'copy.repair': call(z.strictObject({ ...archive, copy: copyId }), t.job),
  'copy.list': call(z.strictObject(archive), z.array(copyState)),
  'copy.setAuto': call(z.strictObject({ ...archive, copy: copyId, auto: z.boolean() }), nothing),
  /** Out of the profile; its folder stays as it is. */
  'copy.forget': call(z.strictObject({ ...archive, copy: copyId }), nothing),
  copies: watch(z.strictObject(archive), z.array(copyState)),

  // Account
  /** `signIn`: one that has come to its end, in place of a password. */
  'account.set': call(
    z.strictObject({ ...archive, settings: t.accountSettings, password: secret.optional(), signIn: z.string().optional() }),
    t.archiveSummary,
  ),
  /** Tests given settings; without a password, the stored one of the archive is used. */
  'account.test': call(
    z.strictObject({
      archive: t.archiveId.optional(),
      settings: t.accountSettings.optional(),
      password: secret.optional(),
      signIn: z.string().optional(),
    }),
    t.accountTest,
  ),

  // Signing in at a provider (OAuth 2)
  'signIn.offers': call(nothing, z.array(signIn.signInOffer)),
  /** Keeps the client id of a provider in the profile. Error invalid-input where the provider is not known and no addresses are given. */
  'signIn.setClient': call(signIn.signInClient, z.array(signIn.signInOffer)),
  'signIn.removeClient': call(z.strictObject({ provider: signIn.signInProvider }), z.array(signIn.signInOffer)),
  /** Error sign-in-no-client. */
  'signIn.begin': call(signIn.signInBegin, signIn.signInStarted),
  /** Answers when the person has signed in. Error sign-in-needed where they have not. */
  'signIn.wait': call(z.strictObject({ id: z.string() }), nothing),
  'signIn.cancel': call(z.strictObject({ id: z.string() }), nothing),

  /** Providers known by name, for the form of an account. */
  'account.providers': call(nothing, z.array(rules.providerOffer)),
  /** The servers of an address, by its domain. Asks name servers and connects; sends no user name and no password. Error invalid-input for what is no address. */
  'account.discover': call(z.strictObject({ address: z.string().trim().min(3).max(320) }), rules.discovery),
  /** How the account is captured, and what holds for it now. */
  'account.rules': call(z.strictObject(archive), rules.captureState),
  /** Changes what is named. What is stored in the archive is never touched by it. */
  'account.setRules': call(z.strictObject({ ...archive, change: rules.captureRules.partial() }), rules.captureState),
  /** The shell says what the system tells of power and network. */
  'engine.conditions': call(rules.conditions, nothing),

  // Reading
  mailboxes: watch(z.strictObject(archive), z.array(t.mailbox)),
  'message.window': call(
    z.strictObject({
      ...archive,
      /** Null: every message of the archive. */
      mailbox: t.mailboxId.nullable(),
      /** What disappeared from the server in this loss, in place of a mailbox. */
      loss: l.lossNumber.optional(),
      ...listed,
      /** Start after or before this row; null: from the beginning of the list, or from its end when direction is 'before'. */
      from: t.cursor.nullable(),
      direction: z.enum(['after', 'before']),
      limit,
    }),
    t.messageWindow,
  ),
  /** The row at a fraction (0 first … 1 last) of a list, for a scroll bar's thumb; an estimate where conversations are one row each. */
  'message.at': call(
    z.strictObject({
      ...archive,
      mailbox: t.mailboxId.nullable(),
      loss: l.lossNumber.optional(),
      ...listed,
      fraction: z.number().min(0).max(1),
      limit,
    }),
    t.messageWindow.extend({ position: z.number().int() }),
  ),
  /** How many messages of a list are from each month; the oldest first. */
  'message.months': call(z.strictObject({ ...archive, mailbox: t.mailboxId.nullable() }), z.object({ months: z.array(monthCount) })),
  /** How many messages of a list are older than a moment, and how many are not: where a date is in the list. */
  'message.position': call(
    z.strictObject({ ...archive, mailbox: t.mailboxId.nullable(), time: z.number().int() }),
    z.object({ older: z.number().int(), newer: z.number().int() }),
  ),
  /** Ids that begin with these digits, so that a person need not type all 64; two where there are more. */
  'message.find': call(z.strictObject({ ...archive, prefix: z.string().regex(/^[0-9a-f]{4,64}$/) }), z.object({ ids: z.array(t.messageId).max(2) })),
  /** `beginning`: of long HTML only what fills the first windows, which is there sooner; the answer says whether it was cut. */
  'message.show': call(z.strictObject({ ...archive, message: t.messageId, beginning: z.boolean().optional() }), t.messageView),
  /** These are probably shown next: their beginnings are read, so that they are there then. The first is the likeliest; in place of all that was expected before. */
  'message.expect': call(z.strictObject({ ...archive, messages: z.array(t.messageId).max(4) }), nothing),
  /** The messages that belong together with this one (References, In-Reply-To), itself among them: the oldest first, at most 200. */
  'message.headers': call(z.strictObject({ ...archive, message: t.messageId }), z.object({ headers: z.string() })),
  /** The exact bytes, a piece at a time: at most 4 MiB from offset. */
  'message.raw': call(
    z.strictObject({ ...archive, message: t.messageId, offset: z.number().int().nonnegative() }),
    z.object({ bytes: z.custom<Uint8Array>(value => value instanceof Uint8Array), total: z.number().int() }),
  ),
  /** Writes one attachment into a file that does not exist yet (a number is added where it does). */
  'attachment.save': call(
    z.strictObject({ ...archive, message: t.messageId, ...attachmentPath, to: path }),
    z.object({ path: z.string(), bytes: z.number().int() }),
  ),
  /** What is known of an attachment without opening it: its true type, and what is dangerous about it. */
  'attachment.report': call(z.strictObject({ ...archive, message: t.messageId, ...attachmentPath }), attachmentReport),
  /** At most 32 MiB of it. */
  'attachment.preview': call(z.strictObject({ ...archive, message: t.messageId, ...attachmentPath }), attachmentPreview),
  /** All attachments into a folder that exists, under safe names, none over a file that is there. One that fails does not stop the others. */
  'attachment.saveAll': call(
    z.strictObject({ ...archive, message: t.messageId, to: path }),
    z.object({
      saved: z.array(z.object({ index: z.number().int(), path: z.string(), bytes: z.number().int() })),
      failed: z.array(z.object({ index: z.number().int(), name: z.string(), error: t.errorSchema })),
    }),
  ),
  'message.save': call(z.strictObject({ ...archive, message: t.messageId, to: path }), z.object({ path: z.string(), bytes: z.number().int() })),

  // Search
  'search.window': call(
    z.strictObject({ ...asked, from: t.cursor.nullable(), direction: z.enum(['after', 'before']).optional(), limit }),
    t.messageWindow,
  ),
  /** The row with so many newer results before it; an estimate where there are several archives. */
  'search.at': call(
    z.strictObject({ ...asked, position: z.number().int().nonnegative(), limit }),
    t.messageWindow.extend({ position: z.number().int() }),
  ),
  /** Exact to `cap`, then `more`. */
  'search.count': call(
    z.strictObject({ ...asked, cap: z.number().int().min(1).max(10_000_000) }),
    z.object({ count: z.number().int(), more: z.boolean() }),
  ),
  /** How many results are from each month, whatever time the search asks for; the oldest first. */
  'search.months': call(z.strictObject(asked), z.object({ months: z.array(monthCount) })),
  /** How it was understood: one term for each condition. */
  'search.understand': call(
    z.strictObject({ query, typing: z.boolean().optional(), locale: z.string().max(40).optional() }),
    z.object({ terms: z.array(s.searchTerm) }),
  ),
  /** Why these messages were found; reads them. For the rows that are visible. */
  'search.why': call(
    z.strictObject({
      ...archive,
      query,
      typing: z.boolean().optional(),
      locale: z.string().max(40).optional(),
      messages: z.array(t.messageId).max(50),
    }),
    z.object({ why: z.array(s.searchWhy) }),
  ),
  /** Which attachments of these messages hold the words, and the text around them. Reads the attachments: for rows whose reasons say so. */
  'search.inside': call(
    z.strictObject({
      ...archive,
      query,
      typing: z.boolean().optional(),
      locale: z.string().max(40).optional(),
      messages: z.array(t.messageId).max(50),
    }),
    z.object({ inside: z.array(s.searchInside) }),
  ),
  /** What could stand at the end of it. */
  'search.complete': call(
    z.strictObject({ archives: asked.archives, query, language: z.enum(['en', 'pl', 'de', 'zh']) }),
    z.object({ proposals: z.array(s.searchProposal) }),
  ),
  /** What the operators are called in a language; every language's names are understood everywhere. */
  'search.operators': call(z.strictObject({ language: z.enum(['en', 'pl', 'de', 'zh']) }), z.array(s.searchOperator)),
  /** Saved searches and recent ones; kept in the profile, sealed. */
  'search.list': call(nothing, s.searchList),
  'search.save': call(z.strictObject({ name, query: query.min(1) }), s.searchList),
  'search.forget': call(z.strictObject({ name }), s.searchList),
  'search.remember': call(z.strictObject({ query: query.min(1) }), s.searchList),
  'search.forgetRecent': call(nothing, s.searchList),

  // Jobs
  /**
   * `patient`: pause and try again by itself while the network, the server or the disk does not allow it, instead of failing.
   * Where the archive is being watched, its watch looks at once, and is what is returned.
   */
  'job.capture': call(z.strictObject({ ...archive, patient: z.boolean().optional() }), t.job),
  /**
   * Captures, then again whenever the server tells of a change, and at the latest after `interval` seconds, until it is cancelled. It pauses
   * by itself, and goes on by itself; only what a person has to do first ends its tries.
   */
  'job.watch': call(z.strictObject({ ...archive, interval: z.number().int().min(1).max(86_400).optional() }), t.job),
  /** Messages as files in open formats, with lists and a page to browse them. Into the same folder again: only what is missing is written. */
  'job.export': call(exportRequest, t.job),
  /** Mail of other programs, and exports of this one: mbox, EML, Maildir, Apple and Thunderbird mailboxes, ZIP files of these. */
  'job.import': call(importRequest, t.job),
  'job.verify': call(z.strictObject({ ...archive, full: z.boolean() }), t.job),
  'job.rebuild': call(z.strictObject(archive), t.job),
  /** Reads attachments for searches, as far as they were not read yet. */
  'job.attachments': call(z.strictObject(archive), t.job),
  'job.demo': call(nothing, t.job),
  /** Looks what a restore would do; `restore.planned` has it when the job is done. Changes nothing on the server. */
  'job.restorePlan': call(restoreRequest, t.job),
  'restore.planned': call(z.strictObject({ job: z.string() }), restorePlan),
  /**
   * Puts messages back on a server. One that was not finished is gone on with by starting the same again. `verify`: what is fetched back and compared,
   * all or a sample; where nothing is said, all up to 512 MB. `adopt`: the server that was given becomes the archive's account, when nothing failed.
   */
  'job.restore': call(restoreRequest.extend({ verify: z.enum(['all', 'sample']).optional(), adopt: z.boolean().optional() }), t.job),
  /** Takes away what that restore put there, and is still as it was put. The password where no archive has the account. */
  'job.undoRestore': call(z.strictObject({ restore: z.string(), password: secret.optional() }), t.job),
  /** Restores that were begun from this computer, the newest first. */
  restores: call(z.strictObject({ archive: t.archiveId.optional() }), z.array(restoreRecord)),
  /** Exports, imports, copies, restores and verifications that have ended, also before this start; the newest first. Copies that found nothing new are left out. */
  'job.history': call(z.strictObject({ archive: t.archiveId.optional() }), z.array(t.job)),
  'job.pause': call(z.strictObject({ job: z.string() }), t.job),
  'job.resume': call(z.strictObject({ job: z.string() }), t.job),
  'job.cancel': call(z.strictObject({ job: z.string() }), t.job),
  /** Resolves when the job has ended, however it ended. */
  'job.wait': call(z.strictObject({ job: z.string() }), t.job),
  'job.damage': call(z.strictObject({ job: z.string() }), z.array(t.damage)),
  jobs: watch(nothing, z.array(t.job)),

  // Events
  /** New messages are in the index. */
  'archive.changed': event(z.object({ ...archive, messages: z.number().int() })),
} as const

export type Contract = typeof contract
export type Name = keyof Contract
export type CallName = { [N in Name]: Contract[N]['kind'] extends 'call' ? N : never }[Name]
export type WatchName = { [N in Name]: Contract[N]['kind'] extends 'watch' ? N : never }[Name]
export type EventName = { [N in Name]: Contract[N]['kind'] extends 'event' ? N : never }[Name]

type InputOf<N extends Name> = Contract[N] extends { input: infer I extends z.ZodType } ? z.input<I> : never
type ParsedOf<N extends Name> = Contract[N] extends { input: infer I extends z.ZodType } ? z.output<I> : never
type OutputOf<N extends Name> = Contract[N] extends { output: infer O extends z.ZodType } ? z.output<O> : never

export type { InputOf, OutputOf, ParsedOf }

/** What AbortSignal offers everywhere; named here because this room has neither a browser's nor Node's types. */
export interface CancelSignal {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** What a client of the engine holds: the renderer through the bridge, the command line and the tests directly. */
export interface EngineClient {
  call<N extends CallName>(name: N, input: InputOf<N>, options?: { signal?: CancelSignal }): Promise<OutputOf<N>>
  /** Returns the function that ends the subscription. */
  watch<N extends WatchName>(name: N, input: InputOf<N>, onValue: (value: OutputOf<N>) => void, onError?: (error: unknown) => void): () => void
  on<N extends EventName>(name: N, listener: (value: OutputOf<N>) => void): () => void
}
