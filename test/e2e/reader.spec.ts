/** Reading in the real window: images on request, previews, what is opened elsewhere, paper, the dark, conversations. */
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SampleServer, startSampleServer } from '../../main/engine/demo/sampleServer.ts'
import { readableMail } from '../help/readableMail.ts'
import { askEngine, describeWindow, type Launched, launchApp } from './help/launch.ts'
import { until } from './help/processes.ts'
import { type Camera, cameraOf } from './help/screens.ts'

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FAAhKDveksOjmAAAAAElFTkSuQmCC', 'base64')

describeWindow('reading', () => {
  let launched: Launched
  let page: Page
  let camera: Camera
  let images: Server
  let asked: { url: string; headers: IncomingHttpHeaders }[]
  let server: SampleServer
  let folder: string
  let subjects: string[]

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailcoffer-reader-'))
    asked = []
    images = createServer((request, response) => {
      asked.push({ url: request.url ?? '', headers: request.headers })
      response.setHeader('Set-Cookie', 'tracked=yes')
      if (request.url === '/moved') response.writeHead(302, { Location: '/moved-here.png' }).end()
      else if (request.url === '/page') response.end('<html>')
      else response.end(PNG)
    })
    await new Promise<void>(resolve => images.listen(0, '127.0.0.1', resolve))
    const from = `127.0.0.1:${(images.address() as AddressInfo).port}`
    const mail = readableMail(`http://${from}`)
    subjects = mail.map(({ subject }) => subject)
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
    launched = await launchApp({ env: { MAILCOFFER_IMAGES_FROM: from } })
    page = launched.page
    camera = cameraOf(launched.app, page)
    await camera.size(1440, 900)
    await askEngine(page, 'profile.create', { password: 'three quiet harbour lamps' })
    const { archive } = (await askEngine(page, 'archive.create', { name: 'Harbour office' })).value as { archive: { id: string } }
    const settings = { protocol: 'imap', host: server.host, port: server.port, user: server.user, security: 'plain' }
    await askEngine(page, 'account.set', { archive: archive.id, settings, password: server.password })
    await page.reload()
    await page
      .getByRole('option')
      .nth(mail.length - 1)
      .waitFor({ timeout: 30_000 })
    await page
      .getByText('Development runtime')
      .locator('..')
      .getByRole('button')
      .click({ timeout: 2_000 })
      .catch(() => {}) // no notice, then
  })
  afterAll(async () => {
    await launched?.[Symbol.asyncDispose]()
    await server?.close()
    images?.closeAllConnections()
    images?.close()
    await rm(folder, { recursive: true, force: true })
  })

  const open = async (subject: string) => {
    expect(subjects).toContain(subject)
    await until(() =>
      page
        .getByRole('option')
        .filter({ hasText: subject })
        .first()
        .click({ timeout: 2_000 })
        .then(
          () => true,
          () => false,
        ),
    )
    await page.locator('.reader-head h1', { hasText: subject }).waitFor()
  }
  const frame = () => page.frameLocator('.reader-frame iframe')
  const menu = async (entry: string) => {
    await page.locator('.reader-bar').getByRole('button', { name: 'More for this message' }).click()
    await page.getByRole('menuitem', { name: entry }).click()
  }

  test('remote images come when a person asks, without cookie or referrer; tracking pixels never', async () => {
    await open('Newsletter')
    await page.getByText('1 hidden tracking image was taken out.').waitFor()
    await page.getByText('1 link does not lead where it says.').waitFor()
    expect(asked).toEqual([])
    await camera.shoot('reader-newsletter')
    await page.getByRole('button', { name: 'Load the images' }).click()
    await page.getByText('1 image could not be loaded.').waitFor({ timeout: 20_000 })
    expect(asked.map(({ url }) => url).sort()).toEqual(['/header.png', '/moved', '/moved-here.png', '/page'])
    for (const { headers } of asked) {
      expect(headers['cookie'] ?? headers['referer'] ?? headers['authorization'] ?? headers['origin']).toBeUndefined()
      expect(headers['user-agent']).toBe('Mozilla/5.0')
    }
    expect(await frame().locator('img[src^="data:image/png"]').count()).toBe(2)
    await open('A plain letter')
    await open('Newsletter')
    await page.getByRole('button', { name: 'Load the images' }).waitFor()
    expect(asked).toHaveLength(4)
  })

  test('where a link leads is shown as long as the link is, and not below the source or the next message', async () => {
    await open('Newsletter')
    await frame().locator('a').first().hover()
    await page.locator('.link-status b', { hasText: 'elsewhere.example.net' }).waitFor()
    await page.getByRole('radio', { name: 'Source' }).click()
    await page.locator('.link-status').waitFor({ state: 'detached', timeout: 2_000 })
    await page.getByRole('radio', { name: 'Formatted' }).click()
  })

  test('in the dark, what had dark letters on white has light letters on dark', async () => {
    await page.emulateMedia({ colorScheme: 'dark' })
    for (const subject of ['Newsletter', 'A formatted letter']) {
      await open(subject)
      await page.waitForTimeout(300)
      const shot = await page.locator('.reader-frame iframe').screenshot()
      const shades = await page.evaluate<{ middle: number; brightest: number }>(`(async () => {
        const image = new Image()
        image.src = 'data:image/png;base64,${shot.toString('base64')}'
        await image.decode()
        const canvas = new OffscreenCanvas(image.width, image.height)
        const context = canvas.getContext('2d')
        context.drawImage(image, 0, 0)
        const { data } = context.getImageData(0, 0, image.width, image.height)
        const light = []
        for (let i = 0; i < data.length; i += 4) light.push((data[i] * 299 + data[i + 1] * 587 + data[i + 2] * 114) / 1000)
        light.sort((a, b) => a - b)
        return { middle: light[light.length >> 1], brightest: light.at(-Math.ceil(light.length / 10_000)) }
      })()`)
      expect(shades.middle, subject).toBeLessThan(70)
      expect(shades.brightest, subject).toBeGreaterThan(150)
    }
    await page.emulateMedia({ colorScheme: 'light' })
  })

  test('an invitation, a contact and the server’s doubts are shown; quoted text is folded', async () => {
    await open('Invitation')
    await page.getByRole('heading', { name: 'Odbiór latarni' }).waitFor()
    await page.getByText('Ada Nowak').first().waitFor()
    await camera.shoot('reader-invitation')
    await open('A formatted letter')
    await page.getByText(/The receiving server doubts the sender: SPF fail, DMARC fail/).waitFor()
    expect(await frame().locator('details.mailcoffer-quote').getAttribute('open')).toBeNull()
    expect(await frame().getByText('the quoted question').isVisible()).toBe(false)
    await frame().locator('summary').click()
    await frame().getByText('the quoted question').waitFor()
    await camera.shoot('reader-letter')
  })

  test('the conversation of a message is one click away, wherever its other messages are', async () => {
    await open('Re: A plain letter')
    await page.getByText('3 messages in this conversation').click()
    await camera.shoot('reader-conversation', ['light'])
    await page.locator('.conversation li').first().getByRole('button').click()
    await page.locator('.reader-head h1').getByText('A plain letter', { exact: true }).waitFor()
    await page.getByText(/^In Inbox$/).waitFor()
  })

  test('attachments are previewed: a picture, a text, a PDF, a message', async () => {
    await open('Attachments')
    const look = async (name: string, there: string) => {
      const height = () => page.evaluate("document.querySelector('.sheet').offsetHeight")
      await page.locator('.attachment', { hasText: name }).click()
      const before = await height()
      await page.getByRole('dialog').locator(there).first().waitFor({ timeout: 20_000 })
      await page.waitForTimeout(150)
      expect(await height(), 'no button moves when the preview comes').toBe(before)
    }
    const away = async () => {
      await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
    await look('photo.png', 'iframe')
    await away()
    await look('notes.txt', '.preview-text:has-text("Zażółć gęślą jaźń")')
    await away()
    await look('page.pdf', 'text=2 pages')
    const drawn = await page
      .frames()
      .find(one => one.url().startsWith('app://pdf/'))!
      .evaluate(`(() => {
        const canvas = document.querySelector('canvas')
        const { data } = canvas.getContext('2d').getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1)
        return { red: data[0] > 150 && data[1] < 120, origin: self.origin, bridge: 'mailcoffer' in globalThis }
      })()`)
    expect(drawn).toEqual({ red: true, origin: 'null', bridge: false })
    await camera.shoot('attachment-pdf', ['light'])
    await away()
    await look('inner.eml', '.inner h2:has-text("Inside")')
    const dialog = page.getByRole('dialog')
    await dialog.locator('.attachment', { hasText: 'winmail.dat' }).click()
    await dialog.locator('.attachment', { hasText: 'terms.txt' }).click()
    await dialog.locator('.preview-text', { hasText: 'The terms of the lighthouse.' }).waitFor()
    const path = join(folder, 'terms.txt')
    await launched.app.evaluate(({ dialog }, path) => {
      dialog.showSaveDialog = (async () => ({ canceled: false, filePath: path })) as never
    }, path)
    await dialog.getByRole('button', { name: 'Save…' }).click()
    await page.getByText(`Saved: ${path}`).waitFor()
    expect(await readFile(path, 'utf8')).toBe('The terms of the lighthouse.')
    await rm(path)
    await dialog.getByRole('button', { name: 'Back' }).click()
    await dialog.getByRole('button', { name: 'Back' }).click()
    await dialog.locator('.inner h2', { hasText: 'Inside' }).waitFor()
    await away()
    await look('setup.pdf.exe', 'text=It is a program or can start one.')
    expect(await page.getByRole('dialog').getByRole('button', { name: 'Open with another program' }).count()).toBe(0)
    await camera.shoot('attachment-danger', ['light'])
    await away()
  })

  test('what is opened elsewhere is a read-only copy that is gone when the app ends', async () => {
    await launched.app.evaluate(({ shell }) => {
      const kept = globalThis as unknown as { opened: string[] }
      kept.opened = []
      shell.openPath = async path => {
        kept.opened.push(path)
        return ''
      }
    })
    await page.locator('.attachment', { hasText: 'notes.txt' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Open with another program' }).click()
    await page.getByText('Opened as a read-only copy.').waitFor()
    const [path] = await launched.app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)
    expect(path!.startsWith(join(launched.profile, 'opened'))).toBe(true)
    expect((await stat(path!)).mode & 0o777).toBe(0o400)
    expect((await stat(join(launched.profile, 'opened'))).mode & 0o777).toBe(0o700)
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  })

  test('a message becomes a PDF with its head and all of its text', async () => {
    const path = join(folder, 'letter.pdf')
    await launched.app.evaluate(({ dialog }, path) => {
      dialog.showSaveDialog = (async () => ({ canceled: false, filePath: path })) as never
      dialog.showOpenDialog = (async () => ({ canceled: false, filePaths: [path.replace(/letter\.pdf$/, '')] })) as never
    }, path)
    await open('A formatted letter')
    await menu('Save as PDF…')
    await page.getByText(`Saved: ${path}`).waitFor({ timeout: 20_000 })
    const pdf = await readFile(path)
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs')
    const reading = getDocument({ data: new Uint8Array(pdf), verbosity: 0 })
    const read = await reading.promise
    const items = (await (await read.getPage(1)).getTextContent()).items
    const words = items.map(item => ('str' in item ? item.str : '')).join(' ')
    for (const part of ['A formatted letter', 'ada@example.org', 'Dear all', 'the quoted question']) expect(words).toContain(part)
    await reading.destroy()
  })

  test('all attachments are saved at once', async () => {
    await open('Attachments')
    await menu('Save all attachments…')
    await page.getByText(/5 attachments saved/).waitFor()
    expect((await readdir(folder)).filter(name => name !== 'letter.pdf').sort()).toEqual([
      'inner.eml',
      'notes.txt',
      'page.pdf',
      'photo.png',
      'setup.pdf.exe',
    ])
    const { profile } = launched
    await launched.close()
    expect(await readdir(profile)).not.toContain('opened')
  })
})
