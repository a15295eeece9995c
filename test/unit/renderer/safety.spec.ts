/** The three answers an overview begins with. */
import { describe, expect, test } from 'vitest'
import type { CopyState } from '../../../main/contract/copies.ts'
import type { Problem } from '../../../main/contract/problems.ts'
import type { ArchiveStatus, ArchiveSummary } from '../../../main/contract/types.ts'
import { copyAnswer, mailAnswer, needAnswer } from '../../../renderer/overview/safety.ts'
import { textFor } from '../../../renderer/text/text.ts'

const text = textFor('en')
const NOON = new Date(2026, 1, 3, 12).getTime()
const archive = { account: {}, demo: false, lastProven: NOON, state: 'open', recoveryConfirmed: true, watch: true } as unknown as ArchiveSummary
const folder = { present: true, epoch: 1, completeAsOf: NOON, gapCount: 0 }
const status = (...mailboxes: object[]) => ({ messages: 70, mailboxes }) as unknown as ArchiveStatus
const copy = { state: 'safe', safeAsOf: NOON, sameDisk: 'different', dir: '/drive' } as unknown as CopyState
const problem = { kind: 'loss', urgent: true, doing: 'person', count: 60, what: '' } as unknown as Problem

describe('is everything here', () => {
  test('yes, and since when, only where it was proven', () => {
    expect(mailAnswer(archive, status(folder), [], text)).toMatchObject({ state: 'good', title: 'Everything on the server is kept here' })
    expect(mailAnswer({ ...archive, lastProven: null }, status(folder, { ...folder, completeAsOf: null }), [], text)).toEqual({
      state: 'open',
      title: '70 messages kept here',
      note: 'Not proven complete yet',
    })
  })

  test('messages that could not be had are said, whatever else was proven', () => {
    expect(mailAnswer(archive, status(folder, { ...folder, gapCount: 3 }), [], text)).toMatchObject({
      state: 'bad',
      title: '3 messages could not be had yet',
    })
  })

  test('not while a folder cannot be read, whatever is proven of the others and was proven before', () => {
    const unread = { ...problem, kind: 'mailbox' as const, what: 'Projects' }
    expect(mailAnswer({ ...archive, lastProven: null }, status(folder, { ...folder, epoch: null, completeAsOf: null }), [unread], text)).toEqual({
      state: 'open',
      title: '70 messages kept here',
      note: 'Not proven complete yet',
    })
    expect(mailAnswer(archive, status(folder), [unread], text)).toMatchObject({ state: 'open', title: '70 messages kept here' })
    // A server that is away for a moment takes nothing back, and neither does a loss: all of it is here.
    expect(mailAnswer(archive, status(folder), [problem, { ...unread, kind: 'network', urgent: false }], text).state).toBe('good')
  })

  test('a folder that is left out, or holds no mail itself, does not stand against it', () => {
    const without = [
      { ...folder, leftOut: true, completeAsOf: null },
      { ...folder, epoch: null, completeAsOf: null },
    ]
    expect(mailAnswer({ ...archive, lastProven: null }, status(folder, ...without), [], text).state).toBe('good')
  })
})

describe('is there a copy', () => {
  test('none, one on the same disk, and one that is safe are three answers', () => {
    expect(copyAnswer([], text)).toMatchObject({ state: 'open', title: 'No second copy yet' })
    expect(copyAnswer([{ ...copy, sameDisk: 'same' }], text).state).toBe('open')
    expect(copyAnswer([copy], text)).toMatchObject({ state: 'good', title: '1 copy' })
  })

  test('a damaged one is said even where another is safe', () => {
    expect(copyAnswer([copy, { ...copy, state: 'damaged' }], text)).toMatchObject({ state: 'bad', title: 'Something is wrong with a copy' })
  })
})

describe('does anything need me', () => {
  test('what waits for a person is counted and named, with the recovery code among it', () => {
    expect(needAnswer({ ...archive, recoveryConfirmed: false }, [problem], text)).toEqual({
      state: 'bad',
      title: '2 things need you',
      note: '60 messages disappeared from the server · The recovery code is not confirmed',
    })
  })

  test('what passes by itself needs nobody', () => {
    const passing = { ...problem, kind: 'network', urgent: false, doing: 'retry' } as unknown as Problem
    expect(needAnswer(archive, [passing], text)).toEqual({ state: 'good', title: 'Nothing needs you', note: '1 problem, which ends by itself' })
    expect(needAnswer(archive, [], text).note).toBe('New mail is captured as it comes.')
  })
})
