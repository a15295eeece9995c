/** Once a week, where a person wants it: a notice of what was captured and whether anything stands in the way. Nobody else says that all is well. */
import type { ChannelClient } from '../contract/client.ts'
import type { ShellText } from './text.ts'

export interface WeeklyOptions {
  client: Pick<ChannelClient, 'call'>
  /** Archives that are watched; none while the profile is locked. */
  watched(): readonly string[]
  wanted(): boolean
  /** When it was told last, Unix ms; null where it never was. */
  last(): number | null
  remember(at: number): void
  text(): ShellText
  time(at: number): string
  notify(title: string, body: string): void
  now(): number
}

const WEEK_MS = 7 * 24 * 60 * 60 * 1000

/** Looks whether the week is over; called now and then. The first week begins when it is first called. */
export function createWeekly({ client, watched, wanted, last, remember, text, time, notify, now }: WeeklyOptions): { look(): Promise<void> } {
  return {
    look: async () => {
      const archives = watched()
      if (!wanted() || archives.length === 0) return
      const before = last()
      if (before === null) return remember(now())
      if (now() - before < WEEK_MS) return
      // First, so that what cannot be told is not tried every hour.
      remember(now())
      const weeks = await Promise.all(archives.map(archive => client.call('archive.week', { archive })))
      const sum = (of: (week: (typeof weeks)[number]) => number) => String(weeks.reduce((total, week) => total + of(week), 0))
      const { weekTitle, weekText, weekProven, weekProblems } = text()
      const proven = weeks.map(({ lastProven }) => lastProven)
      const problems = sum(week => week.problems.filter(({ urgent }) => urgent).length)
      const lines = [
        weekText
          .replace(
            '{{captured}}',
            sum(({ captured }) => captured),
          )
          .replace(
            '{{gone}}',
            sum(({ gone }) => gone),
          ),
        proven.includes(null) ? '' : weekProven.replace('{{time}}', time(Math.min(...(proven as number[])))),
        problems === '0' ? '' : weekProblems.replace('{{n}}', problems),
      ]
      notify(weekTitle, lines.filter(Boolean).join('\n'))
    },
  }
}
