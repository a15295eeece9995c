/** The icon in the system's tray: how everything stands at a glance, and the few things one wants without a window. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { Menu, Tray } from 'electron'
import type { ProblemKind } from '../contract/problems.ts'
import type { Standing, State } from './standing.ts'
import type { ShellText } from './text.ts'
import { trayIcon } from './trayIcon.ts'

export interface TrayActions {
  open(): void
  capture(): void
  /** All watches, until they are resumed or the app is started again. */
  pause(paused: boolean): void
  quit(): void
}

export interface TrayView {
  show(standing: Standing, text: ShellText): void
  remove(): void
}

export function createTray(iconFile: string, time: (at: number) => string, actions: TrayActions): TrayView {
  let tray: Tray | null = null
  let shown = ''
  return {
    show: (standing, text) => {
      const line = trayLine(standing, text, time)
      const key = JSON.stringify([line, standing.state, text.trayOpen])
      if (key === shown) return
      shown = key
      if (!tray) {
        tray = new Tray(trayIcon(iconFile, standing.state))
        tray.on('click', actions.open)
      } else tray.setImage(trayIcon(iconFile, standing.state))
      tray.setToolTip(`Mailcoffer · ${line}`)
      tray.setContextMenu(menu(standing.state, line, text, actions))
    },
    remove: () => {
      tray?.destroy()
      tray = null
      shown = ''
    },
  }
}

function menu(state: State, line: string, text: ShellText, { open, capture, pause, quit }: TrayActions): Menu {
  const paused = state === 'paused'
  return Menu.buildFromTemplate([
    { label: line, enabled: false },
    { type: 'separator' },
    { label: text.trayOpen, click: open },
    { label: text.capture, click: capture, enabled: !paused },
    { label: paused ? text.trayResume : text.trayPause, click: () => pause(!paused) },
    { type: 'separator' },
    { label: text.quit, click: quit },
  ])
}

/** Its sentence in ShellText. */
export function problemText(kind: ProblemKind): keyof ShellText {
  return kind === 'other' || kind === 'network' || kind === 'server' || kind === 'job' ? 'problem-problem' : `problem-${kind}`
}

/** "Everything proven complete 14:02", or what is amiss and where. */
export function trayLine(
  { state, lastProven, problems }: Pick<Standing, 'state' | 'lastProven' | 'problems'>,
  text: ShellText,
  time: (at: number) => string,
): string {
  const [first] = problems
  if (first) return `${first.name}: ${text[problemText(first.problem.kind)]}${problems.length > 1 ? ` (+${problems.length - 1})` : ''}`
  if (state === 'capturing') return text.trayCapturing
  if (state === 'paused') return text.trayPaused
  const proven = lastProven === null ? '' : text.trayProven.replace('{{time}}', time(lastProven))
  if (state === 'waiting') return [text.trayWaiting, proven].filter(Boolean).join(' · ')
  return proven || text.trayWatching
}

/**
 * Whether icons of apps are shown anywhere on this desktop. Linux has no way to tell but to ask the session's bus who shows them; where nobody
 * answers (GNOME without an extension, a bare window manager), an app that hid itself could not be found again.
 */
export async function hasTray(platform: NodeJS.Platform = process.platform): Promise<boolean> {
  if (platform !== 'linux') return true
  const question = ['--session', '--dest=org.freedesktop.DBus', '--print-reply', '/org/freedesktop/DBus', 'org.freedesktop.DBus.NameHasOwner']
  try {
    const { stdout } = await promisify(execFile)('dbus-send', [...question, 'string:org.kde.StatusNotifierWatcher'], { timeout: 3_000 })
    return /boolean true/.test(stdout)
  } catch {
    return false // no bus, or no such program: nobody shows icons that we could know of
  }
}
