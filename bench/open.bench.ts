/**
 * From the click on a message to its painted body (of long HTML its beginning, which is all that is asked for at first), in the real window.
 * `npm run bench -- open [messages]`: by default 180, from 2 KB of plain text to 1 MB of HTML with pictures and attachments, each opened once, one far
 * from the other, and then again some by the arrow key, each the neighbour of the one before; goal: p95 100 ms.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { _electron as electron } from 'playwright-core'
import { startSampleServer } from '../main/engine/demo/sampleServer.ts'
import { createEngine } from '../main/engine/engine.ts'
// @ts-expect-error: a script without types
import setup from '../test/e2e/setup.mjs'

const COUNT = Number(process.argv[2] ?? 180)
const GOAL = 100
/** Has no divisor in common with COUNT, so that each is opened once. */
const STRIDE = [37, 41, 43].find(prime => COUNT % prime !== 0)!
const PASSWORD = 'a password of the bench'
const root = fileURLToPath(new URL('..', import.meta.url))

const sentence = 'The meeting about the lighthouse was moved to Thursday, because the tide leaves no other day for the crane. '
const paragraph = (n: number) => `<p style="margin:0 0 12px;color:#333">${sentence.repeat(4)}<a href="https://example.org/${n}">More about it</a></p>`
const cell = (n: number) => `<td width="280" style="padding:8px;font:13px Arial"><b>Offer ${n}</b><br>${sentence}</td>`

type Kind = { name: string; body(n: number): string }
const plain = (text: string) => `Content-Type: text/plain; charset=utf-8\r\n\r\n${text}`
const html = (text: string) => `Content-Type: text/html; charset=utf-8\r\n\r\n<html><body>${text}</body></html>`
const lines = (bytes: Buffer) => bytes.toString('base64').replace(/.{76}/g, '$&\r\n')
const noise = (bytes: number, seed: number) => Buffer.from(Uint8Array.from({ length: bytes }, (_, i) => (i * 2654435761 * (seed + 1)) >>> 13))

const kinds: Kind[] = [
  { name: 'plain text, 2 KB', body: () => plain(`${sentence}\r\n`.repeat(18)) },
  { name: 'plain text, 200 KB', body: () => plain(`${sentence}\r\n`.repeat(1900)) },
  { name: 'HTML, 30 KB', body: () => html(Array.from({ length: 55 }, (_, i) => paragraph(i)).join('\r\n')) },
  {
    name: 'newsletter of tables, 300 KB',
    body: n => html(`<table>${Array.from({ length: 850 }, (_, i) => `<tr>${cell(i + n)}${cell(i)}</tr>`).join('\r\n')}</table>`),
  },
  { name: 'HTML, 1 MB', body: () => html(Array.from({ length: 1750 }, (_, i) => paragraph(i)).join('\r\n')) },
  {
    name: 'pictures and attachments, 1 MB',
    body: n => {
      const picture = `Content-Type: image/bmp\r\nContent-ID: <p@x>\r\nContent-Transfer-Encoding: base64\r\n\r\n${lines(bitmap(300, 250))}\r\n`
      const file = `Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n${lines(noise(450_000, n))}\r\n`
      const page = html(`${paragraph(n)}<img src="cid:p@x" width="300">${paragraph(n)}`)
      return `Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: multipart/related; boundary=r\r\n\r\n--r\r\n${page}\r\n--r\r\n${picture}--r--\r\n--m\r\n${file}--m--\r\n`
    },
  },
]

const subjectOf = (n: number): string => `${n} ${kinds[n % kinds.length]!.name}`

async function run(): Promise<void> {
  const closeDisplay = await setup()
  if (process.env['MAILCOFFER_E2E_SKIP']) process.exit(2)
  const messages = Array.from({ length: COUNT }, (_, n) => {
    const kind = kinds[n % kinds.length]!
    const head = `From: Ada <ada@example.org>\r\nTo: b@example.org\r\nSubject: ${subjectOf(n)}\r\nMessage-ID: <${n}@bench>\r\nMIME-Version: 1.0\r\n`
    return { uid: n + 1, flags: ['\\Seen'], internalDate: 1_750_000_000 + n * 60, zone: 0, bytes: Buffer.from(head + kind.body(n)) }
  })
  const server = await startSampleServer({
    delimiter: '/',
    mailboxes: [{ path: ['INBOX'], use: null, selectable: true, subscribed: true, uidValidity: 1, uidNext: COUNT + 1, messages }],
  })
  const profile = await mkdtemp(join(tmpdir(), 'mailcoffer-open-'))
  try {
    await capture(profile, server)
    const took = await openAll(profile)
    for (const { name } of kinds)
      report(
        name,
        took.click.filter(one => one.kind === name),
      )
    report('all', took.click)
    report('the next one, by Arrow Down', took.arrow)
  } finally {
    await server.close()
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    closeDisplay?.()
  }
}

async function capture(profile: string, server: { host: string; port: number; user: string; password: string }): Promise<void> {
  const engine = createEngine({ profileDir: profile, transport: 'bench' })
  await engine.client.call('profile.create', { password: PASSWORD })
  const { archive } = await engine.client.call('archive.create', { name: 'Bench' })
  const settings = { protocol: 'imap' as const, host: server.host, port: server.port, user: server.user, security: 'plain' as const }
  await engine.client.call('account.set', { archive: archive.id, settings, password: server.password })
  await engine.client.call('archive.watch', { archive: archive.id, on: false })
  const job = await engine.client.call('job.capture', { archive: archive.id })
  await engine.client.call('job.wait', { job: job.id })
  await engine.close()
}

