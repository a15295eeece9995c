/**
 * The list of one mailbox from end to end in the real window, and searches in it as they are typed. `npm run bench -- list [messages] [--keep DIR]`: by default
 * 1,000,000. By the thumb (a mouse on it), the wheel and keys; counts how long a part of the list stays blank, how long after the last movement the rows of the
 * place are there, tasks over 50 ms, and the memory of the page; before and after all of it the time from a keystroke to its results. Goals: nothing blank for 100 ms, no task over
 * 50 ms, 50 ms from keystroke to pixels. With --keep, the profile stays in DIR, and is not built again where it is there; with --only, what has TEXT in its
 * name is done ("typed": only the keystrokes).
 */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type CDPSession, type ElectronApplication, _electron as electron, type Page } from 'playwright-core'
// @ts-expect-error: a script without types
import setup from '../test/e2e/setup.mjs'
import { createGenerator } from './help/generatedMail.ts'
import { longMailbox } from './help/longMailbox.ts'

const { values, positionals } = parseArgs({ options: { keep: { type: 'string' }, only: { type: 'string', default: '' } }, allowPositionals: true })
const MESSAGES = Number(positionals[0] ?? 1_000_000)
const PASSWORD = 'a password of the bench'
const root = fileURLToPath(new URL('..', import.meta.url))

interface Seen {
  frames: number
  slowestFrame: number
  longTasks: number[]
  blanks: number[]
  settled: number
}

async function run(): Promise<void> {
  const profile = values.keep ?? (await mkdtemp(join(tmpdir(), 'mailcoffer-list-')))
  const from = performance.now()
  if (!existsSync(join(profile, 'profile.json'))) {
    await longMailbox(profile, PASSWORD, MESSAGES)
    console.log(`built in ${((performance.now() - from) / 1000).toFixed(0)} s`)
  }
  const closeDisplay = await setup()
  if (process.env['MAILCOFFER_E2E_SKIP']) process.exit(2)
  const switches = JSON.parse(process.env['MAILCOFFER_E2E_SWITCHES'] ?? '[]') as string[]
  const app = await electron.launch({
    args: [...switches, root, `--profile=${profile}`, '--lang=en'],
    cwd: root,
    env: process.env as Record<string, string>,
    chromiumSandbox: !switches.includes('--no-sandbox'),
    timeout: 60_000,
  })
  try {
    const page = await app.firstWindow()
    await page.getByLabel('Password').first().fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByRole('row', { name: /Inbox/ }).first().click()
    await page.locator('.list .row-who').first().waitFor({ timeout: 60_000 })
    await page.waitForTimeout(2000)
    const tools = await page.context().newCDPSession(page)
    await tools.send('Performance.enable')
    await page.evaluate(watcher)
    report('at the start', null, await memory(app, tools))
    if ('typed'.includes(values.only)) {
      await typed(page)
      await page.evaluate(watcher)
    }
    for (const [name, scroll] of Object.entries(scrolls)) {
      if (!name.includes(values.only)) continue
      await page.evaluate('globalThis.seen.begin()')
      await scroll(page)
      await page.waitForTimeout(300)
      const seen = (await page.evaluate('globalThis.seen.end()')) as Seen
      report(name, seen, await memory(app, tools))
    }
    if (values.only === '') await typed(page)
  } finally {
    await app.close()
    if (values.keep === undefined) await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    closeDisplay?.()
  }
}

const scrolls: Record<string, (page: Page) => Promise<unknown>> = {
  'thumb, down, 6 s': page => thumb(page, 6000, share => share),
  'thumb, up, 2 s': page => thumb(page, 2000, share => 1 - share),
  'thumb, to and fro': page => thumb(page, 7000, share => ((Math.floor(share * 58) * 7919) % 997) / 997),
  'wheel, 300 rows a second': page => page.evaluate('globalThis.seen.wheel(4000)'),
  'Page Down held': page => held(page, 'PageDown', 250),
  'End, Page Up held': async page => {
    await page.keyboard.press('End')
    await held(page, 'PageUp', 250)
  },
  'Arrow Down held': page => held(page, 'ArrowDown', 250),
  'Home and End by turns': async page => {
    for (let i = 0; i < 20; i++) {
      await page.keyboard.press(i % 2 ? 'Home' : 'End')
      await page.waitForTimeout(150)
    }
  },
}

/** Takes the thumb where it is and moves it; `at` says where on its way it is, 0 to 1, after a share of the time. */
async function thumb(page: Page, ms: number, at: (share: number) => number): Promise<void> {
  const track = (await page.evaluate('globalThis.seen.thumb()')) as { x: number; from: number; to: number; now: number }
  await page.mouse.move(track.x, track.now)
  await page.mouse.down()
  const start = performance.now()
  for (let share = 0; share < 1; ) {
    share = Math.min(1, (performance.now() - start) / ms)
    await page.mouse.move(track.x, track.from + (track.to - track.from) * at(share))
    await page.waitForTimeout(8)
  }
  await page.mouse.up()
}

