/**
 * The list of one mailbox from end to end in the real window. `npm run bench -- list [messages] [--keep DIR]`: by default 1,000,000. By the thumb, the wheel
 * and keys; counts how long rows stay blank, tasks over 50 ms, and the memory of the page. Goals: no blank row for 100 ms, no task over 50 ms. With --keep, the
 * profile stays in DIR, and is not built again where it is there.
 */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type CDPSession, _electron as electron, type Page } from 'playwright-core'
// @ts-expect-error: a script without types
import setup from '../test/e2e/setup.mjs'
import { longMailbox } from './help/longMailbox.ts'

const { values, positionals } = parseArgs({ options: { keep: { type: 'string' } }, allowPositionals: true })
const MESSAGES = Number(positionals[0] ?? 1_000_000)
const PASSWORD = 'a password of the bench'
const root = fileURLToPath(new URL('..', import.meta.url))

interface Seen {
  frames: number
  slowestFrame: number
  longTasks: number[]
  blanks: number[]
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
    report('at the start', null, await memory(tools))
    for (const [name, scroll] of Object.entries(scrolls)) {
      await page.evaluate('globalThis.seen.begin()')
      await scroll(page)
      await page.waitForTimeout(300)
      const seen = (await page.evaluate('globalThis.seen.end()')) as Seen
      report(name, seen, await memory(tools))
    }
  } finally {
    await app.close()
    if (values.keep === undefined) await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    closeDisplay?.()
  }
}

const scrolls: Record<string, (page: Page) => Promise<unknown>> = {
  'thumb, down, 6 s': page => page.evaluate('globalThis.seen.drag(0, 1, 6000)'),
  'thumb, up, 2 s': page => page.evaluate('globalThis.seen.drag(1, 0, 2000)'),
  'thumb, to and fro': page => page.evaluate('globalThis.seen.leap(60)'),
  'wheel, 300 rows a second': page => page.evaluate('globalThis.seen.wheel(4000)'),
  'Page Down held': page => held(page, 'PageDown', 250),
  'End, Page Up held': async page => {
    await page.keyboard.press('End')
    await held(page, 'PageUp', 250)
  },
  'Arrow Down held': page => held(page, 'ArrowDown', 250),
}

async function held(page: Page, key: string, times: number): Promise<void> {
  await page.locator('.list').focus()
  for (let i = 0; i < times; i++) {
    await page.keyboard.down(key)
    await page.waitForTimeout(25)
  }
  await page.keyboard.up(key)
}

async function memory(tools: CDPSession): Promise<string> {
  await tools.send('HeapProfiler.collectGarbage')
  const { metrics } = await tools.send('Performance.getMetrics')
  const of = (name: string) => metrics.find(one => one.name === name)?.value ?? 0
  return `heap ${(of('JSHeapUsedSize') / 1e6).toFixed(1)} MB, ${of('Nodes')} nodes`
}

function report(name: string, seen: Seen | null, memory: string): void {
  const worst = (values: number[]) => Math.round(Math.max(0, ...values))
  const figures = seen
    ? `${seen.frames} frames, slowest ${Math.round(seen.slowestFrame)} ms; tasks over 50 ms: ${seen.longTasks.length}, longest ${worst(seen.longTasks)} ms; blank rows ${seen.blanks.length} times, longest ${worst(seen.blanks)} ms; over 100 ms: ${seen.blanks.filter(ms => ms > 100).length}; `
    : ''
  console.log(`${name.padEnd(26)} ${figures}${memory}`)
}

/** In the page: looks at every frame whether a visible row is blank. */
const watcher = `
  globalThis.seen = (() => {
    const list = () => document.querySelector('.list')
    let state, blankSince, last, running
    const blank = () => {
      const box = list().getBoundingClientRect()
      return [...list().querySelectorAll('.skeleton')].some(row => { const at = row.getBoundingClientRect(); return at.bottom > box.top && at.top < box.bottom })
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
    new PerformanceObserver(entries => { for (const { duration } of entries.getEntries()) state?.longTasks.push(duration) }).observe({ entryTypes: ['longtask'] })
    const frames = work => new Promise(done => { const step = now => work(now) ? requestAnimationFrame(step) : done(); requestAnimationFrame(step) })
    const most = () => list().scrollHeight - list().clientHeight
    return {
      begin() { state = { frames: 0, slowestFrame: 0, longTasks: [], blanks: [] }; blankSince = last = undefined; running = true; requestAnimationFrame(frame) },
      end() { running = false; if (blankSince !== undefined) state.blanks.push(performance.now() - blankSince); return state },
      drag(from, to, ms) { const start = performance.now(); return frames(now => { const share = Math.min(1, Math.max(0, (now - start) / ms)); list().scrollTop = (from + (to - from) * share) * most(); return share < 1 }) },
      async leap(times) { for (let i = 0; i < times; i++) { list().scrollTop = ((i * 7919) % 997) / 997 * most(); await new Promise(done => setTimeout(done, 120)) } },
      wheel(ms) { const start = performance.now(); return frames(now => { list().scrollTop += 5 * list().querySelector('.row').offsetHeight; return now - start < ms }) },
    }
  })()
`

await run()
