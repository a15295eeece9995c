/** What is a loss, and what is everyday life. */
import { expect, test } from 'vitest'
import type { Departed, MailboxState } from '../../../main/engine/index/types.ts'
import { judge } from '../../../main/engine/jobs/losses/judge.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const LONG_AGO = NOW / 1000 - 90 * 24 * 60 * 60

const mailbox = (id: number, exists: number, more: Partial<MailboxState> = {}): MailboxState => ({
  ...{ mailbox: id, path: [`Mailbox ${id}`], delimiter: '/', raw: `m${id}`, role: null, selectable: true, subscribed: true, present: true },
  epoch: { epoch: id, uidValidity: 1, exists, uidNext: 1, modseq: null, complete: true, completeAsOf: NOW },
  ...more,
})
const trash = (id: number, exists: number) => mailbox(id, exists, { role: 'trash', path: ['Trash'] })

let rows = 0
const gone = (mailbox: number, count: number, more: Partial<Departed> = {}): Departed[] =>
  Array.from({ length: count }, () => ({ placement: mailbox * 2 ** 32 + ++rows, mailbox, row: rows, internalDate: LONG_AGO, at: NOW, ...more }))

const causeOf = (mailboxes: MailboxState[], lately: Departed[], inADay = lately) => judge({ mailboxes, lately, inADay, now: NOW })?.cause ?? null

const quiet: [string, MailboxState[], Departed[], Departed[]?][] = [
  ['nothing disappeared', [mailbox(1, 500)], []],
  ['50 of 20,000 are deleted for good', [mailbox(1, 19_950)], gone(1, 50)],
  ['500 of 20,000 are deleted for good', [mailbox(1, 19_500)], gone(1, 500)],
  ['a trash of 3,000 is emptied beside 17,000 others', [mailbox(1, 17_000), trash(2, 0)], gone(2, 3000)],
  ['a folder in the trash goes with it', [mailbox(1, 17_000), trash(2, 0), mailbox(3, 0, { path: ['Trash', 'Old'], present: false })], gone(3, 400)],
  ['a draft was saved 200 times', [mailbox(1, 300), mailbox(2, 1, { role: 'drafts' })], gone(2, 200)],
  ['a small mailbox is cleared', [mailbox(1, 3000), mailbox(2, 0)], gone(2, 49)],
  ['an empty mailbox is deleted', [mailbox(1, 3000), mailbox(2, 0, { present: false })], []],
  ['an account with nine messages is cleared', [mailbox(1, 0)], gone(1, 9)],
  ['newsletters of this week are thrown away all day long', [mailbox(1, 40)], gone(1, 10), gone(1, 300, { internalDate: NOW / 1000 - 3600 })],
]
for (const [what, mailboxes, lately, inADay] of quiet) test(`no alarm when ${what}`, () => expect(causeOf(mailboxes, lately, inADay)).toBeNull())

const alarms: [string, 'emptied' | 'vanished' | 'many', MailboxState[], Departed[], Departed[]?][] = [
  ['the account shows nothing any more', 'emptied', [mailbox(1, 0), trash(2, 0)], [...gone(1, 40), ...gone(2, 3)]],
  ['ten messages are all there was', 'emptied', [mailbox(1, 0)], gone(1, 10)],
  ['a mailbox vanishes with mail that is nowhere else', 'vanished', [mailbox(1, 9000), mailbox(2, 12, { present: false })], gone(2, 12)],
  ['half of a mailbox is gone', 'many', [mailbox(1, 19_000), mailbox(2, 60)], gone(2, 60)],
  ['a fifth of all mail is gone', 'many', [mailbox(1, 400), mailbox(2, 400)], [...gone(1, 100), ...gone(2, 100)]],
  ['5,000 of 60,000 are gone', 'many', [mailbox(1, 55_000)], gone(1, 5000)],
  ['most of all mail was moved to the trash, and the trash emptied', 'many', [mailbox(1, 300), trash(2, 0)], gone(2, 900)],
  ['a server loses old mail in small portions', 'many', [mailbox(1, 500)], gone(1, 10), gone(1, 600)],
]
for (const [what, cause, mailboxes, lately, inADay] of alarms)
  test(`alarm when ${what}`, () => expect(causeOf(mailboxes, lately, inADay)).toBe(cause))

test('the set is what disappeared and counts: a trash that was emptied meanwhile is not part of it', () => {
  const verdict = judge({ mailboxes: [mailbox(1, 10), trash(2, 0)], lately: [...gone(1, 90), ...gone(2, 30)], inADay: [], now: NOW })!
  expect([verdict.departed.length, verdict.before, verdict.mailboxes.get(1)]).toEqual([90, 130, 100])
})

test('an empty POP3 maildrop is no alarm by itself, since other programs fetch and delete; half of a large one is', () => {
  const drop = (exists: number) => mailbox(1, exists, { epoch: { ...mailbox(1, exists).epoch!, uidValidity: 0 } })
  expect(causeOf([drop(0)], gone(1, 30))).toBeNull()
  expect(causeOf([drop(0)], gone(1, 60))).toBe('many')
})
