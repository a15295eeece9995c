/** Everything the app is without its window, put together: tray, notices, start at login, and what closing the window means. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { app, Notification } from 'electron'
import type { ProblemKind } from '../contract/problems.ts'
import type { Presence, ShellInput } from '../contract/shell.ts'
import { createBackground } from './background.ts'
import { now } from './clock.ts'
import { engineClient } from './engineClient.ts'
import type { EngineHost } from './engineHost.ts'
import { createLoginItem } from './loginItem.ts'
import type { SettingsFile } from './settings.ts'
import type { ShellText } from './text.ts'
import { createTray, hasTray, problemText } from './tray.ts'
import { createWeekly } from './weekly.ts'

export interface PresenceOptions {
  engine: EngineHost
  settings: SettingsFile
  text(): ShellText
  language(): string
  /** Arguments that open this profile. */
  profileArgs: readonly string[]
  /** Brings the window to the front, made anew where there is none. */
  show(): void
}

export type PresenceChange = ShellInput<'app.setPresence'>

export interface PresenceOfApp {
  /** The desktop has said whether it shows icons; before that it counts as one that does not. */
  readonly ready: Promise<void>
  get(): Presence
  change(change: PresenceChange): void
  afterWindow(): 'tray' | 'minimise' | 'quit'
  /** The language changed. */
  refresh(): void
  /** Started without a window: says so where nobody has opened the profile meanwhile, and so nothing is captured. */
  startedHidden(): void
}

/** The window, also a hidden one, opens the profile through the keychain by then where it can. */
const LOCKED_AFTER_MS = 15_000
const WEEK_LOOK_MS = 30 * 60_000

export function createPresence({ engine, settings, text, language, profileArgs, show }: PresenceOptions): PresenceOfApp {
  const client = engineClient(engine)
  let withTray = false
  const wanted = () => settings.get().background !== false
  const notify = (title: string, body: string) => {
    if (!Notification.isSupported()) return
    const notice = new Notification({ title, body })
    notice.on('click', show)
    notice.show()
  }
  const tray = createTray(join(app.getAppPath(), 'resources/icons/32x32.png'), at => moment(language(), at), {
    open: show,
    capture: () => background.captureAll(),
    pause: paused => background.pauseAll(paused),
    quit: () => app.quit(),
  })
  const background = createBackground({
    client,
    tray: () => (withTray ? tray : null),
    text,
    wanted,
    tell: ({ name, problem }) => notify(`${name}: ${text()[problemText(problem.kind)]}`, text()[safeText(problem.kind)]),
  })
  const weekly = createWeekly({
    client,
    watched: () => background.standing().watched,
    wanted: () => settings.get().weekly !== false,
    last: () => settings.get().lastWeek ?? null,
    remember: lastWeek => settings.change({ lastWeek }),
    text,
    time: at => moment(language(), at),
    notify,
    now,
  })
  setInterval(() => void weekly.look().catch(error => console.error(`week: ${String(error)}`)), WEEK_LOOK_MS).unref()
  const loginItem = createLoginItem({
    platform: process.platform,
    app,
    env: process.env,
    home: homedir(),
    // An AppImage is unpacked somewhere else at each start; it says where it itself is.
    command: [process.env['APPIMAGE'] ?? process.execPath, ...(app.isPackaged ? [] : [app.getAppPath()]), ...profileArgs, '--hidden'],
  })
  const ready = hasTray().then(has => {
    withTray = has
    background.refresh()
  })
  const sayLocked = async () => {
    const { exists, unlocked } = await client.call('profile.status', {})
    if (exists && !unlocked) notify(text().lockedTitle, text().lockedText)
  }

  return {
    ready,
    get: () => ({
      background: wanted(),
      weekly: settings.get().weekly !== false,
      startAtLogin: loginItem.possible && loginItem.get(),
      canStartAtLogin: loginItem.possible,
      tray: withTray,
    }),
    change: change => {
      if (change.background !== undefined) settings.change({ background: change.background })
      if (change.weekly !== undefined) settings.change({ weekly: change.weekly })
      if (change.startAtLogin !== undefined && loginItem.possible) loginItem.set(change.startAtLogin)
      background.refresh()
    },
    afterWindow: background.afterWindow,
    refresh: background.refresh,
    startedHidden: () => {
      setTimeout(() => void sayLocked().catch(error => console.error(`hidden start: ${String(error)}`)), LOCKED_AFTER_MS)
    },
  }
}

function safeText(kind: ProblemKind): 'missingSafe' | 'lossSafe' | 'problemSafe' {
  if (kind === 'loss') return 'lossSafe'
  return kind === 'missing' || kind === 'mailbox' ? 'missingSafe' : 'problemSafe'
}

/** The time today, else day and time. */
function moment(language: string, at: number): string {
  const today = new Date(at).toDateString() === new Date(now()).toDateString()
  return new Intl.DateTimeFormat(language, { ...(!today && { dateStyle: 'medium' }), timeStyle: 'short' }).format(at)
}
