/** The list in the real window: orders, density, columns, the time line, conversations, and choosing many messages. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askShell, describeWindow, type Launched, launchApp } from './help/launch.ts'
import { type Camera, cameraOf } from './help/screens.ts'

describeWindow('the list', () => {
  let launched: Launched
  let page: Page
  let camera: Camera

  beforeAll(async () => {
    launched = await launchApp()
    page = launched.page
    camera = cameraOf(launched.app, page)
    await camera.size(1440, 900)
    await page.getByRole('button', { name: /Try it with a sample mailbox/ }).click()
    await page.getByRole('option').first().waitFor({ timeout: 30_000 })
    await page.getByText(/Last capture/).waitFor({ timeout: 30_000 })
  })
  afterAll(() => launched?.[Symbol.asyncDispose]())

  const menu = async (work: () => Promise<unknown>) => {
    await page.getByRole('button', { name: 'How the list is shown' }).click()
    await work()
    await page.keyboard.press('Escape')
    await page.locator('.list-menu').waitFor({ state: 'detached' })
  }
  const firsts = (what: string) => page.locator(`.list .row:not(.skeleton) ${what}`).allTextContents()
  const total = async () => Number((await page.locator('.list-title .num').textContent())!.replace(/\D/g, ''))

  test('stands in the order that was asked for, both ways', async () => {
    await menu(() => page.getByRole('radio', { name: 'Size' }).click())
    const bytes = async () => (await firsts('.row-head span.row-date')).slice(0, 4)
    await expect.poll(async () => (await bytes())[0]).toMatch(/MB$/)
    await menu(async () => {
      await camera.shoot('list-menu')
      await page.getByText('The other way round').click()
    })
    await expect.poll(async () => (await bytes())[0]).toMatch(/(byte|kB)/)
    await menu(() => page.getByRole('radio', { name: 'Sender' }).click())
    await expect
      .poll(async () => {
        const names = (await firsts('.row-who')).slice(0, 5).map(name => name.toLowerCase())
        return names.length === 5 && names.every((name, i) => i === 0 || name.localeCompare(names[i - 1]!, 'en') >= 0)
      })
      .toBe(true)
    await menu(() => page.getByRole('radio', { name: 'Date' }).click())
  })

  test('takes everything, a stretch, or single messages, also those that were never loaded', async () => {
    const status = page.locator('.selection-bar [role=status]')
    await page.locator('.list').focus()
    await page.keyboard.press('Control+a')
    await expect.poll(() => status.textContent()).toBe(`${await total()} chosen`)
    await page
      .getByRole('option')
      .nth(2)
      .click({ modifiers: ['ControlOrMeta'] })
    await expect.poll(() => status.textContent()).toBe(`${(await total()) - 1} chosen`)
    await page.keyboard.press('Escape')
    await page.getByRole('option').nth(1).click()
    await page.keyboard.press('Shift+End')
    await expect.poll(() => status.textContent()).toBe(`${(await total()) - 1} chosen`)
    // The last row is in sight though the bar took its place, and the keys are at the list, not at an element that is another row's by now.
    const list = (await page.locator('.list').boundingBox())!
    const last = page.locator(`.row[aria-posinset="${await total()}"]`)
    await expect
      .poll(async () => {
        const box = await last.boundingBox()
        return box !== null && box.y + box.height <= list.y + list.height + 1
      })
      .toBe(true)
    expect(await page.evaluate('document.activeElement.className')).toBe('list')
    await camera.shoot('list-chosen', ['light'])
    const chosen = (await total()) - 1
    await page.getByRole('button', { name: 'Export…' }).click()
    await page
      .getByRole('dialog')
      .getByText(new RegExp(`${chosen}`))
      .first()
      .waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Choose none' }).click()
    await page.locator('.selection-bar').waitFor({ state: 'detached' })
    await page.keyboard.press('Home')
  })

  test('a stretch begins where the keys went, though its rows have not come yet', async () => {
    const status = page.locator('.selection-bar [role=status]')
    await page.getByRole('option').nth(1).click()
    await page.keyboard.press('End')
    await page.locator(`.row[aria-posinset="${await total()}"]`).waitFor()
    // In one go: the first rows are not in memory, and cannot come in between.
    await page.evaluate(`(() => {
      const list = document.querySelector('.list')
      for (const [key, shiftKey] of [['Home', false], ['ArrowDown', true], ['ArrowDown', true]])
        list.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey, bubbles: true, cancelable: true }))
    })()`)
    await expect.poll(() => status.textContent()).toBe('3 chosen')
    await page.getByRole('button', { name: 'Choose none' }).click()
    await page.locator('.selection-bar').waitFor({ state: 'detached' })
  })

  test('saves those that are chosen as PDF, each in a file of its own', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mailcoffer-pdf-'))
    await launched.app.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = (async () => ({ canceled: false, filePaths: [path] })) as never
    }, folder)
    await page.locator('.list').focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('Shift+ArrowDown')
    await page.keyboard.press('Shift+ArrowDown')
    const status = page.locator('.selection-bar [role=status]')
    await expect.poll(() => status.textContent()).toBe('3 chosen')
    await camera.size(1024, 700)
    await camera.shoot('list-chosen-small')
    await camera.size(1440, 900)
    await page.getByRole('button', { name: 'Save as PDF…' }).click()
    await expect.poll(() => status.textContent(), { timeout: 20_000 }).toBe('3 messages saved')
    const files = await readdir(folder)
    expect(files.length).toBe(3)
    for (const name of files) {
      expect(name).toMatch(/^\d{4}-\d\d-\d\d .+ [0-9a-f]{8}\.pdf$/)
      expect((await readFile(join(folder, name))).toString('latin1', 0, 5)).toBe('%PDF-')
    }
    await rm(folder, { recursive: true })
    await page.getByRole('button', { name: 'Choose none' }).click()
    await page.locator('.selection-bar').waitFor({ state: 'detached' })
    await page.keyboard.press('Home')
  })

  test('shows the months; a press goes there and a drag chooses a time', async () => {
    await menu(() => page.getByText('Time line', { exact: true }).click())
    const picture = page.locator('.timeline-picture')
    await expect.poll(() => picture.locator('path').getAttribute('d'), { timeout: 5000 }).toMatch(/^M/)
    const box = (await picture.boundingBox())!
    // Wherever the list stands by now: to its newest month first, then to its oldest.
    await page.getByRole('listbox').focus()
    await page.keyboard.press('Home')
    await expect.poll(async () => (await firsts('time.row-date'))[0], { timeout: 20_000 }).not.toMatch(/20(19|20|21)/)
    const newest = (await firsts('time.row-date'))[0]
    await page.mouse.click(box.x + 3, box.y + 20)
    await expect.poll(async () => (await firsts('time.row-date'))[0], { timeout: 20_000 }).not.toBe(newest)
    await camera.shoot('list-timeline')
    await page.mouse.move(box.x + box.width * 0.4, box.y + 20)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.8, box.y + 20, { steps: 4 })
    await page.mouse.up()
    await expect.poll(() => page.getByRole('combobox').inputValue()).toMatch(/^after:\d{4}-\d\d-\d\d before:\d{4}-\d\d-\d\d$/)
    await page
      .getByText(/results?$/)
      .first()
      .waitFor()
    await camera.shoot('list-range', ['light'])
    await page.getByRole('button', { name: 'Any time' }).click()
    await expect.poll(() => page.getByRole('combobox').inputValue()).toBe('')
  })

  test('is compact, with columns, and by conversation; and remembers it', async () => {
    await menu(async () => {
      await page.getByRole('radio', { name: 'Compact' }).click()
      await page.getByText('Group by conversation').click()
    })
    await page.locator('.row-together').first().waitFor()
    await camera.shoot('list-compact')
    await page.getByRole('button', { name: 'Subject', exact: true }).click()
    await expect.poll(() => page.locator('.list-head-cell[data-column=subject] button').getAttribute('aria-pressed')).toBe('true')
    const saved = async () =>
      JSON.parse(((await askShell(page, 'view.load')) as { value: { view: string | null } }).value.view ?? '{}') as { list?: { density: string } }
    await expect.poll(async () => (await saved()).list?.density, { timeout: 3000 }).toBe('compact')
    await camera.size(1000, 700)
    await camera.shoot('list-compact-narrow', ['light'])
    await camera.size(1440, 900)
  })

  test.each(['pl', 'zh'])('reads well in %s', async language => {
    await page.evaluate(
      code =>
        (globalThis as unknown as { mailcoffer: { shell: { call(name: string, input: unknown): void } } }).mailcoffer.shell.call('app.setLanguage', {
          language: code,
        }),
      language,
    )
    await page.reload()
    await page.getByRole('option').first().waitFor()
    await page.locator('.list').focus()
    await page.locator('.list-tool').click()
    await camera.shoot(`list-menu-${language}`, ['light'])
    await page.keyboard.press('Escape')
    await page.locator('.list').focus()
    await page.keyboard.press('Control+a')
    await camera.shoot(`list-${language}`, ['dark'])
    expect(await page.locator('.selection-bar').isVisible()).toBe(true)
  })
})
