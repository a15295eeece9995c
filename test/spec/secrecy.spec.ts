/** What may be found in no file of profile or archive, in no log and in no argument list. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../main/engine/base/clock.ts'
import { sampleStore } from '../../main/engine/demo/sample/mailbox.ts'
import { deriveArchiveKeys } from '../../main/engine/keys/archiveKeys.ts'
import { openProfile } from '../../main/engine/keys/profile.ts'
import { openArchiveKeys } from '../../main/engine/keys/profileArchives.ts'
import { cli, PASSWORD } from '../help/cli.ts'
import { type SampleProfile, sampleProfile } from '../help/sampleProfile.ts'

let profile: SampleProfile
let output = ''
const argumentLists: string[] = []

beforeAll(async () => {
  profile = await sampleProfile()
  const env = { MAILCOFFER_ACCOUNT_PASSWORD: profile.server.password }
  const synced = await cli(['sync', 'Work'], {
    profile: profile.dir,
    env,
    onStart: child => {
      const look = () =>
        readFile(`/proc/${child.pid}/cmdline`, 'latin1').then(
          text => argumentLists.push(text),
          () => {},
        ) // gone already
      for (const ms of [50, 300, 600, 1000]) setTimeout(look, ms)
    },
  })
  expect(synced, synced.stderr).toMatchObject({ code: 0 })
  output += synced.stdout + synced.stderr
  // The log is also written by what fails.
  output += (await cli(['sync', 'Work'], { profile: profile.dir, env: { MAILCOFFER_PASSWORD: 'not this one at all' } })).stderr
})
afterAll(() => profile.close())

async function files(dir: string): Promise<{ path: string; bytes: Buffer }[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  return Promise.all(
    entries
      .filter(entry => entry.isFile())
      .map(async entry => ({ path: join(entry.parentPath, entry.name), bytes: await readFile(join(entry.parentPath, entry.name)) })),
  )
}

/** Words of subjects and bodies, addresses, attachment bytes: taken from the sample itself, long enough not to turn up by chance. */
function contents(): Buffer[] {
  const found = new Map<string, Buffer>()
  for (const mailbox of sampleStore().mailboxes)
    for (const { bytes } of mailbox.messages) {
      const text = Buffer.from(bytes).toString('latin1')
      for (const [word] of text.matchAll(/[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]{4,}|[A-Za-z]{9,}/g)) found.set(word, Buffer.from(word, 'latin1'))
      for (const [line] of text.matchAll(/^[A-Za-z0-9+/]{60,}/gm)) {
        found.set(line, Buffer.from(line))
        found.set(`${line} decoded`, Buffer.from(line.slice(0, 40), 'base64'))
      }
    }
  // Our own files say these of themselves.
  for (const own of ['mailcoffer', 'recovery', 'argon2id', 'generation', 'transport']) found.delete(own)
  return [...found.values()]
}

/** Looks for all needles in one pass, by their first eight bytes: thousands of searches over every file would take minutes. */
function finder(needles: Buffer[]): (bytes: Buffer) => string[] {
  const byStart = new Map<number, Buffer[]>()
  const startOf = (bytes: Buffer, at: number) => bytes.readUInt32LE(at) * 0x200000 + (bytes.readUInt32LE(at + 4) & 0x1fffff)
  for (const needle of needles.filter(({ length }) => length >= 9))
    byStart.set(startOf(needle, 0), [...(byStart.get(startOf(needle, 0)) ?? []), needle])
  return bytes => {
    const found = new Set<string>()
    for (let at = 0; at + 8 <= bytes.length; at++)
      for (const needle of byStart.get(startOf(bytes, at)) ?? [])
        if (bytes.subarray(at, at + needle.length).equals(needle)) found.add(needle.toString('latin1'))
    return [...found]
  }
}

describe('nothing readable is left behind', () => {
  test('no word, address or attachment byte of any message stands in a file of profile or archive', async () => {
    const needles = contents()
    expect(needles.length).toBeGreaterThan(500)
    const all = await files(profile.dir)
    expect(all.length).toBeGreaterThan(5)
    const hits: string[] = []
    const find = finder(needles)
    for (const { path, bytes } of all) {
      // JSON and log lines are English of our own.
      const ours = path.endsWith('.json') || path.endsWith('.log')
      for (const needle of find(bytes)) if (!(ours && /^[a-z]+$/i.test(needle))) hits.push(`${needle} in ${path.slice(profile.dir.length)}`)
    }
    expect(hits).toEqual([])
  })

  test('no name of the archive, of its mailboxes or of its server is readable in them', async () => {
    const needles = [
      'Work',
      profile.server.user,
      '127.0.0.1',
      ...sampleStore().mailboxes.flatMap(({ path }) => path.filter(level => level.length > 4)),
    ]
    for (const { path, bytes } of await files(profile.dir))
      for (const needle of needles) expect(bytes.includes(needle), `${needle} in ${path}`).toBe(false)
  })

  test('no password, key or recovery code is in them, raw or written out', async () => {
    const opened = await openProfile(profile.dir, { clock: systemClock })
    await opened.unlock({ password: PASSWORD })
    const profileKey = Buffer.from(opened.key())
    const entry = opened.settings().archives[0]!
    const { master } = await openArchiveKeys(opened, entry)
    const { idKey, indexKey, secretKey, headKey, headerKey } = deriveArchiveKeys(master, entry.id)
    const keys = [profileKey, master, idKey, indexKey, secretKey, headKey, headerKey].map(key => Buffer.from(key))
    const secrets = [
      ...keys.flatMap(key => [key, Buffer.from(key.toString('hex')), Buffer.from(key.toString('base64'))]),
      ...[PASSWORD, profile.server.password, profile.recoveryCode, profile.recoveryCode.replaceAll('-', '')].map(text => Buffer.from(text)),
    ]
    for (const { path, bytes } of await files(profile.dir)) for (const secret of secrets) expect(bytes.includes(secret), path).toBe(false)
    for (const secret of secrets) expect(Buffer.from(output).includes(secret)).toBe(false)
  })

  test('no secret is in the argument list of the process', () => {
    expect(argumentLists.length).toBeGreaterThan(0)
    for (const list of argumentLists)
      for (const secret of [PASSWORD, profile.server.password, profile.recoveryCode]) expect(list).not.toContain(secret)
  })
})
