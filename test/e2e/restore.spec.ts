/** A person puts back what was deleted on the server, and takes it away again, in the real window. */
import type { ImapFlow } from 'imapflow'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Dovecot, dovecotMissing, startDovecot } from '../help/dovecot.ts'
import { startScriptedImap } from '../help/scriptedImap.ts'
import { linesOf } from '../help/serverContent.ts'
import { askEngine, describeWindow, type Launched, launchApp } from './help/launch.ts'
import { until } from './help/processes.ts'
import { type Camera, cameraOf } from './help/screens.ts'

const PASSWORD = 'three quiet harbour lamps'

describeWindow('mail that was deleted on the server', () => {
  let dovecot: Dovecot
  let writer: ImapFlow
  let launched: Launched
  let camera: Camera
  let archive: string
  let before: string[]
  const letter = (n: number) =>
    Buffer.from(
      `From: Ada <ada@example.com>\r\nTo: Zofia <zofia@example.com>\r\nSubject: Letter ${n}\r\nMessage-ID: <l${n}@example.com>\r\n\r\nThe text of letter ${n}.\r\n`,
    )

  beforeAll(async () => {
    if (dovecotMissing) return
    dovecot = await startDovecot()
    writer = await dovecot.writer()
    await writer.mailboxCreate('Projekty/Muzeum Portowe')
    for (let n = 1; n <= 4; n++) await writer.append('INBOX', letter(n), ['\\Seen'], new Date(Date.UTC(2024, n, 1)))
    for (let n = 5; n <= 12; n++)
      await writer.append('Projekty/Muzeum Portowe', letter(n), n % 2 ? ['\\Flagged'] : [], new Date(Date.UTC(2023, n, 1)))
    before = await linesOf(writer)
    launched = await launchApp()
    camera = cameraOf(launched.app, launched.page)
    await camera.size(1440, 900)
    await askEngine(launched.page, 'profile.create', { password: PASSWORD })
    const created = await askEngine(launched.page, 'archive.create', { name: 'Harbour office' })
    archive = (created.value as { archive: { id: string } }).archive.id
    const settings = { protocol: 'imap', host: dovecot.host, port: dovecot.imapPort, user: dovecot.user, security: 'plain' }
    await askEngine(launched.page, 'account.set', { archive, settings, password: dovecot.password })
    await captured(12, 0)
    await writer.mailboxDelete('Projekty/Muzeum Portowe')
    await writer.mailboxOpen('INBOX')
    await writer.messageDelete('2')
    await writer.mailboxClose()
    await captured(12, 1)
    await launched.page.reload()
  })
  afterAll(async () => {
    await launched?.[Symbol.asyncDispose]()
    await dovecot?.stop()
  })

  /** The app watches the account: what is new is captured by itself, and sooner when it is asked for. */
  const captured = async (kept: number, gone: number) => {
    await askEngine(launched.page, 'job.capture', { archive })
    await until(async () => {
      const { value } = await askEngine(launched.page, 'archive.status', { archive })
      const { messages, mailboxes } = value as { messages: number; mailboxes: { name: string; gone: number }[] }
      return messages === kept && (mailboxes.find(({ name }) => name === 'INBOX')?.gone ?? 0) === gone
    })
  }

  test.skipIf(dovecotMissing)('one message comes back by one click in the reader', async () => {
    const { page } = launched
    await page.getByText('Letter 2', { exact: true }).first().click()
    await page.getByText('This message is no longer on the server.').waitFor()
    await camera.shoot('restore-message', ['light'])
    await page.getByRole('button', { name: 'Put back', exact: true }).click()
    await page.getByText(/It is on the server again, in Inbox, checked byte for byte/).waitFor({ timeout: 20_000 })
    await camera.shoot('restore-message-done', ['dark'])
    await until(async () => (await linesOf(writer)).filter(line => line.startsWith('INBOX')).length === 4)
  })

  test.skipIf(dovecotMissing)('a folder that vanished, from the note about it: preview, done, and the note is gone; and undone', async () => {
    const { page } = launched
    await page.getByRole('row', { name: 'Harbour office' }).click()
    const note = page.getByRole('alert', { name: 'Messages that disappeared from the server' })
    await note.getByText(/a folder vanished from the server, with 8 messages/).waitFor()
    await note.getByRole('button', { name: 'Put back on the server…' }).click()
    await page.getByRole('heading', { name: 'Put mail back' }).waitFor()
    await camera.shoot('restore-dialog')
    await page.getByRole('button', { name: 'Preview' }).click()
    await page.getByText('8 messages will be added').waitFor({ timeout: 20_000 })
    await camera.shoot('restore-plan')
    await page.getByRole('button', { name: 'Put back 8 messages' }).click()
    await page.getByText(/8 messages put back/).waitFor({ timeout: 20_000 })
    expect(await linesOf(writer)).toEqual(before)
    // The capture that follows finds all of it on the server again: the loss is over, and nobody has to say so.
    await note.waitFor({ state: 'detached', timeout: 20_000 })
    await camera.shoot('restore-done')
    const { value } = await askEngine(page, 'archive.losses', { archive })
    expect(value).toMatchObject({ frozen: false, losses: [{ cause: 'vanished', messages: 8, returned: 8, answer: 'returned' }] })

    await page.getByRole('button', { name: 'Undo…' }).first().click()
    await page.getByText('Take back what was put there?').waitFor()
    await camera.shoot('restore-undo', ['light'])
    await page.getByRole('button', { name: 'Take back' }).click()
    await page.getByText('8 messages taken away again').waitFor({ timeout: 20_000 })
    expect(await linesOf(writer)).toEqual(before.filter(line => line.startsWith('INBOX')))
  })

  test.skipIf(dovecotMissing)('a preview for a server that is not meant any more is not shown when it comes', async () => {
    const { page } = launched
    let answer = () => {}
    const asked = new Promise<void>(resolve => {
      answer = resolve
    })
    const empty = ['* 0 EXISTS', '* OK [UIDVALIDITY 1] .', '* OK [UIDNEXT 1] .', '* OK [PERMANENTFLAGS (\\Seen \\*)] .'].map(line => `${line}\r\n`)
    const slow = await startScriptedImap({
      script: ({ verb }) => (verb === 'LIST' ? { after: asked } : verb === 'SELECT' ? { send: empty } : undefined),
    })
    await page.getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('menuitem', { name: /Put mail back/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.locator('.select-button').nth(1).click()
    await page.getByRole('option', { name: 'Another server…' }).click()
    await dialog.getByLabel('E-mail address or user name').fill(slow.user)
    await dialog.locator('input[name="account-password"]').fill(slow.password)
    await dialog.getByLabel('IMAP server').fill(slow.host)
    await dialog.getByRole('radio', { name: 'None' }).click()
    await dialog.locator('input[name="port"]').fill(String(slow.port))
    await dialog.getByRole('button', { name: 'Preview' }).click()
    await until(() => slow.wire.some(line => line.includes('LIST')))
    await dialog.getByLabel('IMAP server').fill('imap.elsewhere.example')
    answer()
    await dialog.getByText('Looking what is there already…').waitFor({ state: 'detached', timeout: 20_000 })
    expect(await dialog.getByLabel('IMAP server').inputValue()).toBe('imap.elsewhere.example')
    expect(await dialog.getByRole('alert').count()).toBe(0)
    // The same for the server that is meant: it is shown.
    await dialog.getByLabel('IMAP server').fill(slow.host)
    await dialog.getByRole('button', { name: 'Preview' }).click()
    await dialog.getByText(/messages will be added/).waitFor({ timeout: 20_000 })
    await page.keyboard.press('Escape')
    await slow.close()
  })

  test.skipIf(dovecotMissing)('the dialog speaks the languages of the window, and takes a server in full', async () => {
    const { page } = launched
    await page.getByRole('button', { name: 'Close', exact: true }).last().click()
    for (const [language, settings, more, entry, preview, server] of [
      ['Polski', 'Settings', 'Więcej', /Przywróć pocztę/, 'Podgląd', 'Inny serwer…'],
      ['简体中文', 'Ustawienia', '更多', /把邮件放回服务器/, '预览', '另一台服务器…'],
    ] as const) {
      await page.getByRole('button', { name: settings, exact: true }).click()
      await page.locator('.select-button').click()
      await page.getByRole('option', { name: language }).click()
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: more, exact: true }).click()
      await page.getByRole('menuitem', { name: entry }).click()
      await page.getByRole('button', { name: preview, exact: true }).waitFor()
      await camera.shoot(`restore-dialog-${language === 'Polski' ? 'pl' : 'zh'}`, ['light'])
      await page.locator('.sheet .select-button').nth(1).click()
      await page.getByRole('option', { name: server }).click()
      expect(await page.getByRole('button', { name: preview, exact: true }).isDisabled(), 'a server is missing').toBe(true)
      await camera.shoot(`restore-server-${language === 'Polski' ? 'pl' : 'zh'}`, ['dark'])
      await page.keyboard.press('Escape')
    }
  })
})
