import { describe, expect, test } from 'vitest'
import type { ArchiveSummary, Job } from '../../../main/contract/types.ts'
import { isWaiting, watchLine } from '../../../renderer/jobs/watchText.ts'
import { languageOrder, textFor } from '../../../renderer/text/text.ts'
import { aJob, anAccount, anArchive } from '../cli/stage.ts'

const en = textFor('en', ['en-GB'])
const proven = new Date(2020, 0, 2, 14, 2).getTime()
const watched = (change: Partial<ArchiveSummary> = {}) => anArchive({ account: anAccount, watch: true, lastProven: proven, ...change })
const watch = (change: Partial<Job> = {}): Job =>
  aJob({ kind: 'watch', state: 'running', endedAt: null, progress: { ...aJob().progress, phase: 'watching' }, ...change })
const line = (jobs: Job[], archive = watched()) => watchLine(archive, jobs, en)

describe('how the capture of new mail stands', () => {
  test('is good, and since when, while nothing is wrong', () => {
    expect(line([watch()])).toEqual({ mood: 'good', text: 'Watching · last proven complete 2 Jan 2020, 14:02' })
  })

  test('is said without a time where nothing was proven yet', () => {
    expect(line([watch()], watched({ lastProven: null }))?.text).toBe('Watching')
  })

  test('names what is missing, and asks for attention until it is there', () => {
    const job = watch({ outcomes: { added: 5, unchanged: 0, failed: 2 } })
    expect(line([job])).toEqual({ mood: 'attention', text: 'Watching · 2 problems · last proven complete 2 Jan 2020, 14:02' })
  })

  test.each([
    ['offline', 'waiting', 'No connection'],
    ['server-busy', 'waiting', 'The server asked to wait'],
    ['account', 'attention', 'The server refuses the account'],
    ['disk-full', 'attention', 'The disk is full'],
    ['problem', 'attention', 'Paused because of a problem'],
  ] as const)('while it is paused (%s) says why, and what was proven before stays said', (reason, mood, words) => {
    const job = watch({ state: 'paused', pause: { reason, until: null } })
    expect(line([job])).toEqual({ mood, text: `${words} · last proven complete 2 Jan 2020, 14:02` })
  })

  test('tells when it is tried again', () => {
    const job = watch({ state: 'paused', pause: { reason: 'offline', until: new Date(2020, 0, 3, 9, 5).getTime() } })
    expect(line([job])?.text).toMatch(/^No connection · next try (3 Jan 2020, )?0?9:05 · last proven/)
  })

  test('is said, too, where a person does not want it or it does not run', () => {
    expect(line([], watched({ watch: false }))?.text).toMatch(/^New mail is not captured by itself/)
    expect(line([watch({ state: 'failed', endedAt: 1 })])).toMatchObject({ mood: 'attention', text: expect.stringMatching(/^Watching has stopped/) })
  })

  test('is nothing to speak of without an account', () => {
    expect(watchLine(anArchive(), [], en)).toBeNull()
    expect(line([], watched({ demo: true }))).toBeNull()
  })

  test('reads in every language', () => {
    for (const language of languageOrder) {
      const text = watchLine(watched(), [watch({ state: 'paused', pause: { reason: 'account', until: 0 } })], textFor(language))!.text
      expect(text.split(' · ')).toHaveLength(3)
      expect(text).not.toContain('watch.')
    }
  })

  test('is about this archive alone', () => {
    const other = watch({ archive: 'ef'.repeat(16), state: 'paused', pause: { reason: 'account', until: null } })
    expect(line([other, watch()])?.mood).toBe('good')
  })
})

test('a watch that fetches is work under way; one that waits is none', () => {
  expect(isWaiting(watch())).toBe(true)
  expect(isWaiting(watch({ state: 'paused', pause: { reason: 'offline', until: null } }))).toBe(true)
  expect(isWaiting(watch({ progress: { ...aJob().progress, phase: 'fetching' } }))).toBe(false)
  expect(isWaiting(aJob({ state: 'running', endedAt: null }))).toBe(false)
})
