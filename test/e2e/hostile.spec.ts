/** Mail that wants to run, to load, to leave and to fill the memory is opened in the real window, every message and every attachment of it. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SampleServer, startSampleServer } from '../../main/engine/demo/sampleServer.ts'
import { badNames, type Hostile, hostileMail } from '../help/hostileMail.ts'
import { askEngine, describeWindow, type Launched, launchApp } from './help/launch.ts'
import { enginePid, until } from './help/processes.ts'
import { type SocketWatch, watchSockets } from './help/sockets.ts'

const OPEN_MS = 15_000 // on a computer that does much else
const lengthy = new Set(['A hundred thousand open tags', 'A hundred thousand headers', 'A line without end'])
const ENGINE_MB = 900

describeWindow('hostile mail', () => {
  let launched: Launched
  let page: Page
  let trap: Server
  let visits: string[]
  let server: SampleServer
  let sockets: SocketWatch
  let mail: Hostile[]
  let archive: string
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailcoffer-hostile-'))
    visits = []
    trap = createServer((request, response) => {
      visits.push(request.url ?? '')
      response.end()
    })
    trap.on('connection', () => visits.push('a connection'))
    await new Promise<void>(resolve => trap.listen(0, '127.0.0.1', resolve))
    mail = hostileMail(`http://127.0.0.1:${(trap.address() as AddressInfo).port}`)
    server = await startSampleServer({
      delimiter: '/',
      mailboxes: [
        {
          path: ['INBOX'],
          use: null,
          selectable: true,
          subscribed: true,
          uidValidity: 1,
          uidNext: mail.length + 1,
          messages: mail.map(({ bytes }, i) => ({ uid: i + 1, flags: ['\\Seen'], internalDate: 1_750_000_000 + i * 60, zone: 0, bytes })),
        },
      ],
    })
    // The one proxy there is refuses: the trap, which counts who asks it.
    const proxy = `http://127.0.0.1:${(trap.address() as AddressInfo).port}`
    launched = await launchApp({ env: { http_proxy: proxy, https_proxy: proxy, all_proxy: proxy, HTTP_PROXY: proxy, HTTPS_PROXY: proxy } })
    page = launched.page
    sockets = watchSockets(launched.app.process().pid!)
    await askEngine(page, 'profile.create', { password: 'three quiet harbour lamps' })
    archive = ((await askEngine(page, 'archive.create', { name: 'Harbour office' })).value as { archive: { id: string } }).archive.id
    const settings = { protocol: 'imap', host: server.host, port: server.port, user: server.user, security: 'plain' }
    await askEngine(page, 'account.set', { archive, settings, password: server.password })
    await page.reload()
    await until(async () => (await rows()).length === mail.length && (await rows()).every(({ parse }) => parse !== 'pending'), 60_000)
  })
  afterAll(async () => {
    sockets?.end()
    await launched?.[Symbol.asyncDispose]()
    await server?.close()
    trap?.closeAllConnections()
    trap?.close()
    await rm(folder, { recursive: true, force: true })
  })

  const rows = async () => {
    const answer = await askEngine(page, 'message.window', { archive, mailbox: null, from: null, direction: 'after', limit: 100 })
    return (answer.value as { rows: { id: string; subject: string; parse: string }[] }).rows
  }
  const open = async (subject: string) => {
    const list = page.getByRole('listbox')
    const below = mail.length - 1 - mail.findIndex(one => one.subject === subject)
    const row = list.getByRole('option').filter({ hasText: subject }).first()
    // The list may be moved by a look for new mail in between.
    await until(async () => {
      await list.evaluate((element, share) => element.scrollTo({ top: element.scrollHeight * share }), Math.max(0, below - 2) / mail.length)
      return row.click({ timeout: 2_000 }).then(
        () => true,
        () => false,
      )
    }, 20_000)
    await page.locator('.reader-head h1', { hasText: subject }).waitFor({ timeout: OPEN_MS })
  }
  const untouched = async () => {
    expect(visits).toEqual([])
    expect(await page.evaluate('[globalThis.pwned, document.title]')).toEqual([undefined, 'Mailcoffer'])
  }

  test('is captured and listed, all of it, whatever it is made of', async () => {
    expect((await rows()).map(({ subject }) => subject).sort()).toEqual(mail.map(({ subject }) => subject).sort())
  })

  /**
   * In each frame that shows something now. One that gave way to another while it was asked, or was given the document of the next message, is asked in vain:
   * then all are asked again.
   */
  const leftInFrames = async (): Promise<number[]> => {
    for (;;) {
      const frames = page.frames().filter(frame => frame.parentFrame() === page.mainFrame())
      try {
        return await Promise.all(
          frames.map(frame =>
            frame.evaluate<number>(
              `document.querySelectorAll('script, iframe, frame, object, embed, form, input, button, link, base, meta[http-equiv=refresh], svg, math, video, audio, template, [src^=http], [background], [ping], [srcset]').length`,
            ),
          ),
        )
      } catch (error) {
        const gaveWay = frames.some(frame => frame.isDetached()) || /Execution context was destroyed/.test(String(error))
        if (page.isClosed() || !gaveWay) throw error
      }
    }
  }

  test('opens in bounded time, in every view; nothing runs, and nobody is told', { timeout: 240_000 }, async () => {
    await page
      .getByRole('option')
      .filter({ hasText: mail.at(-1)!.subject })
      .waitFor()
    const wentTo = new Set<string>()
    page.on('framenavigated', frame => void (frame.parentFrame() && wentTo.add(frame.url())))
    // The newest first, as the list has them.
    for (const [below, { subject }] of [...mail].reverse().entries()) {
      await page.getByRole('listbox').focus()
      await page.keyboard.press(below === 0 ? 'Home' : 'ArrowDown')
      await page.locator('.reader-head h1', { hasText: subject }).waitFor({ timeout: OPEN_MS })
      for (const view of lengthy.has(subject) ? ['Text', 'Source', 'Formatted'] : []) {
        const button = page.getByRole('radio', { name: view, exact: true })
        if (await button.isVisible()) await button.click()
      }
      for (const left of await leftInFrames()) expect(left, subject).toBe(0)
    }
    await page.waitForTimeout(500)
    await untouched()
    // Frames were given one message after the other by the reader, and went nowhere by themselves.
    expect([...wentTo]).toEqual(['about:srcdoc'])
  })

  test('its attachments are shown without running, loading or filling anything', { timeout: 120_000 }, async () => {
    await open('Attachments that are not what they seem')
    const names = await page.locator('.attachment .attachment-name').allTextContents()
    expect(names).toHaveLength(9)
    for (let i = 0; i < names.length; i++) {
      await page.locator('.attachment').nth(i).click()
      const sheet = page.getByRole('dialog')
      await sheet.locator('.preview-frame, .preview-text, .preview-nothing, .inner, .error-note').first().waitFor({ timeout: OPEN_MS })
      if (names[i] === 'script.pdf') await sheet.getByText('1 page').waitFor({ timeout: 20_000 })
      if (names[i] === 'really.pdf') await sheet.getByText('It is a program or can start one.').waitFor()
      if (names[i] === 'inner.eml') await sheet.frameLocator('iframe').getByText('inner text').waitFor()
      await page.waitForTimeout(150)
      await sheet.getByRole('button', { name: 'Close' }).click()
      await sheet.waitFor({ state: 'detached' })
    }
    await untouched()
  })

  test('its attachments are saved under names that stay in the folder that was chosen', async () => {
    const id = (await rows()).find(({ subject }) => subject === 'Names')!.id
    const into = await mkdtemp(join(folder, 'chosen-'))
    const before = await readdir(dirname(into))
    const saved = await askEngine(page, 'attachment.saveAll', { archive, message: id, to: into })
    expect(saved.value).toMatchObject({ failed: [] })
    const files = await readdir(into)
    expect(files).toHaveLength(badNames.length)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    expect(files.filter(name => /[\x00-\x1f\u202a-\u202e<>:"|?*\\]|^\.|[. ]$|^(con|aux)(\.|$)/i.test(name))).toEqual([])
    expect(await readdir(dirname(into))).toEqual(before)
    expect(await readdir(tmpdir())).not.toContain('mailcoffer-escaped')
  })

  test('a link is opened by nobody but the person, who is asked with its whole address', async () => {
    await launched.app.evaluate(({ dialog, shell }) => {
      const kept = globalThis as unknown as { asked: string[]; opened: string[] }
      Object.assign(kept, { asked: [], opened: [] })
      dialog.showMessageBox = (async (_window: unknown, options: { detail: string }) => {
        kept.asked.push(options.detail)
        return { response: kept.asked.length > 1 ? 0 : 1, checkboxChecked: false }
      }) as never
      shell.openExternal = async url => void kept.opened.push(url)
    })
    const kept = () =>
      launched.app.evaluate(() => globalThis as unknown as { asked: string[]; opened: string[] }).then(({ asked, opened }) => ({ asked, opened }))
    await open('Things that load by HTML')
    await page.getByRole('radio', { name: 'Formatted', exact: true }).click()
    const link = page.frameLocator('.reader-frame iframe').getByText('a link', { exact: true })
    await link.hover()
    await page.locator('.link-status b', { hasText: '127.0.0.1' }).waitFor()
    await link.click()
    await until(async () => (await kept()).asked.length === 1)
    expect((await kept()).asked[0]).toContain(visits.length === 0 ? '127.0.0.1' : 'nobody came')
    expect((await kept()).opened).toEqual([])
    await link.click()
    await until(async () => (await kept()).opened.length === 1)
    await untouched()
  })

  test('the search finds what is in it, the engine’s memory is bounded, and no socket went anywhere but to the mail server', async () => {
    const found = await askEngine(page, 'search.window', { archives: [archive], query: 'ABC', from: null, limit: 5 })
    expect((found.value as { rows: { subject: string }[] }).rows.map(({ subject }) => subject)).toContain('Reading what is on the page by CSS')
    const status = await readFile(`/proc/${enginePid(launched.app)}/status`, 'utf8')
    expect(Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1]) / 1024).toBeLessThan(ENGINE_MB)
    await untouched()
    // Playwright's own line to the app is the one that listens.
    expect(
      [...sockets.seen].filter(address => !address.startsWith('listen:') && address !== `127.0.0.1:${server.port}` && !isPlaywright(address)),
    ).toEqual([])
  })

  /** What drives the window in a test comes from outside of it, to a port the app listens at. */
  const isPlaywright = (address: string) =>
    address.startsWith('127.0.0.1:') &&
    [...sockets.seen].some(one => one.startsWith('listen:127.0.0.1')) &&
    Number(address.split(':')[1]) > 32_000 &&
    address !== `127.0.0.1:${(trap.address() as AddressInfo).port}`
})
