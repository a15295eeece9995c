import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { defaultProfileDir } from '../../../main/contract/profileDir.ts'
import { openSettings } from '../../../main/shell/settings.ts'
import { languageOf, parseSwitches } from '../../../main/shell/switches.ts'
import { shellText } from '../../../main/shell/text.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mailcoffer-settings-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

test('the window’s settings are there again at the next start, and nothing temporary stays', async () => {
  openSettings(dir).change({ theme: 'dark', bounds: { x: 1, y: 2, width: 1000, height: 700 } })
  openSettings(dir).change({ view: '{"sidebar":240}' })
  expect(openSettings(dir).get()).toEqual({ theme: 'dark', bounds: { x: 1, y: 2, width: 1000, height: 700 }, view: '{"sidebar":240}' })
  expect(await readdir(dir)).toEqual(['window.json'])
})

test.each(['', '{', '[]', '{"theme":"pink"}', '{"bounds":{"x":"left"}}'])('damaged settings (%s) are as good as none', async text => {
  await writeFile(join(dir, 'window.json'), text)
  const settings = openSettings(dir)
  expect(settings.get()).toEqual({})
  settings.change({ language: 'pl' })
  expect(JSON.parse(await readFile(join(dir, 'window.json'), 'utf8'))).toEqual({ language: 'pl' })
})

test('a folder that cannot be written costs the memory of the window, not the window', () => {
  const settings = openSettings(join(dir, 'a\0b'))
  settings.change({ theme: 'dark' })
  expect(settings.get().theme).toBe('dark')
})

test.each([
  [['electron', '.', '--profile', '/p'], { profile: '/p' }],
  [['electron', '.', '--profile=/p', '--lang=pl-PL'], { profile: '/p', lang: 'pl' }],
  [['electron', '--lang', 'zh_CN', '.'], { profile: null, lang: 'zh' }],
  [['electron', '--lang=fr'], { lang: null }],
  [['electron', '--profile', '--lang=de'], { profile: null, lang: 'de' }],
  [['electron', '--profile='], { profile: null }],
  [['electron', '--screenshot-mode'], { screenshotMode: true }],
])('%j is understood', (argv, expected) => {
  expect(parseSwitches(argv)).toMatchObject(expected)
})

test('the first wanted language that we speak is taken', () => {
  expect(languageOf(['fr-FR', 'zh-Hans-CN', 'en-US'])).toBe('zh')
  expect(languageOf(['fr', 'it'])).toBe(null)
})

test('every language has every word of the shell', () => {
  const words = Object.keys(shellText.en).sort()
  for (const text of Object.values(shellText)) {
    expect(Object.keys(text).sort()).toEqual(words)
    expect(Object.values(text).filter(word => word.trim() === '')).toEqual([])
  }
})

test.each([
  ['linux', {}, '/home/a/.local/share/mailcoffer'],
  ['linux', { XDG_DATA_HOME: '/data' }, '/data/mailcoffer'],
  ['darwin', {}, '/home/a/Library/Application Support/Mailcoffer'],
  ['win32', { LOCALAPPDATA: 'C:\\L' }, 'C:\\L\\Mailcoffer'],
  ['linux', { MAILCOFFER_PROFILE: '/mine' }, '/mine'],
])('on %s with %j a profile is in %s', (platform, env, expected) => {
  expect(defaultProfileDir(platform, env, '/home/a')).toBe(expected)
})
