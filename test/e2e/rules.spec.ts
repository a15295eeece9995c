/** How an account is captured, in the real window: providers in its form, folders left out, limits, pauses. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startScriptedAuthorization } from '../help/scriptedAuthorization.ts'
import { type ScriptedImap, startScriptedImap } from '../help/scriptedImap.ts'
import { askEngine, askShell, describeWindow, type Launched, launchApp } from './help/launch.ts'
import { until } from './help/processes.ts'
import { type Camera, cameraOf } from './help/screens.ts'

const PASSWORD = 'three quiet harbour lamps'
const mails = (count: number, about: string) =>
  Array.from({ length: count }, (_, i) => ({ uid: i + 1, bytes: Buffer.from(`From: ada@example.com\r\nSubject: ${about} ${i + 1}\r\n\r\nText\r\n`) }))

describeWindow('how an account is captured', () => {
  let launched: Launched
  let camera: Camera
  let server: ScriptedImap
  let archive: string
  const usual = () => ({ protocol: 'imap', host: server.host, port: server.port, user: server.user, security: 'plain' })

  beforeAll(async () => {
    const roles: Record<string, string> = { Sent: '\\Sent', Drafts: '\\Drafts', Junk: '\\Junk', Trash: '\\Trash' }
    const names = ['INBOX', 'Sent', 'Drafts', 'Junk', 'Trash', 'Newsletters/Daily', 'Newsletters/Weekly', 'Projects/Lighthouse', '合同', 'Żyrandol']
    server = await startScriptedImap({
      mailboxes: names.map((name, i) => ({
        name: name === '合同' ? '&VAhUDA-' : name === 'Żyrandol' ? '&AXs-yrandol' : name,
        attributes: roles[name] ? [roles[name]] : ['\\HasNoChildren'],
        messages: mails(3 + i, name),
      })),
    })
    launched = await launchApp()
    const { page } = launched
    camera = cameraOf(launched.app, page)
    await camera.size(1280, 860)
    await askEngine(page, 'profile.create', { password: PASSWORD })
    const created = await askEngine(page, 'archive.create', { name: 'Harbour office' })
    archive = (created.value as { archive: { id: string } }).archive.id
    await askEngine(page, 'archive.confirmRecovery', { archive, code: (created.value as { recoveryCode: string }).recoveryCode })
    await askEngine(page, 'account.set', { archive, settings: usual(), password: server.password })
    await page.reload()
    await page.getByRole('row', { name: 'Harbour office' }).click()
    await page.getByRole('button', { name: 'Folders and limits…' }).waitFor({ timeout: 20_000 })
    await page.getByText(/Watching · last proven complete/).waitFor({ timeout: 20_000 })
  })
  afterAll(async () => {
    await launched?.[Symbol.asyncDispose]()
    await server?.close()
  })

  test('leaving folders out says what it costs before it can be saved, and they are captured no more', async () => {
    const { page } = launched
    await page.getByRole('button', { name: 'Folders and limits…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Newsletters/Daily').waitFor()
    await camera.shoot('rules-folders')
    await dialog.getByLabel('Leave out by name').fill('Newsletters/*')
    await dialog.getByText('Trash', { exact: true }).first().click()
    await dialog.getByText(/is not kept: Trash, Newsletters\/Daily, Newsletters\/Weekly/).waitFor()
    expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
    await camera.shoot('rules-cost')
    await dialog.getByText('Leave them out all the same').click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    const { value } = await askEngine(page, 'account.rules', { archive })
    expect(value).toMatchObject({ rules: { leaveOutRoles: ['trash'], leaveOutNames: ['Newsletters/*'] } })
  })

  test('limits are numbers a person types; what is no number is said at once', async () => {
    const { page } = launched
    await page.getByRole('button', { name: 'Folders and limits…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Limits', { exact: true }).click()
    await dialog.getByLabel('Leave out messages larger than').fill('many')
    await dialog.getByText('A number, or nothing.').waitFor()
    await dialog.getByLabel('Leave out messages larger than').fill('25')
    await dialog.getByLabel('Use at most').fill('500')
    await dialog.getByText('My own').click()
    await dialog.getByLabel('At most a day').fill('1500')
    await dialog.getByText('Wait while on battery').click()
    await camera.shoot('rules-limits')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    const { value } = await askEngine(page, 'account.rules', { archive })
    expect(value).toMatchObject({
      rules: { largestMessage: 25e6, bytesPerSecond: 500e3, bytesPerDay: 1.5e9, waitOnBattery: true },
      bytesPerDay: 1.5e9,
    })
  })

  test('a pause is shown with its end in the status bar, and ends when a person says so', async () => {
    const { page } = launched
    await page.getByRole('button', { name: 'Folders and limits…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Pause', { exact: true }).click()
    await dialog.getByLabel('Reason').fill('Moving house')
    await camera.shoot('rules-pause', ['light'])
    await dialog.getByRole('button', { name: 'Pause the account' }).click()
    await page.getByText(/You have paused this account · next try/).waitFor()
    await camera.shoot('rules-paused', ['light'])
    await page.getByRole('button', { name: 'Folders and limits…' }).click()
    await dialog.getByText('Pause', { exact: true }).click()
    await dialog.getByText('Moving house').waitFor()
    await dialog.getByRole('button', { name: 'Resume now' }).click()
    await page.getByText(/Watching · last proven complete/).waitFor({ timeout: 15_000 })
  })

  test('what a test of one server says is not shown under another', async () => {
    const { page } = launched
    const sockets: Socket[] = []
    const silent = createServer(socket => void sockets.push(socket.on('error', () => {}))).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    await page.getByRole('button', { name: 'Edit…' }).click()
    const dialog = page.getByRole('dialog')
    const { port } = silent.address() as AddressInfo
    const test = async () => {
      await dialog.getByLabel('Port').fill(String(port))
      await dialog.getByRole('button', { name: 'Test the connection' }).click()
      await until(() => sockets.length > 0)
    }
    const answer = () => sockets.splice(0).forEach(socket => void socket.destroy())
    await test()
    answer()
    await dialog.locator('.account-test .error-note').first().waitFor()
    await dialog.getByLabel('Port').fill('1')
    await test()
    await dialog.getByLabel('Port').fill(String(server.port))
    answer()
    await until(() => dialog.getByRole('button', { name: 'Test the connection' }).isEnabled())
    expect(await dialog.locator('.account-test, .error-note').count()).toBe(0)
    await page.keyboard.press('Escape')
    silent.close()
  })

  test('an address, or a choice from the list, fills in the server, and says what the provider wants', async () => {
    const { page } = launched
    await page.getByRole('button', { name: 'Edit…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: /Provider/ }).click()
    await page.getByRole('option', { name: 'Gmail' }).click()
    await dialog.getByText(/Make an app password/).waitFor()
    expect(await dialog.getByLabel('IMAP server').inputValue()).toBe('imap.gmail.com')
    await camera.shoot('rules-provider')
    await dialog.getByText('POP3', { exact: true }).click()
    expect(await dialog.getByLabel('POP3 server').inputValue()).toBe('pop.gmail.com')
    await dialog.getByLabel('POP3 server').fill('')
    await dialog.getByText('IMAP', { exact: true }).first().click()
    await dialog.getByLabel('E-mail address or user name').fill('ola@wp.pl')
    await dialog.getByLabel('E-mail address or user name').blur()
    await page.waitForTimeout(100)
    expect(await dialog.getByLabel('IMAP server').inputValue()).toBe('imap.wp.pl')
    expect(await dialog.getByLabel('E-mail address or user name').inputValue()).toBe('ola')
    // Of another domain the server is looked for; this one is nobody's (RFC 2606).
    await dialog.getByLabel('IMAP server').fill('')
    await dialog.getByLabel('E-mail address or user name').fill('ola@office.example')
    await dialog.getByLabel('E-mail address or user name').blur()
    await dialog.getByText('No server was found for this address').waitFor()
    expect(await dialog.getByLabel('IMAP server').inputValue()).toBe('imap.office.example')
    await camera.shoot('rules-nothing-found')
    // The address was misspelt: what stood there for it goes with it.
    await dialog.getByLabel('E-mail address or user name').fill('ola@harbour.example')
    await dialog.getByLabel('E-mail address or user name').blur()
    await dialog.getByText('No server was found for this address').waitFor()
    expect(await dialog.getByLabel('IMAP server').inputValue()).toBe('imap.harbour.example')
    // What is typed by hand stays.
    await dialog.getByLabel('IMAP server').fill('mail.office.example')
    await dialog.getByLabel('E-mail address or user name').fill('ola@office.example')
    await dialog.getByLabel('E-mail address or user name').blur()
    await page.waitForTimeout(100)
    expect(await dialog.getByLabel('IMAP server').inputValue()).toBe('mail.office.example')
    await dialog.getByText('No server was found for this address').waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
  })

  test('where passwords are not taken, one signs in on the page of the provider; a client id that is missing is asked for', async () => {
    const { page, app } = launched
    const provider = await startScriptedAuthorization()
    const mail = await startScriptedImap({
      capabilities: ['IMAP4rev1', 'SASL-IR', 'AUTH=XOAUTH2'],
      mailboxes: [{ name: 'INBOX', messages: mails(2, 'Signed in') }],
      takes: token => provider.good.has(token),
    })
    await app.evaluate(({ dialog, shell }) => {
      dialog.showMessageBox = (async () => ({ response: 0, checkboxChecked: false })) as typeof dialog.showMessageBox
      const kept = globalThis as unknown as { opened: string[] }
      kept.opened = []
      shell.openExternal = async url => void kept.opened.push(url)
    })
    const opened = () => app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)
    await page.getByRole('button', { name: 'Edit…' }).click()
    const dialog = page.getByRole('dialog')
    // The server is found, as by the search, while the password is typed.
    const typed = dialog.locator('input[name="account-password"]')
    await typed.pressSequentially('half of')
    await page.evaluate(fillUnseen('host', 'outlook.office365.com'))
    await dialog.getByText(/accepts no passwords from mail programs/).waitFor()
    await typed.pressSequentially(' it')
    expect(await typed.inputValue()).toBe('half of it')
    await dialog.getByRole('radio', { name: /Microsoft/ }).waitFor()
    await dialog.getByLabel('IMAP server').fill('mail.office.example')
    await dialog.getByRole('button', { name: /Provider/ }).click()
    await page.getByRole('option', { name: /Microsoft/ }).click()
    await dialog.getByText(/Mailcoffer needs a client ID/).waitFor()
    expect(await dialog.locator('input[name="account-password"]').count()).toBe(0)
    await camera.shoot('sign-in-client')
    await page.keyboard.press('Escape')
    await askEngine(page, 'signIn.setClient', provider.client)
    await page.getByRole('button', { name: 'Edit…' }).click()
    await dialog.getByLabel('IMAP server').fill(mail.host)
    await dialog.getByLabel('Port').fill(String(mail.port))
    await dialog.getByRole('radio', { name: 'played' }).click()
    await dialog.getByRole('button', { name: 'Sign in at played…' }).click()
    await dialog.getByText(/Finish in the browser/).waitFor()
    await expect.poll(opened).toHaveLength(1)
    await camera.shoot('sign-in-waiting', ['light'])
    await provider.browse((await opened())[0]!)
    await dialog.getByText('You are signed in.').waitFor()
    await camera.shoot('sign-in-done')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached', timeout: 20_000 })
    await askEngine(page, 'account.set', { archive, settings: usual(), password: server.password })
    await mail.close()
    await provider.close()
  })

  test.each(['pl', 'zh'] as const)('in %s nothing is cut off', async language => {
    const { page } = launched
    await askShell(page, 'app.setLanguage', { language })
    await page.reload()
    await page.getByRole('row', { name: 'Harbour office' }).click()
    await page.getByRole('button', { name: language === 'pl' ? 'Foldery i ograniczenia…' : '文件夹与限制…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(language === 'pl' ? 'Ograniczenia' : '限制', { exact: true }).click()
    await camera.shoot(`rules-limits-${language}`, ['light'])
    expect(
      await page.evaluate(
        `[...document.querySelectorAll('[role=dialog] .segment, [role=dialog] .button')].filter(one => one.scrollWidth > one.clientWidth + 1).length`,
      ),
    ).toBe(0)
  })
})

/** In the page, without the field getting the focus. */
const fillUnseen = (name: string, value: string) => `{
  const field = document.querySelector('[role=dialog] input[name="${name}"]')
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, '${value}')
  field.dispatchEvent(new Event('input', { bubbles: true }))
}`
