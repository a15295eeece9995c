/** Answers the window's calls to the shell (contract/shell.ts): parses each input strictly, and answers nobody but our own page. */
import { basename, join } from 'node:path'
import { type BrowserWindow, clipboard, type IpcMainEvent, type IpcMainInvokeEvent, ipcMain } from 'electron'
import type { z } from 'zod'
import type { ShellAnswer } from '../contract/bridge.ts'
import type { EngineClient } from '../contract/contract.ts'
import { AppError, toPlainError } from '../contract/errors.ts'
import { type Presence, type ShellCallName, type ShellCalls, type ShellInput, type ShellOutput, shellCalls } from '../contract/shell.ts'
import * as dialogs from './dialogs.ts'
import type { EngineHost } from './engineHost.ts'
import type { Keychain } from './keychain.ts'
import type { Opened } from './openAttachment.ts'
import { printPaper, savePdf } from './paper.ts'
import { type FetchOptions, fetchImages } from './remoteImages.ts'
import type { SettingsFile } from './settings.ts'
import type { ShellText } from './text.ts'

type Answers = { [N in ShellCallName]: (input: z.output<ShellCalls[N]['input']>) => ShellOutput<N> | Promise<ShellOutput<N>> }

export interface CallsOptions {
  window(): BrowserWindow
  text(): ShellText
  engine: EngineHost
  /** The shell's own line to the engine. */
  mail: EngineClient
  imageSources: FetchOptions
  opened: Opened
  keychain: Keychain
  settings: SettingsFile
  about(): ShellOutput<'app.about'>
  setLanguage(language: ShellOutput<'app.about'>['language']): void
  setTheme(theme: ShellOutput<'app.about'>['theme']): void
  presence(): Presence
  setPresence(change: ShellInput<'app.setPresence'>): void
}

export function answerCalls(options: CallsOptions): void {
  const { window, text, engine, keychain, settings } = options
  const answers: Answers = {
    'app.about': options.about,
    'app.setLanguage': ({ language }) => done(options.setLanguage(language)),
    'app.setTheme': ({ theme }) => done(options.setTheme(theme)),
    'app.presence': options.presence,
    'app.setPresence': change => {
      options.setPresence(change)
      return options.presence()
    },
    'view.save': ({ view }) => done(settings.change({ view })),
    'view.load': () => ({ view: settings.get().view ?? null }),
    'dialog.openFolder': input => dialogs.openFolder(window(), input),
    'dialog.openFile': input => dialogs.openFile(window(), input),
    'dialog.saveFile': input => dialogs.saveFile(window(), input),
    'file.saveText': input => dialogs.saveText(window(), input),
    'file.openText': input => dialogs.openText(window(), input),
    'path.reveal': async ({ path }) => done(await dialogs.reveal(path)),
    'link.open': ({ url }) => dialogs.openLink(window(), url, text()),
    'message.images': async ({ archive, message }) => {
      const { remoteImages } = await options.mail.call('message.show', { archive, message })
      return { images: (await fetchImages(remoteImages, options.imageSources)).map(({ image }) => image) }
    },
    'attachment.open': input => options.opened.open(window(), text(), input),
    'paper.print': async ({ html }) => done(await printPaper(html)),
    'paper.pdf': async ({ html, name, folder }) => {
      const to = folder === undefined ? await dialogs.saveFile(window(), { name }) : { path: join(folder, basename(name)) }
      if (to.path !== null) await dialogs.fileErrors(to.path, path => savePdf(html, path))
      return to
    },
    'clipboard.write': async ({ text: copied }) => done(await clipboard.writeText(copied)),
    'page.print': () => done(window().webContents.print({ printBackground: true })),
    'keychain.status': () => keychain.status(),
    'keychain.create': () => keychain.create(),
    'keychain.read': () => keychain.read(),
    'keychain.forget': async () => done(await keychain.forget()),
    'engine.start': () => {
      engine.start()
      return engine.state()
    },
  }

  ipcMain.handle('shell', async (event, name: unknown, input: unknown): Promise<ShellAnswer> => {
    try {
      if (!isOurPage(event, window())) throw new AppError('contract-violation', 'not our page')
      if (typeof name !== 'string' || !Object.hasOwn(shellCalls, name)) throw new AppError('contract-violation', `there is no call ${String(name)}`)
      const parsed = shellCalls[name as ShellCallName].input.safeParse(input)
      if (!parsed.success) throw new AppError('invalid-input', `${name}: ${parsed.error.issues[0]?.message ?? 'not as agreed'}`)
      const answer = answers[name as ShellCallName] as (input: unknown) => unknown
      return { ok: true, value: await answer(parsed.data) }
    } catch (error) {
      return { ok: false, error: toPlainError(error) }
    }
  })
}

/** Frames inside the page (mail is shown in one) and pages of other windows get no answer. */
export function isOurPage(event: IpcMainEvent | IpcMainInvokeEvent, window: BrowserWindow): boolean {
  return event.sender === window.webContents && event.senderFrame === window.webContents.mainFrame
}

function done(_value: unknown): Record<string, never> {
  return {}
}
