/** Which mailboxes are left out, by their kind or by a name, and by the same rule in the engine and in the form. */
import { describe, expect, test } from 'vitest'
import { usualRules } from '../../../main/contract/captureRules.ts'
import { leavesOut } from '../../../main/engine/jobs/capture/selection.ts'
import { isWider, leftOutBy, newlyLeftOut } from '../../../renderer/rules/rulesForm.ts'

const cases: [pattern: string, name: string, out: boolean][] = [
  ['Newsletters', 'Newsletters', true],
  ['newsletters', 'NEWSLETTERS', true],
  ['Newsletters', 'Newsletters/Old', false],
  ['Newsletters/*', 'Newsletters/Old', true],
  ['Newsletters/*', 'Newsletters', false],
  ['Newsletters*', 'Newsletters', true],
  ['*/Old', 'A/B/Old', true],
  ['*old*', 'The Golden Years', true],
  ['a*b*c', 'a-b-c', true],
  ['a*b*c', 'a-c-b', false],
  ['a*bab', 'abab', true],
  ['a*a', 'a', false],
  ['ab*ba', 'aba', false],
  ['*', 'anything/at.all', true],
  ['a.c', 'abc', false],
  ['[x](y)', '[x](y)', true],
  ['Entwürfe', 'Entwu\u0308rfe', true],
  ['通讯*', '通讯/2024', true],
]

describe('a name', () => {
  test.each(cases)('%s and %s: %s', (pattern, name, out) => {
    const rules = { ...usualRules, leaveOutNames: [pattern] }
    expect(leavesOut(rules)({ name, role: null })).toBe(out)
    expect(leftOutBy({ name, role: null, subscribed: true }, rules) !== null).toBe(out)
  })
})

test('a kind leaves out what the server calls so, whatever its name', () => {
  const out = leavesOut({ ...usualRules, leaveOutRoles: ['junk'] })
  expect(out({ name: 'Courrier indésirable', role: 'junk' })).toBe(true)
  expect(out({ name: 'Junk', role: null })).toBe(false)
})

test('many stars do not take long over a long name', () => {
  const out = leavesOut({ ...usualRules, leaveOutNames: ['*a*a*a*a*a*a*a*a*a*a*a*a*b'] })
  expect(out({ name: 'a'.repeat(500), role: null })).toBe(false)
})

test('before it is saved, the form knows which folders are no longer captured', () => {
  const mailboxes = ['INBOX', 'Junk', 'News/A', 'News/B'].map(name => ({
    name,
    role: name === 'Junk' ? ('junk' as const) : null,
    messages: 3,
    subscribed: true,
    leftOut: false,
  }))
  const before = { ...usualRules, leaveOutNames: ['News/A'] }
  const after = { ...usualRules, leaveOutRoles: ['junk' as const], leaveOutNames: ['News/*'] }
  expect(newlyLeftOut(mailboxes, before, after).map(({ name }) => name)).toEqual(['Junk', 'News/B'])
  expect(isWider(before, after)).toBe(true)
  expect(isWider(after, { ...usualRules, leaveOutNames: ['News/*'] })).toBe(false)
})

test('what is not subscribed to is left out only where that is asked for, and INBOX never by it', () => {
  const mailboxes = [
    { name: 'INBOX', role: 'inbox' as const, subscribed: false },
    { name: 'Lists', role: null, subscribed: true },
    { name: 'Server', role: null, subscribed: false },
  ]
  const only = { ...usualRules, onlySubscribed: true }
  expect(mailboxes.filter(leavesOut(usualRules))).toEqual([])
  expect(mailboxes.filter(leavesOut(only)).map(({ name }) => name)).toEqual(['Server'])
  expect(mailboxes.map(mailbox => leftOutBy(mailbox, only))).toEqual([null, null, 'unsubscribed'])
  expect(isWider(usualRules, only)).toBe(true)
  expect(isWider(only, usualRules)).toBe(false)
})
