/** New mail in the real window, and the app without it. */
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImapFlow } from 'imapflow'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Dovecot, dovecotMissing, startDovecot } from '../help/dovecot.ts'
import { askEngine, askShell, describeWindow, type Launched, launchApp } from './help/launch.ts'
import { until } from './help/processes.ts'

const PASSWORD = 'three quiet harbour lamps'

describeWindow('new mail', () => {
  let dovecot: Dovecot
  let writer: ImapFlow
  let launched: Launched
  let folder: string
  let archive: string
  const deliver = (subject: string) => writer.append('INBOX', Buffer.from(`From: Ada <ada@example.com>\r\nSubject: ${subject}\r\n\r\nText\r\n`))
  const windows = () => launched.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)

  beforeAll(async () => {
    if (dovecotMissing) return
    dovecot = await startDovecot()
    writer = await dovecot.writer()
    await deliver('The first letter')
    folder = await mkdtemp(join(tmpdir(), 'mailcoffer-watch-e2e-'))
    // A desktop that shows icons, as far as the app can tell; and its own place for what starts at login.
    await writeFile(join(folder, 'dbus-send'), '#!/bin/sh\necho "   boolean true"\n')
    await chmod(join(folder, 'dbus-send'), 0o755)
    launched = await launchApp({ env: { PATH: `${folder}:${process.env['PATH']}`, XDG_CONFIG_HOME: folder } })
    await askEngine(launched.page, 'profile.create', { password: PASSWORD })
    const created = await askEngine(launched.page, 'archive.create', { name: 'Harbour office' })
    archive = (created.value as { archive: { id: string } }).archive.id
    const settings = { protocol: 'imap', host: dovecot.host, port: dovecot.imapPort, user: dovecot.user, security: 'plain' }
    await askEngine(launched.page, 'account.set', { archive, settings, password: dovecot.password })
    await launched.page.reload()
  })
  afterAll(async () => {
    await launched?.[Symbol.asyncDispose]()
    await dovecot?.stop()
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  test.skipIf(dovecotMissing)('appears in the list seconds after it arrived, and the status bar says since when all is proven complete', async () => {
    const { page } = launched
    await page.getByText('The first letter').first().waitFor({ timeout: 20_000 })
    await page.getByText(/Watching · last proven complete \d/).waitFor({ timeout: 20_000 })
    await deliver('The second letter')
    await page.getByText('The second letter').first().waitFor({ timeout: 15_000 })
  })

  test.skipIf(dovecotMissing)('is not captured while a person does not want it, and is again when they do', async () => {
    const { page } = launched
    await page.getByRole('row', { name: 'Harbour office' }).click()
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: /Pause capturing new mail/ }).click()
    await page.getByText(/New mail is not captured by itself/).waitFor()
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: /Capture new mail as it comes/ }).click()
    await page.getByText(/Watching · last proven complete/).waitFor({ timeout: 20_000 })
  })

  test.skipIf(dovecotMissing)('a password that the server refuses is said in the status bar, with what a person can do', async () => {
    const { page } = launched
    const settings = { protocol: 'imap', host: dovecot.host, port: dovecot.imapPort, user: dovecot.user, security: 'plain' }
    await askEngine(page, 'account.set', { archive, settings, password: 'wrong' })
    await page.locator('[data-mood="attention"]').waitFor({ timeout: 20_000 })
    await page.getByText(/The server refuses the account · last proven complete/).waitFor()
    await askEngine(page, 'account.set', { archive, settings, password: dovecot.password })
    await page.getByText(/Watching · last proven complete/).waitFor({ timeout: 20_000 })
  })

  test.skipIf(dovecotMissing)('starting at login is off, and is what the system has', async () => {
    const { page } = launched
    expect(await askShell(page, 'app.presence')).toEqual({
      ok: true,
      value: { background: true, weekly: true, startAtLogin: false, canStartAtLogin: true, tray: true },
    })
    await page.getByRole('button', { name: 'Settings', exact: true }).click()
    await page.getByText('Start when I log in').click()
    await until(async () => (await readFile(join(folder, 'autostart/mailcoffer.desktop'), 'utf8').catch(() => '')).includes('--hidden'))
    await page.getByText('Start when I log in').click()
    await until(async () => (await readFile(join(folder, 'autostart/mailcoffer.desktop'), 'utf8').catch(() => 'gone')) === 'gone')
    await page.keyboard.press('Escape')
  })

  test.skipIf(dovecotMissing)('is captured while the window is closed; opened again, it shows what came', async () => {
    const { app, page } = launched
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close())
    await until(async () => (await windows()) === 0)
    await deliver('The third letter')
    const [reopened] = await Promise.all([app.waitForEvent('window'), app.evaluate(({ app }) => app.emit('second-instance'))])
    await reopened.getByText('The third letter').first().waitFor({ timeout: 20_000 })
    launched.page = reopened
    expect(page.isClosed()).toBe(true)
  })

  test.skipIf(dovecotMissing)('does not keep the app running where a person does not want that', async () => {
    const { app, page } = launched
    await askShell(page, 'app.setPresence', { background: false })
    const ended = new Promise(resolve => app.process().once('exit', resolve))
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close()).catch(() => {}) // it may be gone before it answers
    await ended
  })

  test.skipIf(dovecotMissing)('where the desktop shows no icons, closing makes the window small, so that it can be found again', async () => {
    await writeFile(join(folder, 'dbus-send'), '#!/bin/sh\necho "   boolean false"\n')
    await using plain = await launchApp({ profile: launched.profile, env: { PATH: `${folder}:${process.env['PATH']}`, XDG_CONFIG_HOME: folder } })
    await askShell(plain.page, 'app.setPresence', { background: true })
    await plain.page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await plain.page.keyboard.press('Enter')
    await plain.page.getByText(/Watching · last proven complete/).waitFor({ timeout: 20_000 })
    await plain.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close())
    await new Promise(resolve => setTimeout(resolve, 500))
    expect(await plain.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
    expect((await askShell(plain.page, 'app.presence')) as object).toMatchObject({ value: { tray: false } })
  })
})
