import { expect, test } from 'vitest'
import { askEngine, askShell, describeWindow, launchApp } from './help/launch.ts'

describeWindow('the window', () => {
  test('opens, and the engine behind it answers', async () => {
    await using launched = await launchApp()
    expect(await launched.page.title()).toContain('Mailcoffer')
    const about = await askEngine(launched.page, 'engine.about')
    expect(about.type).toBe('result')
    expect(await askShell(launched.page, 'app.about')).toMatchObject({ ok: true, value: { language: 'en' } })
  })
})
