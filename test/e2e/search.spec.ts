/** Searching in the real window, in the sample mailbox. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askEngine, askShell, describeWindow, type Launched, launchApp } from './help/launch.ts'
import { type Camera, cameraOf } from './help/screens.ts'

describeWindow('the search field', () => {
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

  const search = async (query: string) => {
    await page.getByRole('combobox').fill(query)
    await page.keyboard.press('Enter')
    await page.getByText(/^(More than )?[\d,]+ results?$/).waitFor()
  }
  const terms = () => page.locator('.term > .clip').allTextContents()

  test('says how it understood what was typed, and each condition can be taken out', async () => {
    await search('from:anna umowa -szkic after:2015')
    await expect.poll(terms).toEqual(['from: anna', 'umowa', 'not szkic', 'since Jan 1, 2015'])
    await page.getByRole('button', { name: 'Take out: not szkic' }).click()
    await expect.poll(terms).toEqual(['from: anna', 'umowa', 'since Jan 1, 2015'])
    expect(await page.getByRole('combobox').inputValue()).toBe('from:anna umowa after:2015')
  })

  test('marks in each visible result what was found, and says where', async () => {
    await search('umowa')
    await expect.poll(() => page.locator('.list mark').count()).toBeGreaterThan(2)
    for (const mark of await page.locator('.list mark').allTextContents()) expect(mark.toLowerCase()).toMatch(/^umow/)
    expect(await page.locator('.row-snippet [title^="Subject: umowa"]').count()).toBeGreaterThan(2)
    await camera.shoot('search-why')
  })

  test('proposes operators, people and folders of the archive', async () => {
    await page.getByRole('combobox').fill('fr')
    await page.getByRole('option', { name: 'Narrow down from: who sent it' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    expect(await page.getByRole('combobox').inputValue()).toBe('from:')
    await page.locator('.proposal').first().waitFor()
    await camera.shoot('search-propose')
    await page.getByRole('combobox').fill('in:inb')
    await page.locator('.proposal', { hasText: /inbox/i }).first().waitFor()
    await page.keyboard.press('Escape')
  })

  test('a folder can be searched by itself', async () => {
    await page.getByRole('row', { name: 'Inbox', exact: true }).click()
    await search('a*')
    const all = await page.locator('.search-line').getByRole('status').first().textContent()
    await page.getByRole('radio', { name: 'This folder' }).click()
    await expect.poll(() => page.locator('.search-line').getByRole('status').first().textContent()).not.toBe(all)
    await page.getByRole('radio', { name: 'This archive' }).click()
  })

  test('the folder that is chosen, pressed again, is shown in place of what was found', async () => {
    await search('umowa')
    await page.getByRole('row', { name: 'Inbox', exact: true }).click()
    await expect.poll(() => page.getByRole('combobox').inputValue()).toBe('')
    await expect.poll(() => page.locator('.list mark').count()).toBe(0)
  })

  test('a search is kept under a name, proposed in the empty field, and forgotten', async () => {
    await search('has:attachment larger:100k')
    await page.getByRole('button', { name: 'Keep this search' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Large ones')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: /Keep it no longer: Large ones/ }).waitFor()
    await page.getByRole('combobox').fill('')
    await page.locator('.proposal', { hasText: 'Large ones' }).click()
    expect((await page.getByRole('combobox').inputValue()).trim()).toBe('has:attachment larger:100k')
    await page.getByRole('button', { name: /Keep it no longer: Large ones/ }).click()
    await page.getByRole('button', { name: 'Keep this search' }).waitFor()
  })

  test('the help names every operator, and its examples can be tried', async () => {
    await page.getByRole('button', { name: 'How to search' }).click()
    expect(await page.locator('.search-operators dt').count()).toBeGreaterThan(18)
    await camera.shoot('search-help')
    await page.getByRole('button', { name: 'lunch OR dinner' }).click()
    await expect.poll(terms).toEqual(['lunch or dinner…'])
  })

  test('End goes to the oldest result and Home to the newest, however many there are', async () => {
    await search('a*')
    await page.locator('.list').focus()
    await page.keyboard.press('End')
    const total = Number(/[\d,]+/.exec((await page.locator('.search-line').getByRole('status').first().textContent())!)![0])
    await expect.poll(() => page.locator('.row[aria-selected]').last().getAttribute('aria-posinset')).toBe(String(total))
    await page.keyboard.press('Home')
    await expect.poll(() => page.locator('.row[aria-posinset="1"]').count()).toBe(1)
  })

  test('speaks Polish and Chinese', async () => {
    for (const [language, query] of [
      ['pl', 'od:anna temat:umowa w:inbox'],
      ['zh', '发件人:li 合同 晚于:2015'],
    ] as const) {
      await askShell(page, 'app.setLanguage', { language })
      await page.reload()
      await page.getByRole('combobox').waitFor()
      await page.getByRole('combobox').fill(query)
      await page.keyboard.press('Enter')
      await expect.poll(() => page.locator('.term').count()).toBe(3)
      await camera.shoot(`search-${language}`, ['light'])
    }
    expect(await askEngine(page, 'search.list')).toMatchObject({ type: 'result' })
  })
})