/** Words of the messages, letter by letter: from the key to the frame that shows other rows. */
async function typed(page: Page): Promise<void> {
  const { words } = createGenerator(7)
  const took: number[] = []
  let same = 0
  for (let i = 0; i < 24; i++) {
    await page.keyboard.press('/')
    await page.keyboard.press('Control+a')
    await page.keyboard.press('Backspace')
    await page.waitForTimeout(400)
    for (const letter of words[10 + i * i * 7]!.slice(0, 6)) {
      // A key may reach the page before a question that was asked earlier.
      await page.evaluate('globalThis.seen.watch()')
      await page.keyboard.press(letter)
      const ms = (await page.evaluate('globalThis.seen.typed')) as number | null
      if (ms === null) same++
      else took.push(ms)
      await page.waitForTimeout(120)
    }
  }
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Backspace')
  await page.waitForTimeout(400)
  took.sort((a, b) => a - b)
  const at = (share: number) => Math.round(took[Math.min(took.length - 1, Math.floor(share * took.length))]!)
  console.log(
    `keystroke to other rows    ${took.length} times, median ${at(0.5)} ms, p95 ${at(0.95)} ms, slowest ${at(1)} ms; ${same} keystrokes changed no row`,
  )
}

async function held(page: Page, key: string, times: number): Promise<void> {
  await page.locator('.list').focus()
  for (let i = 0; i < times; i++) {
    await page.keyboard.down(key)
    await page.waitForTimeout(25)
  }
  await page.keyboard.up(key)
}

async function memory(app: ElectronApplication, tools: CDPSession): Promise<string> {
  await tools.send('HeapProfiler.collectGarbage')
  const { metrics } = await tools.send('Performance.getMetrics')
  const of = (name: string) => metrics.find(one => one.name === name)?.value ?? 0
  const resident = await app.evaluate(({ app, BrowserWindow }) => {
    const pid = BrowserWindow.getAllWindows()[0]!.webContents.getOSProcessId()
    return app.getAppMetrics().find(one => one.pid === pid)!.memory.workingSetSize
  })
  return `heap ${(of('JSHeapUsedSize') / 1e6).toFixed(1)} MB, process ${Math.round(resident / 1000)} MB, ${of('Nodes')} nodes`
}

function report(name: string, seen: Seen | null, memory: string): void {
  const worst = (values: number[]) => Math.round(Math.max(0, ...values))
  const figures = seen
    ? `${seen.frames} frames, slowest ${Math.round(seen.slowestFrame)} ms; tasks over 50 ms: ${seen.longTasks.length}, longest ${worst(seen.longTasks)} ms; blank ${seen.blanks.length} times, longest ${worst(seen.blanks)} ms; over 100 ms: ${seen.blanks.filter(ms => ms > 100).length}; there ${Math.round(seen.settled)} ms after the last movement; `
    : ''
  console.log(`${name.padEnd(26)} ${figures}${memory}`)
}

/** In the page: looks at every frame whether rows cover what is visible of the list. */
const watcher = `
  globalThis.seen = (() => {
    const list = () => document.querySelector('.list')
    let state, blankSince, last, running, began, moved, changed
    const blank = () => {
      const box = list().getBoundingClientRect()
      let at = box.top
      for (const { top, bottom } of [...list().querySelectorAll('.row:not(.skeleton)')].map(row => row.getBoundingClientRect()).sort((a, b) => a.top - b.top))
        if (top <= at + 1 && bottom > at) at = bottom
      return at < box.bottom - 1
    }
    const frame = now => {
      if (!running) return
      state.frames++
      if (last) state.slowestFrame = Math.max(state.slowestFrame, now - last)
      last = now
      if (blank()) blankSince ??= now
      else if (blankSince !== undefined) { state.blanks.push(now - blankSince); blankSince = undefined }
      requestAnimationFrame(frame)
    }
    new PerformanceObserver(entries => { for (const { duration, startTime } of entries.getEntries()) if (running && startTime > began) state.longTasks.push(duration) }).observe({ entryTypes: ['longtask'] })
    new MutationObserver(() => { changed = performance.now() }).observe(list(), { childList: true, subtree: true, characterData: true })
    list().addEventListener('scroll', () => { moved = performance.now() })
    const frames = work => new Promise(done => { const step = now => work(now) ? requestAnimationFrame(step) : done(); requestAnimationFrame(step) })
    const most = () => list().scrollHeight - list().clientHeight
    const rows = () => [...document.querySelectorAll('.list .row:not(.skeleton)')].slice(0, 12).map(row => row.id).join()
    return {
      begin() { state = { frames: 0, slowestFrame: 0, longTasks: [], blanks: [], settled: 0 }; blankSince = last = undefined; began = moved = changed = performance.now(); running = true; requestAnimationFrame(frame) },
      end() { running = false; if (blankSince !== undefined) state.blanks.push(performance.now() - blankSince); state.settled = Math.max(0, changed - moved); return state },
      thumb() {
        const box = list().getBoundingClientRect()
        const half = Math.max(18, box.height * box.height / list().scrollHeight) / 2
        const [from, to] = [box.top + half, box.bottom - half]
        return { x: box.right - (box.width - list().clientWidth) / 2, from, to, now: from + (to - from) * list().scrollTop / most() }
      },
      wheel(ms) { const start = performance.now(); return frames(now => { list().scrollTop += 5 * list().querySelector('.row').offsetHeight; return now - start < ms }) },
      typed: null,
      watch() {
        const before = rows()
        let pressed
        addEventListener('keydown', event => { pressed = event.timeStamp }, { once: true, capture: true })
        this.typed = new Promise(done => {
          const step = now => {
            const found = rows()
            // The frame after the one in which they are other ones has been painted.
            if (pressed !== undefined && found !== '' && found !== before) return requestAnimationFrame(() => done(performance.now() - pressed))
            if (pressed !== undefined && now - pressed > 700) return done(null)
            requestAnimationFrame(step)
          }
          requestAnimationFrame(step)
        })
      },
    }
  })()
`

await run()