/** The page itself says how long it took. */
async function openAll(profile: string): Promise<{ click: Took[]; arrow: Took[] }> {
  const switches = JSON.parse(process.env['MAILCOFFER_E2E_SWITCHES'] ?? '[]') as string[]
  const app = await electron.launch({
    args: [...switches, root, `--profile=${profile}`, '--lang=en'],
    cwd: root,
    env: process.env as Record<string, string>,
    chromiumSandbox: !switches.includes('--no-sandbox'),
    timeout: 45_000,
  })
  try {
    const page = await app.firstWindow()
    await page.getByLabel('Password').first().fill(PASSWORD)
    await page.keyboard.press('Enter')
    const list = page.getByRole('listbox')
    await list.getByRole('option').first().waitFor({ timeout: 30_000 })
    await page.evaluate(stopwatch)
    const opened = async (n: number, open: () => Promise<unknown>): Promise<Opened> => {
      await page.evaluate(() => Object.assign((globalThis as unknown as Clock).clock, { shown: '' }))
      await open()
      await page.waitForFunction(subject => (globalThis as unknown as Clock).clock.shown === subject, subjectOf(n))
      return page.evaluate(() => (globalThis as unknown as Clock).clock)
    }
    const took = { click: [] as Took[], arrow: [] as Took[] }
    for (let i = 0; i < COUNT; i++) {
      // Far from one to the next: none of them was expected.
      const n = (i * STRIDE) % COUNT
      await list.evaluate((element, share) => element.scrollTo({ top: element.scrollHeight * share }), Math.max(0, COUNT - 1 - n - 3) / COUNT)
      const row = list.getByRole('option').filter({ has: page.getByText(subjectOf(n), { exact: true }) })
      await row.waitFor()
      await page.waitForTimeout(60)
      const ms = await opened(n, () => row.click())
      // The first few warm up what is started once: the thread that reads, the frame's process.
      if (i >= kinds.length) took.click.push({ kind: kinds[n % kinds.length]!.name, ...ms })
    }
    await list.focus()
    await opened(0, () => page.keyboard.press('End'))
    await opened(COUNT - 1, () => page.keyboard.press('Home'))
    for (let n = COUNT - 2; n >= COUNT - 1 - Math.min(COUNT - 1, 60); n--) {
      await page.waitForTimeout(500)
      const ms = await opened(n, () => page.keyboard.press('ArrowDown'))
      took.arrow.push({ kind: kinds[n % kinds.length]!.name, ...ms })
    }
    return took
  } finally {
    await app.close()
  }
}

type Took = Opened & { kind: string }

interface Clock {
  clock: Opened & { from: number; shown: string }
}

/** Milliseconds from the press of the button: its head is in the document, its frame is loaded, it is painted. */
interface Opened {
  there: number
  loaded: number
  ms: number
}

/** In the page: from the press of the button to the second frame after the message's body is there, loaded and laid out. */
const stopwatch = `
  globalThis.clock = { from: 0, there: 0, loaded: 0, ms: 0, shown: '' }
  const since = () => performance.now() - clock.from
  for (const type of ['pointerdown', 'keydown']) addEventListener(type, event => { clock.from = event.timeStamp; clock.shown = '' }, true)
  const painted = head => requestAnimationFrame(() => requestAnimationFrame(() => {
    clock.ms = since()
    clock.shown = head.querySelector('h1').textContent
  }))
  new MutationObserver(changes => {
    for (const { addedNodes } of changes) for (const node of addedNodes) {
      const head = node instanceof Element ? (node.matches('.reader-head') ? node : node.querySelector('.reader-head')) : null
      if (!head) continue
      clock.there = clock.loaded = since()
      const frame = document.querySelector('.reader-frame iframe:not([inert])')
      const load = () => { clock.loaded = since(); painted(head) }
      if (frame) frame.addEventListener('load', load, { once: true })
      else painted(head)
    }
  }).observe(document.body, { childList: true, subtree: true })
`

function bitmap(width: number, height: number): Buffer {
  const row = Math.ceil((width * 3) / 4) * 4
  const bytes = Buffer.alloc(54 + row * height, 0x9a)
  bytes.write('BM', 0)
  bytes.writeUInt32LE(bytes.length, 2)
  bytes.writeUInt32LE(54, 10)
  bytes.writeUInt32LE(40, 14)
  bytes.writeInt32LE(width, 18)
  bytes.writeInt32LE(height, 22)
  bytes.writeUInt16LE(1, 26)
  bytes.writeUInt16LE(24, 28)
  return bytes
}

function report(what: string, took: readonly Opened[]): void {
  const at = (of: keyof Opened, share: number) => {
    const sorted = took.map(one => one[of]).sort((a, b) => a - b)
    return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN)
  }
  const steps = `(head ${at('there', 0.5)}, frame ${at('loaded', 0.5)})`
  const goal = what === 'all' ? `; goal: p95 ${GOAL} ms` : ''
  console.log(
    `${what.padEnd(34)} ${String(took.length).padStart(4)} opened, median ${at('ms', 0.5)} ms ${steps}, p95 ${at('ms', 0.95)} ms, slowest ${at('ms', 1)} ms${goal}`,
  )
}

await run()
