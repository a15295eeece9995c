/** What a person is told without having asked, in the real window: gaps, problems, and a loss on the server. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ScriptedImap, type ScriptedMailbox, startScriptedImap } from '../help/scriptedImap.ts'
import { askEngine, askShell, describeWindow, type Launched, launchApp } from './help/launch.ts'
import { until } from './help/processes.ts'
import { type Camera, cameraOf } from './help/screens.ts'

const PASSWORD = 'three quiet harbour lamps'

const mail = (uid: number, subject: string) => ({
  uid,
  bytes: Buffer.from(`From: Ada Nowak <ada@example.com>\r\nTo: me@example.com\r\nSubject: ${subject}\r\n\r\nText ${uid}\r\n`),
  flags: ['\\Seen'],
  date: '02-Feb-2026 10:11:12 +0000',
})

describeWindow('what stands in the way', () => {
  let server: ScriptedImap
  let launched: Launched
  let camera: Camera
  let archive: string
  let refused = true
  let forbidden = false
  const inbox: ScriptedMailbox = { name: 'INBOX', messages: Array.from({ length: 70 }, (_, n) => mail(n + 1, `Letter ${n + 1}`)) }
  const projects: ScriptedMailbox = { name: 'Projects', messages: Array.from({ length: 5 }, (_, n) => mail(n + 1, `Plan ${n + 1}`)) }
  const capture = () => askEngine(launched.page, 'job.capture', { archive })

  beforeAll(async () => {
    server = await startScriptedImap({
      mailboxes: [inbox, projects],
      script: ({ verb, mailbox, args }) =>
        (forbidden && verb === 'EXAMINE' && args.includes('Projects') ? { no: '[NOPERM] not yours' } : undefined) ??
        (refused && mailbox === projects && verb === 'UID FETCH' && /BODY/i.test(args) && /(^|[,: ])(3|1:5|5:1)\b/.test(args)
          ? { no: 'cannot read' }
          : undefined),
    })
    launched = await launchApp()
    camera = cameraOf(launched.app, launched.page)
    await askEngine(launched.page, 'profile.create', { password: PASSWORD })
    archive = ((await askEngine(launched.page, 'archive.create', { name: 'Harbour office' })).value as { archive: { id: string } }).archive.id
    const settings = { protocol: 'imap', host: server.host, port: server.port, user: server.user, security: 'plain' }
    await askEngine(launched.page, 'account.set', { archive, settings, password: server.password })
    await launched.page.reload()
    await camera.size(1320, 860)
  })
  afterAll(async () => {
    await launched?.[Symbol.asyncDispose]()
    await server?.close()
  })

  test('a message that cannot be had is a gap with its reason, on the list of problems until it was had', async () => {
    const { page } = launched
    await page.getByRole('row', { name: 'Harbour office' }).click()
    await page.locator('.problems').getByText('1 message of “Projects” could not be had').waitFor({ timeout: 30_000 })
    await page.getByRole('button', { name: '1 gap' }).click()
    await page.getByText('UID 3', { exact: true }).waitFor()
    await camera.shoot('problems')
    refused = false
    await page.locator('.gaps').getByRole('button', { name: 'Try now' }).click()
    await page.locator('.problems').getByText('could not be had').waitFor({ state: 'detached', timeout: 30_000 })
    await page.getByText('1 problem solved').waitFor({ timeout: 20_000 })
    await page.getByText(/Last proven complete .* today/).waitFor({ timeout: 20_000 })
  })

  test('when much disappears from the server the window says so until it is answered, and shows exactly what it was', async () => {
    const { page } = launched
    inbox.messages = inbox.messages.filter(({ uid }) => uid > 60)
    inbox.uidNext = 71
    await capture()
    const banner = page.getByRole('alert', { name: 'Messages that disappeared from the server' })
    await banner.getByText('“Harbour office”: 60 of 75 messages disappeared from the server (Inbox).').waitFor({ timeout: 30_000 })
    await camera.shoot('loss')
    await page.reload()
    await banner.getByRole('button', { name: 'Show the messages' }).click({ timeout: 20_000 })
    await page.getByRole('heading', { name: /Gone since/ }).waitFor()
    await page.locator('.list-title').getByText('60 messages').waitFor()
    await page.getByText('Letter 60').first().click()
    await page.getByText('Text 60').first().waitFor()
    await camera.shoot('loss-list')
    for (const language of ['pl', 'zh', 'de']) {
      await askShell(page, 'app.setLanguage', { language })
      await page.reload()
      await page.getByRole('alert').first().waitFor({ timeout: 20_000 })
      await page.getByRole('row', { name: 'Harbour office' }).click()
      await page.locator('.problems').waitFor()
      await camera.shoot(`loss-${language}`, ['light'])
    }
    await askShell(page, 'app.setLanguage', { language: 'en' })
    await page.reload()
    await banner.getByRole('button', { name: 'It was meant so' }).click({ timeout: 20_000 })
    await banner.waitFor({ state: 'detached' })
    const { value } = await askEngine(page, 'archive.losses', { archive })
    expect(value).toMatchObject({ frozen: false, losses: [{ messages: 60, answer: 'intended' }] })
    await until(async () => (await page.locator('.problems').count()) === 0)
  })

  test('a folder that the server does not open can be left out where it is named', async () => {
    const { page } = launched
    await page.getByRole('row', { name: 'Harbour office' }).click()
    forbidden = true
    projects.messages = [...projects.messages, mail(6, 'Plan 6')]
    await capture()
    const line = page.locator('.problems li').filter({ hasText: 'Projects' })
    await line.waitFor({ timeout: 30_000 })
    await camera.shoot('problem-folder')
    await line.getByRole('button', { name: 'Folders and limits…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Leave out by name').fill('Projects')
    await dialog.getByText('Leave them out all the same').click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    await capture()
    await line.waitFor({ state: 'detached', timeout: 30_000 })
  })

  test('the weekly notice is on until a person turns it off', async () => {
    const { page } = launched
    expect(await askShell(page, 'app.presence')).toMatchObject({ value: { weekly: true } })
    await page.getByRole('button', { name: 'Settings', exact: true }).click()
    await page.getByText('Tell me once a week how my archives stand').click()
    await until(async () => ((await askShell(page, 'app.presence')) as { value: { weekly: boolean } }).value.weekly === false)
  })
})
