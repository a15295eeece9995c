/** What the window asks of the desktop. Native dialogs are answered by the test in the person's place. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ElectronApplication } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { askShell, describeWindow, type Launched, launchApp } from './help/launch.ts'
import { until } from './help/processes.ts'

interface Asked {
  asked: { defaultPath?: string; properties?: string[]; filters?: { extensions: string[] }[] }[]
}

/** The next dialogs are answered with this path, or closed without a choice; what they were opened with is kept. */
async function answerDialogs(app: ElectronApplication, path: string | null): Promise<void> {
  await app.evaluate(({ dialog }, path) => {
    const kept = globalThis as unknown as Asked
    kept.asked = []
    dialog.showOpenDialog = (async (_window: unknown, options: Asked['asked'][number]) => {
      kept.asked.push(options)
      return { canceled: path === null, filePaths: path === null ? [] : [path] }
    }) as never
    dialog.showSaveDialog = (async (_window: unknown, options: Asked['asked'][number]) => {
      kept.asked.push(options)
      return { canceled: path === null, filePath: path ?? '' }
    }) as never
  }, path)
}
const askedFor = (app: ElectronApplication) => app.evaluate(() => (globalThis as unknown as Asked).asked)

describeWindow('the shell', () => {
  describe('in one window', () => {
    let launched: Launched
    let folder: string
    const ask = (name: string, input: unknown = {}) => askShell(launched.page, name, input)

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'mailcoffer-dialogs-'))
      launched = await launchApp()
    })
    afterAll(async () => {
      await launched?.[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    })

    test('says what it is and what it runs on', async () => {
      expect(await ask('app.about')).toMatchObject({
        ok: true,
        value: { version: expect.stringMatching(/^\d+\.\d+\.\d+/), electron: expect.stringMatching(/^\d+\./), language: 'en', theme: 'system' },
      })
    })

    test('a folder that was chosen is given, and none where the dialog was closed', async () => {
      await answerDialogs(launched.app, folder)
      expect(await ask('dialog.openFolder', { startAt: tmpdir() })).toEqual({ ok: true, value: { path: folder } })
      expect(await askedFor(launched.app)).toMatchObject([{ defaultPath: tmpdir(), properties: expect.arrayContaining(['openDirectory']) }])
      await answerDialogs(launched.app, null)
      expect(await ask('dialog.openFolder')).toEqual({ ok: true, value: { path: null } })
      expect(await ask('dialog.openFile', { extensions: ['pem'] })).toEqual({ ok: true, value: { path: null } })
      expect(await ask('dialog.saveFile', { name: 'a.eml' })).toEqual({ ok: true, value: { path: null } })
    })

    test.each([
      ['report.pdf', 'report.pdf'],
      ['../../.bashrc', '_.._.bashrc'],
      ['C:\\Windows\\a.dll', 'C__Windows_a.dll'],
      ['invoice\u202efdp.exe', 'invoice_fdp.exe'],
      ['a\u0000b\nc', 'a_b_c'],
      ['...', 'file'],
    ])('a name out of a message (%j) is only ever suggested as a plain file name', async (name, suggested) => {
      await answerDialogs(launched.app, null)
      await ask('dialog.saveFile', { name })
      expect(await askedFor(launched.app)).toMatchObject([{ defaultPath: suggested }])
    })

    test('a text is saved where the person says, readable by nobody else', async () => {
      const path = join(folder, 'recovery.txt')
      await answerDialogs(launched.app, path)
      expect(await ask('file.saveText', { name: 'recovery.txt', text: 'ABCD-żółć-存档' })).toEqual({ ok: true, value: { path } })
      expect(await readFile(path, 'utf8')).toBe('ABCD-żółć-存档')
    })

    test('a place that cannot be written is an error with its code', async () => {
      await answerDialogs(launched.app, join(folder, 'missing', 'recovery.txt'))
      expect(await ask('file.saveText', { name: 'recovery.txt', text: 'x' })).toMatchObject({ ok: false, error: { code: 'not-found' } })
    })

    test('a small text file is read, a large one refused', async () => {
      const path = join(folder, 'ca.pem')
      await writeFile(path, '-----BEGIN CERTIFICATE-----')
      await answerDialogs(launched.app, path)
      expect(await ask('file.openText')).toEqual({ ok: true, value: { path, text: '-----BEGIN CERTIFICATE-----' } })
      await writeFile(path, 'x'.repeat(200_001))
      expect(await ask('file.openText')).toMatchObject({ ok: false, error: { code: 'invalid-input' } })
    })

    test('text is put on the clipboard', async () => {
      expect(await ask('clipboard.write', { text: 'ABCD-EFGH' })).toEqual({ ok: true, value: {} })
      expect(await launched.app.evaluate(async ({ clipboard }) => clipboard.readText())).toBe('ABCD-EFGH')
    })

    test('a folder is opened in the file manager, a file is only shown there, so that nothing is ever run', async () => {
      await launched.app.evaluate(({ shell }) => {
        const kept = globalThis as unknown as { shown: string[] }
        kept.shown = []
        shell.openPath = async path => {
          kept.shown.push(`open ${path}`)
          return ''
        }
        shell.showItemInFolder = path => void kept.shown.push(`show ${path}`)
      })
      const program = join(folder, 'program.sh')
      await writeFile(program, '#!/bin/sh\n', { mode: 0o755 })
      await ask('path.reveal', { path: program })
      await ask('path.reveal', { path: folder })
      expect(await launched.app.evaluate(() => (globalThis as unknown as { shown: string[] }).shown)).toEqual([`show ${program}`, `open ${folder}`])
    })

    test('without a real keychain it says so, and keeps nothing', async () => {
      // Playwright starts Electron with password-store=basic, which is what a system without a keyring has.
      expect(await ask('keychain.status')).toMatchObject({ ok: true, value: { available: false, stored: false } })
      expect(await ask('keychain.create')).toMatchObject({ ok: false, error: { code: 'no-keychain' } })
      expect(await ask('keychain.read')).toEqual({ ok: true, value: { secret: null } })
    })

    test('a menu entry is told to the window, in the language that was chosen', async () => {
      const label = () => launched.app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('search')?.label)
      expect(await label()).toBe('Search')
      await ask('app.setLanguage', { language: 'pl' })
      expect(await label()).toBe('Szukaj')
      await launched.page.evaluate(() => {
        const page = globalThis as unknown as {
          heard: unknown[]
          mailcoffer: { shell: { on(name: string, listener: (value: unknown) => void): void } }
        }
        page.heard = []
        page.mailcoffer.shell.on('menu', value => page.heard.push(value))
      })
      await launched.app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('search')?.click())
      await until(() => launched.page.evaluate(() => (globalThis as unknown as { heard: unknown[] }).heard.length > 0))
      expect(await launched.page.evaluate(() => (globalThis as unknown as { heard: unknown[] }).heard)).toEqual([{ command: 'search' }])
    })
  })

  test('remembers the window’s place, theme, language and view in the profile, and a lost file costs only that', async () => {
    const profile = await mkdtemp(join(tmpdir(), 'mailcoffer-e2e-'))
    try {
      {
        await using first = await launchApp({ profile })
        await askShell(first.page, 'app.setTheme', { theme: 'dark' })
        await askShell(first.page, 'app.setLanguage', { language: 'de' })
        await askShell(first.page, 'view.save', { view: '{"sidebar":260}' })
        await first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.setBounds({ x: 40, y: 30, width: 1001, height: 702 }))
        await until(() => first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getBounds().width === 1001))
      }
      {
        await using second = await launchApp({ profile })
        expect(await askShell(second.page, 'app.about')).toMatchObject({ value: { theme: 'dark', dark: true, language: 'de' } })
        expect(await askShell(second.page, 'view.load')).toEqual({ ok: true, value: { view: '{"sidebar":260}' } })
        const bounds = await second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getBounds())
        expect(bounds).toMatchObject({ width: 1001, height: 702 })
      }
      await rm(join(profile, 'window'), { recursive: true })
      await mkdir(join(profile, 'window'))
      await using third = await launchApp({ profile })
      expect(await askShell(third.page, 'app.about')).toMatchObject({ value: { theme: 'system', language: 'en' } })
    } finally {
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    }
  })

  test('a window that was on a display that is gone opens where it can be seen', async () => {
    const profile = await mkdtemp(join(tmpdir(), 'mailcoffer-e2e-'))
    try {
      await mkdir(join(profile, 'window'))
      await writeFile(join(profile, 'window/window.json'), JSON.stringify({ bounds: { x: 9000, y: 9000, width: 1000, height: 700 } }))
      await using launched = await launchApp({ profile })
      const { x, y } = await launched.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getBounds())
      expect(Math.max(x, y)).toBeLessThan(2000)
    } finally {
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    }
  })
})
