import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answer } from '../../../main/shell/rendererFiles.ts'

let base: string
let folder: string
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'mailcoffer-files-'))
  folder = join(base, 'renderer')
  await mkdir(join(folder, 'assets'), { recursive: true })
  await writeFile(join(folder, 'index.html'), '<title>Mailcoffer</title>')
  await writeFile(join(folder, 'assets/main.js'), '0')
  await writeFile(join(base, 'secret.txt'), 'not for the page')
  await mkdir(join(base, 'renderer-other'))
  await writeFile(join(base, 'renderer-other/a.txt'), 'a neighbour whose name begins the same')
})
afterAll(() => rm(base, { recursive: true, force: true }))

test.each([
  ['app://mailcoffer/', 'text/html'],
  ['app://mailcoffer/index.html', 'text/html'],
  ['app://mailcoffer/index.html?x=1#y', 'text/html'],
  ['app://mailcoffer/assets/main.js', 'text/javascript'],
])('%s is a file of ours, with its type and the policy', async (url, type) => {
  const response = await answer({ renderer: folder, pdf: join(base, 'pdf') }, url, 'GET')
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toContain(type)
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  const policy = response.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self'")
  expect(policy).not.toMatch(/https?:|script-src[^;]*unsafe|\*/)
})

test.each([
  'app://mailcoffer/../secret.txt',
  'app://mailcoffer/%2e%2e/secret.txt',
  'app://mailcoffer/..%2fsecret.txt',
  'app://mailcoffer/assets/..%2f..%2fsecret.txt',
  'app://mailcoffer/..%5csecret.txt',
  'app://mailcoffer/..%2frenderer-other%2fa.txt',
  'app://mailcoffer/index.html%00.js',
  'app://mailcoffer/%ff',
  'app://mailcoffer/assets',
  'app://mailcoffer/missing.js',
  'app://elsewhere/index.html',
  'file:///etc/passwd',
  'not an address',
])('%s is not found', async url => {
  expect((await answer({ renderer: folder, pdf: join(base, 'pdf') }, url, 'GET')).status).toBe(404)
})

test('nothing is answered but GET', async () => {
  expect((await answer({ renderer: folder, pdf: join(base, 'pdf') }, 'app://mailcoffer/index.html', 'POST')).status).toBe(404)
})
