/** Copies in the real window: made, shown, copied again when the drive is back, opened on another computer, and repaired from. */
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ArchiveSummary } from '../../main/contract/types.ts'
import { type SampleServer, startSampleServer } from '../../main/engine/demo/sampleServer.ts'
import { generatedStore } from '../help/generatedStore.ts'
import { askEngine, askShell, describeWindow, type Launched, launchApp } from './help/launch.ts'
import { until } from './help/processes.ts'
import { type Camera, cameraOf } from './help/screens.ts'

const PASSWORD = 'three quiet harbour lamps'

describeWindow('copies', () => {
  let server: SampleServer
  let launched: Launched
  let camera: Camera
  let home: string
  let archive: ArchiveSummary
  const row = () => launched.page.locator('.copy').first()
  const ended = async (job: string) => {
    const { value, error } = await askEngine(launched.page, 'job.wait', { job })
    return value ?? error
  }

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'mailcoffer-copies-e2e-'))
    server = await startSampleServer(generatedStore({ messages: 40, seed: 5 }))
    launched = await launchApp()
    const { page } = launched
    camera = cameraOf(launched.app, page)
    await askEngine(page, 'profile.create', { password: PASSWORD })
    archive = ((await askEngine(page, 'archive.create', { name: 'Harbour office' })).value as { archive: ArchiveSummary }).archive
    await askEngine(page, 'archive.watch', { archive: archive.id, on: false })
    const settings = { protocol: 'imap', host: server.host, port: server.port, user: server.user, security: 'plain' }
    await askEngine(page, 'account.set', { archive: archive.id, settings, password: server.password })
    const { id } = (await askEngine(page, 'job.capture', { archive: archive.id })).value as { id: string }
    await ended(id)
    await page.reload()
    await page.getByRole('row', { name: 'Harbour office' }).click()
  })
  afterAll(async () => {
    await launched?.[Symbol.asyncDispose]()
    await server?.close()
    if (home) rmSync(home, { recursive: true, force: true })
  })

  test('an archive without one says so; two clicks and a folder make one, and it says since when it is safe', async () => {
    const { app, page } = launched
    await page.getByText('There is no copy yet').waitFor()
    await camera.shoot('copies-none', ['light'])
    const to = join(home, 'Drive')
    await app.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path as string] })
    }, to)
    await page.getByRole('button', { name: 'Keep a copy…' }).click()
    await page.getByRole('button', { name: 'Choose…' }).click()
    await page.getByText(to).waitFor()
    await camera.shoot('copies-dialog')
    await page.getByRole('button', { name: 'Copy', exact: true }).click()
    await row()
      .getByText(/Proven safe .* ago/)
      .waitFor({ timeout: 15_000 })
    await row().getByText('It is on the same disk as the archive').waitFor()
    await camera.shoot('copies')
  })

  test('a drive that is away is named, and brought up to date by itself when it is back', async () => {
    const to = join(home, 'Drive')
    renameSync(to, `${to}-away`)
    await row().getByText('not connected').waitFor({ timeout: 15_000 })
    await camera.shoot('copies-away', ['light'])
    renameSync(`${to}-away`, to)
    await until(async () => (await row().getByText('not connected').count()) === 0, 15_000)
  })

  test('damage of the archive that a copy can mend is mended by one click', async () => {
    const { page } = launched
    const path = join(archive.dir, 'log', '00000001.seg')
    const bytes = readFileSync(path)
    bytes[3000]! ^= 1
    writeFileSync(path, bytes)
    const [copy] = (await askEngine(page, 'copy.list', { archive: archive.id })).value as { id: string }[]
    const { id } = (await askEngine(page, 'copy.repair', { archive: archive.id, copy: copy!.id })).value as { id: string }
    expect(await ended(id)).toMatchObject({ state: 'done', result: { repaired: 1 } })
    await row().getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: /Repair the archive from it/ }).click()
    await page.getByText('Nothing was damaged').waitFor({ timeout: 15_000 })
    await page.keyboard.press('Escape')
  })

  test('in every language, and opened as an archive it says that it is a copy', async () => {
    const { page } = launched
    for (const language of ['pl', 'de', 'zh'] as const) {
      await askShell(page, 'app.setLanguage', { language })
      await page.reload()
      await page.locator('.tree [role=row], [role=row]').filter({ hasText: 'Harbour office' }).first().click()
      await row().waitFor()
      await camera.shoot(`copies-${language}`, ['light'])
    }
    await askShell(page, 'app.setLanguage', { language: 'en' })
    await using other = await launchApp()
    await askEngine(other.page, 'profile.create', { password: PASSWORD })
    const opened = await askEngine(other.page, 'archive.open', { dir: join(home, 'Drive'), name: 'From the drive', password: PASSWORD })
    expect(opened.value).toMatchObject({ copy: true, writable: false })
    await other.page.reload()
    await other.page.getByRole('row', { name: 'From the drive' }).click()
    await other.page.getByText('This is a copy of an archive, for reading').waitFor()
    await cameraOf(other.app, other.page).shoot('copies-opened', ['light'])
    await other.page.getByRole('button', { name: 'Make it the archive…' }).click()
    await other.page.getByText('Do this only if the archive').waitFor()
    await cameraOf(other.app, other.page).shoot('copies-take-over', ['light'])
  })
})
