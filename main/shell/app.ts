/** Puts the shell together: one app per profile, one locked-down session, one window, one engine process. */
import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve, sep } from 'node:path'
import { app, type BrowserWindow, ipcMain, nativeTheme, safeStorage, session as sessions } from 'electron'
import { AppError } from '../contract/errors.ts'
import { defaultProfileDir } from '../contract/profileDir.ts'
import type { ShellEvent, ShellEventName, Theme } from '../contract/shell.ts'
import { answerCalls, isOurPage } from './calls.ts'
import { tellConditions } from './conditions.ts'
import { openLink } from './dialogs.ts'
import { engineClient } from './engineClient.ts'
import { createEngineHost, type EngineHost } from './engineHost.ts'
import { chooseTransport, nodeApiNeeded } from './engineProcess.ts'
import { openKeychain } from './keychain.ts'
import { watchHovering } from './links.ts'
import { lockDownProcess, lockDownSession } from './lockdown.ts'
import { setMenu } from './menu.ts'
import { startChildProcess } from './nodeProcess.ts'
import { createOpened } from './openAttachment.ts'
import { createPresence } from './presence.ts'
import { registerScheme, serveRenderer } from './protocol.ts'
import type { FetchOptions } from './remoteImages.ts'
import { openSettings } from './settings.ts'
import { languageOf, parseSwitches } from './switches.ts'
import { shellText } from './text.ts'
import { startUtilityProcess } from './utilityProcess.ts'
import { createWindow, type WindowOptions } from './window.ts'

export async function runApp(): Promise<void> {
  const switches = parseSwitches(process.argv)
  const profileDir = resolve(switches.profile ?? defaultProfileDir(process.platform, process.env, homedir()))
  // Chromium's own files live in the profile, so that two profiles are two apps, and a profile taken away leaves nothing behind.
  const windowDir = join(profileDir, 'window')
  mkdirSync(windowDir, { recursive: true, mode: 0o700 })
  app.setPath('userData', windowDir)
  app.setName('Mailcoffer')
  let window: BrowserWindow | null = null
  // One question at a time: a second click while a dialog is open is the first one's echo.
  let asking = false
  lockDownProcess((contents, url) => {
    if (asking || !window || contents !== window.webContents) return
    asking = true
    openLink(window, url, text())
      .catch(() => {}) // no address that may be opened: nothing happens, as the link's own status line said
      .finally(() => {
        asking = false
      })
  })
  registerScheme()
  if (!app.requestSingleInstanceLock()) return app.quit() // the other one comes to the front
  await app.whenReady()

  const settings = openSettings(windowDir)
  nativeTheme.themeSource = settings.get().theme ?? 'system'
  const language = () => settings.get().language ?? switches.lang ?? languageOf(app.getPreferredSystemLanguages()) ?? 'en'
  const text = () => shellText[language()]

  const session = sessions.fromPartition('mailcoffer', { cache: false }) // no "persist:", so in memory
  await lockDownSession(session)
  serveRenderer(session, { renderer: join(app.getAppPath(), 'dist/renderer'), pdf: join(app.getAppPath(), 'dist/pdf') })

  const engine = engineFor(profileDir)
  const tell = <N extends ShellEventName>(name: N, value: ShellEvent<N>) => {
    if (window && !window.isDestroyed()) window.webContents.send(`shell:${name}`, value)
  }
  const setMenus = () => setMenu(text(), command => tell('menu', { command }))
  let quitting = false
  const open = (start: WindowOptions['start'] = 'shown') => {
    const opened = createWindow({ session, settings, screenshotMode: switches.screenshotMode, start })
    window = opened
    connect(opened, engine)
    watchHovering(opened.webContents, link => tell('link-hover', link))
    opened.on('close', event => {
      if (quitting || presence.afterWindow() !== 'minimise') return
      event.preventDefault()
      opened.minimize()
    })
    opened.once('closed', () => {
      if (window === opened) window = null
    })
  }
  const show = () => {
    if (!window) return open()
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
  }

  const presence = createPresence({
    engine,
    settings,
    text,
    language,
    profileArgs: switches.profile === null ? [] : [`--profile=${profileDir}`],
    show,
  })

  const mail = engineClient(engine)
  tellConditions(engine, mail)
  const opened = createOpened(join(profileDir, 'opened'), mail)

  setMenus()
  engine.onState(state => tell('engine-state', state))
  nativeTheme.on('updated', () => tell('theme', { dark: nativeTheme.shouldUseDarkColors }))
  answerCalls({
    window: () => {
      if (!window) throw new AppError('cancelled', 'the window is closed')
      return window
    },
    text,
    engine,
    mail,
    imageSources: imageSources(),
    opened,
    keychain: openKeychain(windowDir, safeStorage),
    settings,
    about: () => ({
      version: app.getVersion(),
      platform: `${process.platform} ${process.arch}`,
      electron: process.versions.electron ?? '',
      chromium: process.versions['chrome'] ?? '',
      developmentRuntime: process.env['MAILCOFFER_DEVELOPMENT_RUNTIME'] === '1',
      language: language(),
      systemLanguages: app.getPreferredSystemLanguages(),
      dark: nativeTheme.shouldUseDarkColors,
      theme: settings.get().theme ?? 'system',
      engine: engine.state(),
    }),
    setLanguage: chosen => {
      settings.change({ language: chosen })
      setMenus()
      presence.refresh()
    },
    presence: presence.get,
    setPresence: presence.change,
    setTheme: (theme: Theme) => {
      settings.change({ theme })
      nativeTheme.themeSource = theme
    },
  })

  app.on('second-instance', show)
  app.on('before-quit', () => {
    quitting = true
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin' && presence.afterWindow() === 'quit') app.quit()
  })
  app.on('activate', () => {
    if (!window) open()
  })
  let closed = false
  app.on('will-quit', event => {
    if (closed) return
    event.preventDefault()
    void engine.close().finally(() => {
      opened.empty()
      closed = true
      app.quit()
    })
  })
  if (!switches.hidden) return open()
  await presence.ready
  open(presence.get().tray ? 'hidden' : 'small')
  presence.startedHidden()
}

