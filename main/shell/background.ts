/**
 * The app without its window: while an archive is watched, closing the window leaves the tray's icon, which says how everything stands,
 * and a problem is told of once. Where no icon would be shown, the window is made small instead, so that the app can always be found again.
 */
import type { ChannelClient } from '../contract/client.ts'
import type { Problem } from '../contract/problems.ts'
import type { ArchiveSummary, Job } from '../contract/types.ts'
import { createNotices } from './notices.ts'
import { type Standing, standingOf, type Told } from './standing.ts'
import type { ShellText } from './text.ts'
import type { TrayView } from './tray.ts'

export interface Background {
  /** What the last closed window leaves: the app in the tray, a small window, or nothing. */
  afterWindow(): 'tray' | 'minimise' | 'quit'
  /** Language or setting changed. */
  refresh(): void
  standing(): Standing
  captureAll(): void
  pauseAll(paused: boolean): void
}

export interface BackgroundOptions {
  client: Pick<ChannelClient, 'call' | 'watch'>
  /** Null where this desktop shows no icons, or has not said yet. */
  tray(): TrayView | null
  text(): ShellText
  /** The person's setting. */
  wanted(): boolean
  tell(told: Told): void
}

export function createBackground({ client, tray, text, wanted, tell }: BackgroundOptions): Background {
  let archives: readonly ArchiveSummary[] = []
  let jobs: readonly Job[] = []
  let problems: readonly Problem[] = []
  const notices = createNotices(tell)
  const standing = () => standingOf(archives, jobs, problems)

  const refresh = () => {
    const present = standing()
    notices.update(present.problems)
    if (present.state === 'none' || !wanted()) tray()?.remove()
    else tray()?.show(present, text())
  }
  // A watch that cannot be answered (the engine failed) leaves the last that was known; the window says what happened.
  client.watch('archives', {}, value => {
    archives = value
    refresh()
  })
  client.watch('jobs', {}, value => {
    jobs = value
    refresh()
  })
  client.watch('problems', {}, value => {
    problems = value
    refresh()
  })

  // Asked for from the tray: what comes of it is seen there.
  const ask = (work: Promise<unknown>) => void work.catch(error => console.error(`tray: ${String(error)}`))

  return {
    afterWindow: () => {
      if (!wanted() || standing().state === 'none') return 'quit'
      return tray() ? 'tray' : 'minimise'
    },
    refresh,
    standing,
    captureAll: () => {
      for (const archive of standing().watched) ask(client.call('job.capture', { archive }))
    },
    pauseAll: paused => {
      for (const job of standing().jobs) ask(client.call(paused ? 'job.pause' : 'job.resume', { job }))
    },
  }
}
