/** The main job through the command line, as a user without a window does it: capture, list, search, show, export, verify, rebuild. */

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sampleStore } from '../../main/engine/demo/sample/mailbox.ts'
import { type SampleProfile, sampleProfile } from '../help/sampleProfile.ts'

const store = sampleStore()
const hashes = store.mailboxes.flatMap(({ messages }) => messages.map(({ bytes }) => sha256(bytes))).sort()
let profile: SampleProfile
let out: string

beforeAll(async () => {
  profile = await sampleProfile()
  out = await mkdtemp(join(tmpdir(), 'mailcoffer-out-'))
  const synced = await profile.run('--json', 'sync')
  expect(synced, synced.stdout + synced.stderr).toMatchObject({ code: 0 })
})
afterAll(async () => {
  await profile.close()
  await rm(out, { recursive: true, force: true })
})

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0)

test('every mailbox of the server is there, with its count', async () => {
  const { mailboxes } = (await profile.run('--json', 'mailboxes', 'Work')).json() as {
    mailboxes: { path: string[]; messages: number; unread: number; selectable: boolean }[]
  }
  const served = store.mailboxes.map(({ path, messages, selectable }) => ({ path: path.join('/'), messages: messages.length, selectable }))
  const kept = mailboxes.map(({ path, messages, selectable }) => ({ path: path.join('/'), messages, selectable }))
  const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1)
  expect(kept.sort(byPath)).toEqual(served.sort(byPath))
})

test('running it again fetches nothing and changes nothing', async () => {
  const before = await logBytes()
  const again = (await profile.run('--json', 'sync', 'Work')).json()
  expect(JSON.stringify(again)).toContain('"added":0')
  expect((await logBytes()) - before).toBeLessThan(2000)
})

test('a word is found in Polish, with and without its marks, and in Chinese from two characters', async () => {
  const count = async (query: string) => ((await profile.run('--json', 'search', 'Work', query, '--count')).json() as { count: number }).count
  const polish = await count('umowa')
  expect(polish).toBeGreaterThan(0)
  expect(await count('合同')).toBeGreaterThan(0)
  expect(await count('zażółć')).toBe(await count('zazolc'))
  expect(await count('nosuchwordanywhere')).toBe(0)
})

test('the export holds exactly the bytes the server held, and its list of sums is right', async () => {
  const exported = await profile.run('--json', 'export', 'Work', '--to', join(out, 'eml'), '--format', 'eml')
  expect(exported, exported.stdout).toMatchObject({ code: 0 })
  const files = (await readdir(join(out, 'eml'), { recursive: true })).filter(name => name.endsWith('.eml'))
  expect((await Promise.all(files.map(async name => sha256(await readFile(join(out, 'eml', name)))))).sort()).toEqual(hashes)
  execFileSync('sha256sum', ['--quiet', '-c', 'SHA256SUMS'], { cwd: join(out, 'eml') })
})

test('exporting again into the same folder changes nothing', async () => {
  const again = (await profile.run('--json', 'export', 'Work', '--to', join(out, 'eml'), '--format', 'eml')).json()
  expect(JSON.stringify(again)).toContain(`"unchanged":${hashes.length}`)
})

test('the stand-alone reader writes the same bytes from the folder and the recovery code alone', async () => {
  const reader = fileURLToPath(new URL('../../scripts/read-archive.mjs', import.meta.url))
  execFileSync(process.execPath, [reader, profile.archive, '--to', join(out, 'alone')], {
    env: { ...process.env, MAILCOFFER_RECOVERY_CODE: profile.recoveryCode },
    stdio: 'pipe',
  })
  const files = (await readdir(join(out, 'alone'), { recursive: true })).filter(name => name.endsWith('.eml'))
  expect((await Promise.all(files.map(async name => sha256(await readFile(join(out, 'alone', name)))))).sort()).toEqual(hashes)
})

test('a deleted index comes back by itself with the same lists and results', async () => {
  const ask = async () => [
    (await profile.run('--json', 'list', 'Work', '--limit', '500')).json(),
    (await profile.run('--json', 'mailboxes', 'Work')).json(),
    (await profile.run('--json', 'search', 'Work', 'umowa', '--limit', '200')).json(),
    (await profile.run('--json', 'search', 'Work', '合同 OR Rechnung', '--limit', '200')).json(),
  ]
  const before = await ask()
  await rm(join(profile.dir, 'index'), { recursive: true })
  expect(await ask()).toEqual(before)
})

test('a damaged index comes back by itself too', async () => {
  const before = (await profile.run('--json', 'list', 'Work')).json()
  const [db] = (await readdir(join(profile.dir, 'index'))).filter(name => name.endsWith('.db'))
  const path = join(profile.dir, 'index', db!)
  const bytes = await readFile(path)
  for (let at = 100; at < bytes.length; at += 997) bytes[at]! ^= 0x55
  const { writeFile } = await import('node:fs/promises')
  await writeFile(path, bytes)
  expect((await profile.run('--json', 'list', 'Work')).json()).toEqual(before)
})

test('a message is shown by the first digits of its id, as text, headers and raw bytes', async () => {
  const { messages } = (await profile.run('--json', 'list', 'Work', '--limit', '5')).json() as { messages: { id: string; subject: string }[] }
  const id = messages[0]!.id
  const raw = await profile.run('show', 'Work', id.slice(0, 16), '--raw')
  expect(raw.code).toBe(0)
  const headers = await profile.run('show', 'Work', id, '--headers')
  expect(headers.stdout).toMatch(/^From:/im)
  expect(await profile.run('show', 'Work', id)).toMatchObject({ code: 0 })
})

test('a full verify finds nothing wrong', async () => {
  const verified = await profile.run('--json', 'verify', 'Work', '--full')
  expect(verified, verified.stdout).toMatchObject({ code: 0 })
  expect(JSON.stringify(verified.json())).toContain('"damaged":0')
})

async function logBytes(): Promise<number> {
  const names = await readdir(join(profile.archive, 'log'))
  return sum(await Promise.all(names.map(async name => (await readFile(join(profile.archive, 'log', name))).length)))
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