function engineFor(profileDir: string): EngineHost {
  const nodeApi = Number(process.versions['napi'] ?? 0)
  // For tests: what users run, tried as far as it goes on a runtime that is too old for it.
  const forced = !app.isPackaged && process.env['MAILCOFFER_ENGINE'] === 'utilityProcess'
  const transport = forced ? 'utilityProcess' : chooseTransport({ nodeApi, packaged: app.isPackaged })
  // Threads and the SQLite addon are files on disk, not parts of the archive file of a packaged app.
  const entry = join(app.getAppPath(), 'dist/engine/entry.mjs').replace(`app.asar${sep}`, `app.asar.unpacked${sep}`)
  const args = [`--profile=${profileDir}`]
  const node = process.env['MAILCOFFER_NODE'] || 'node'
  const unable =
    transport === 'utilityProcess' && nodeApi < nodeApiNeeded && !forced
      ? new AppError('runtime-too-old', `this Electron has Node-API ${nodeApi}; ${nodeApiNeeded} is needed`, {
          facts: { missing: `Node-API ${nodeApiNeeded}`, node: process.versions.node },
        })
      : null
  return createEngineHost({
    transport,
    unable,
    start: () => (transport === 'utilityProcess' ? startUtilityProcess(entry, args) : startChildProcess(node, entry, args)),
    log: line => console.error(line),
  })
}

/** For tests: a server on this computer in place of the internet. */
function imageSources(): FetchOptions {
  const only = app.isPackaged ? undefined : process.env['MAILCOFFER_IMAGES_FROM']
  return only === undefined ? {} : { allowed: (address, port) => `${address}:${port}` === only }
}

/** One window's line to the engine, for as long as its page is ours and the same. */
function connect(window: BrowserWindow, engine: EngineHost): void {
  const connection = engine.connect(message => {
    if (!window.isDestroyed()) window.webContents.send('engine', message)
  })
  const onMessage = (event: Electron.IpcMainEvent, message: unknown) => {
    if (!window.isDestroyed() && isOurPage(event, window)) connection.receive(message)
  }
  const onNewPage = (event: Electron.IpcMainEvent) => {
    if (!window.isDestroyed() && isOurPage(event, window)) connection.reset()
  }
  ipcMain.on('engine', onMessage)
  ipcMain.on('engine:new-page', onNewPage)
  window.webContents.on('render-process-gone', () => connection.reset())
  window.once('closed', () => {
    ipcMain.removeListener('engine', onMessage)
    ipcMain.removeListener('engine:new-page', onNewPage)
    connection.close()
  })
}
