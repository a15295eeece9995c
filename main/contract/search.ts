/** What search says beside its rows: how a query was understood, why a message was found, what could be typed. All times are Unix milliseconds. */
import { z } from 'zod'

export const wordField = z.enum(['subject', 'from', 'to', 'cc', 'with', 'body', 'filename', 'attachment'])
const term = { not: z.boolean(), /** The query without this term. */ rest: z.string() }
const text = { text: z.string(), prefix: z.boolean() }

const simpleTerm = z.discriminatedUnion('kind', [
  /** field null: anywhere. exact: these words in this order. prefix: words that begin so. */
  z.object({ kind: z.literal('words'), field: wordField.nullable(), ...text, exact: z.boolean(), ...term }),
  z.object({ kind: z.enum(['type', 'list', 'account', 'in']), ...text, ...term }),
  z.object({ kind: z.literal('message-id'), text: z.string(), ...term }),
  z.object({ kind: z.literal('has'), what: z.enum(['attachment', 'link', 'image']), ...term }),
  z.object({ kind: z.literal('is'), what: z.enum(['unread', 'read', 'flagged', 'answered', 'gone', 'duplicate', 'unindexed']), ...term }),
  /** from <= t < before. */
  z.object({ kind: z.literal('time'), from: z.number().nullable(), before: z.number().nullable(), ...term }),
  /** over < bytes < under. */
  z.object({ kind: z.literal('size'), over: z.number().nullable(), under: z.number().nullable(), ...term }),
])

export type SearchTerm = z.infer<typeof simpleTerm> | { kind: 'group'; joined: 'any' | 'all'; terms: SearchTerm[]; not: boolean; rest: string }

export const searchTerm: z.ZodType<SearchTerm> = z.union([
  simpleTerm,
  z.object({ kind: z.literal('group'), joined: z.enum(['any', 'all']), terms: z.lazy(() => z.array(searchTerm)), ...term }),
])

/** Pieces of a text, `hit` where it is what was asked for. */
export const marked = z.array(z.object({ text: z.string(), hit: z.boolean() }))

export const searchReason = z.object({
  /** Where it stands: a part of the message, or something else that is true of it. */
  where: z.enum(['subject', 'from', 'to', 'cc', 'body', 'filename', 'attachment-text']),
  /** The words as they were asked for. */
  words: z.array(z.string()),
})

export const searchWhy = z.object({
  id: z.string(),
  reasons: z.array(searchReason),
  subject: marked,
  /** Of the text around the first match; empty where the match is elsewhere. */
  snippet: marked,
  /** People and attachments that match. */
  people: z.array(marked),
  files: z.array(marked),
})

/** Where in the attachments of a message the words stand. */
export const searchInside = z.object({ id: z.string(), files: z.array(z.object({ index: z.number().int(), name: z.string(), text: marked })) })

export const operatorName = z.enum([
  'from',
  'to',
  'cc',
  'with',
  'subject',
  'body',
  'filename',
  'attachment',
  'type',
  'has',
  'in',
  'account',
  'before',
  'after',
  'on',
  'older',
  'newer',
  'larger',
  'smaller',
  'is',
  'message-id',
  'list',
])
export const searchOperator = z.object({ operator: operatorName, name: z.string() })

export const searchProposal = z.object({
  kind: z.enum(['operator', 'value', 'person', 'mailbox', 'account', 'saved', 'recent']),
  /** What is shown. */
  label: z.string(),
  detail: z.string(),
  /** Of kind operator: which one. */
  operator: operatorName.optional(),
  /** The whole query once it is taken. */
  query: z.string(),
})

export const savedSearch = z.object({ name: z.string(), query: z.string() })
export const searchList = z.object({ saved: z.array(savedSearch), recent: z.array(z.string()) })

export type WordFieldName = z.infer<typeof wordField>
export type Marked = z.infer<typeof marked>
export type OperatorName = z.infer<typeof operatorName>
export type SearchOperator = z.infer<typeof searchOperator>
export type SearchWhy = z.infer<typeof searchWhy>
export type SearchInside = z.infer<typeof searchInside>
export type SearchReason = z.infer<typeof searchReason>
export type SearchProposal = z.infer<typeof searchProposal>
export type SavedSearch = z.infer<typeof savedSearch>
export type SearchList = z.infer<typeof searchList>
