/**
 * What axe finds wrong with what is on the screen: names that are missing, poor contrast, roles that do not fit. Frames of messages are left out: their text is
 * somebody else's; so are react-aria's announcements, which name what may be gone. A window is not a page, which would begin with a heading.
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

let source: Promise<string> | null = null

/** One line each: the rule, and where. `within`: only in these. */
export async function faults(page: Page, within?: readonly string[]): Promise<string[]> {
  source ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  await page.evaluate(`globalThis.axe ?? (() => { ${await source} })()`)
  return page.evaluate(`
    axe.run({ ${within ? `include: ${JSON.stringify(within.map(one => [one]))}, ` : ''}exclude: [['iframe'], ['[data-live-announcer]']] }, { iframes: false, resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], rules: { 'page-has-heading-one': { enabled: false } } })
      .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ': ' + target.join(' ') + ' – ' + failureSummary.split('\\n')[1].trim())))
  `)
}

/** Walks by the Tab key over everything that takes it, once around; answers what of it cannot be seen to have it, and how many stops there were. */
export async function unseenStops(page: Page): Promise<{ unseen: string[]; stops: number }> {
  await page.evaluate(stopWatcher)
  const unseen: string[] = []
  const met = new Set<string>()
  for (let step = 0; step < 80; step++) {
    await page.keyboard.press('Tab')
    const stop = (await page.evaluate('globalThis.stop()')) as { name: string; seen: boolean } | null
    if (!stop) continue
    if (met.has(stop.name)) break
    met.add(stop.name)
    if (!stop.seen) unseen.push(stop.name)
  }
  return { unseen, stops: met.size }
}

/** In the page: what has the keyboard, and whether it, what is around it or what is in it looks another way without. */
const stopWatcher = `
  globalThis.stop = async () => {
    const element = document.activeElement
    if (!element || element === document.body || element.tagName === 'IFRAME') return null
    const around = [element, ...element.querySelectorAll('*')].slice(0, 60)
    for (let up = element.parentElement; up && around.length < 64; up = up.parentElement) around.push(up)
    const look = () => around.map(one => [one, '::after'].map((of, i) => {
      const style = i === 0 ? getComputedStyle(one) : getComputedStyle(one, of)
      return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.borderColor, style.backgroundColor].join()
    }).join()).join()
    const frame = () => new Promise(requestAnimationFrame)
    await frame()
    const focused = look()
    element.blur()
    await frame()
    const blurred = look()
    element.focus()
    return { name: element.tagName + '.' + element.className + ' ' + (element.getAttribute('aria-label') ?? element.textContent.slice(0, 30)), seen: focused !== blurred }
  }
`

/** What a person could press or read and that stands, in part or whole, beside the window. */
export async function outside(page: Page): Promise<string[]> {
  return page.evaluate(`
    [...document.querySelectorAll('button, input, h1, h2, [role=option], [role=row], [role=radio]')].flatMap(one => {
      const { left, right, width } = one.getBoundingClientRect()
      const drawn = width > 0 && one.checkVisibility({ visibilityProperty: true }) && !one.closest('[data-rac] > input, .warm-frame')
      return drawn && (right > innerWidth + 1 || left < -1) ? [one.className + ' ' + one.textContent.slice(0, 40)] : []
    })
  `)
}
