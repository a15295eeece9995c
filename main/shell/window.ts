/** The window: opens where it was, stays hidden until it has something to show, and never outside of every screen. */
import { join } from 'node:path'
import { app, BrowserWindow, nativeTheme, type Rectangle, type Session, screen } from 'electron'
import { origin } from './rendererFiles.ts'
import type { SettingsFile } from './settings.ts'

const smallest = { width: 900, height: 600 }
const usual = { width: 1280, height: 820 }
/** What pictures are taken at; the same on every machine. */
const forPictures = { x: 0, y: 0, width: 1280, height: 800 }

export interface WindowOptions {
  session: Session
  settings: SettingsFile
  screenshotMode: boolean
  /** hidden: made, and not shown until somebody asks for it; small: only in the task bar. */
  start?: 'shown' | 'hidden' | 'small'
}

export function createWindow({ session, settings, screenshotMode, start = 'shown' }: WindowOptions): BrowserWindow {
  const { bounds, maximized } = settings.get()
  const place = screenshotMode ? forPictures : bounds && isOnAScreen(bounds) ? bounds : usual
  const window = new BrowserWindow({
    ...place,
    ...(screenshotMode ? { useContentSize: true } : {}),
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    title: 'Mailcoffer',
    icon: join(app.getAppPath(), 'resources/icons/256x256.png'),
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#16181d' : '#f7f7f8',
    // The menu is there at a touch of Alt; on macOS it is at the top of the screen anyway.
    autoHideMenuBar: true,
    webPreferences: {
      preload: join(app.getAppPath(), 'dist/preload/bridge.cjs'),
      session,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      navigateOnDragDrop: false,
      disableDialogs: true,
      devTools: !app.isPackaged,
    },
  })
  if (maximized && !screenshotMode) window.maximize()
  window.once('ready-to-show', () => {
    if (start === 'shown') window.show()
    else if (start === 'small') window.minimize()
  })
  if (!screenshotMode) {
    window.on('close', () => settings.change({ bounds: window.getNormalBounds(), maximized: window.isMaximized() }))
  }
  // A page that is gone is loaded again: the engine and its jobs do not notice.
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit' && !window.isDestroyed()) window.webContents.reload()
  })
  void window.loadURL(`${origin}/index.html`)
  return window
}

/** A display may have been unplugged since: enough of the title bar must be somewhere where it can be taken hold of. */
function isOnAScreen(bounds: Rectangle): boolean {
  return screen.getAllDisplays().some(({ workArea }) => {
    const across = Math.min(bounds.x + bounds.width, workArea.x + workArea.width) - Math.max(bounds.x, workArea.x)
    return across >= 100 && bounds.y >= workArea.y - 10 && bounds.y < workArea.y + workArea.height - 50
  })
}
