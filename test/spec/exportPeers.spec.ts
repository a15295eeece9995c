/** Exports as programs of others read them: mbox files by mutt, EML files by notmuch. Python's mailbox module, sha256sum and Dovecot are in export.spec.ts. */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { generatedStore } from '../help/generatedStore.ts'
import { type SampleProfile, sampleProfile } from '../help/sampleProfile.ts'

const has = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
const mutt = has('mutt') && has('script')
const notmuch = has('notmuch')
if (!mutt) console.log('SKIPPED: mbox files read back by mutt: mutt is not installed')
if (!notmuch) console.log('SKIPPED: EML files read back by notmuch: notmuch is not installed')

let profile: SampleProfile
let out: string
beforeAll(async () => {
  if (!mutt && !notmuch) return
  const store = generatedStore({ messages: 50, seed: 12 })
  const inbox = store.mailboxes[0]!
  const body = 'From the beginning\r\n>From here\r\n\r\nFrom a@x.example Fri Mar  1 10:00:00 2024\r\n'
  const bytes = Buffer.from(
    `From: Ada <a@x.example>\r\nTo: b@x.example\r\nSubject: lines that look like another message\r\nMessage-ID: <from@x>\r\n\r\n${body}`,
  )
  inbox.messages.push({ uid: inbox.uidNext++, flags: [], internalDate: 1_650_000_000, zone: 60, bytes })
  profile = await sampleProfile(store, { kept: true })
  out = mkdtempSync(join(tmpdir(), 'mailcoffer-peers-'))
  expect((await profile.run('sync', 'Work')).code).toBe(0)
})
afterAll(async () => {
  await profile?.close()
  if (out) rmSync(out, { recursive: true, force: true })
})

interface Item {
  path: string
  sha256: string
  offset?: number
  length?: number
}
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function exported(format: string): Promise<{ dir: string; items: Item[] }> {
  const dir = join(out, format)
  const run = await profile.run('export', 'Work', '--to', dir, '--format', format)
  expect(run, run.stderr).toMatchObject({ code: 0 })
  const lines = readFileSync(join(dir, 'manifest.jsonl'), 'utf8').trim().split('\n')
  return { dir, items: lines.map(line => JSON.parse(line) as Item) }
}

test.skipIf(!mutt)('mutt finds in each mbox as many messages as were written, with the same bytes', async () => {
  const { dir, items } = await exported('mbox')
  for (const [path, those] of Map.groupBy(items, item => item.path)) {
    const to = mkdtempSync(join(out, 'mutt-'))
    const rc = join(to, 'muttrc')
    writeFileSync(
      rc,
      `set folder=${to}\nset quit=yes\nset pipe_split=yes\nset auto_tag=yes\nunset wait_key\nunset pipe_decode\nunset weed\nunset prompt_after\n`,
    )
    const push = `push '<tag-pattern>~A<enter><pipe-message>cat > \\$(mktemp ${to}/message.XXXXXX)<enter><exit>'`
    const command = `mutt -R -n -F ${rc} -f '${join(dir, path)}' -e "${push}"`
    spawnSync('script', ['-qec', command, '/dev/null'], {
      env: { ...process.env, TERM: 'xterm', HOME: to, LINES: '24', COLUMNS: '80' },
      timeout: 20_000,
    })
    const found = readdirSync(to)
      .filter(name => name.startsWith('message.'))
      .map(name => sha256(asSent(readFileSync(join(to, name)))))
    expect(found.sort(), path).toEqual(those.map(item => item.sha256).sort())
  }
})

/** mutt gives the From_ line along, ends the header by a line end of its own, and leaves the quoting of mboxrd and the line between messages as they are. */
function asSent(piped: Buffer): Buffer {
  const text = piped.toString('latin1').replace(/^From .*\n/, '')
  return Buffer.from(
    text
      .replace('\r\n\n', '\r\n\r\n')
      .replace(/\n$/, '')
      .replace(/^>(>*From )/gm, '$1'),
    'latin1',
  )
}

test.skipIf(!notmuch)('notmuch finds in the EML files every message, and gives back its bytes', async () => {
  const { dir, items } = await exported('eml')
  const config = join(out, 'notmuch-config')
  writeFileSync(config, `[database]\npath=${dir}\n[user]\nname=a\nprimary_email=a@x.example\n[new]\ntags=\n[search]\nexclude_tags=\n`)
  const ask = (...args: string[]) =>
    execFileSync('notmuch', [`--config=${config}`, ...args], { stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 28 })
  ask('new', '--quiet')
  const files = ask('search', '--output=files', '--format=json', '*').toString()
  expect((JSON.parse(files) as string[]).map(file => file.slice(dir.length + 1)).sort()).toEqual(items.map(({ path }) => path).sort())
  const sums = new Set(items.map(item => item.sha256))
  const ids = JSON.parse(ask('search', '--output=messages', '--format=json', '*').toString()) as string[]
  expect(ids.length).toBeGreaterThan(40)
  for (const id of ids.slice(0, 20)) expect(sums.has(sha256(ask('show', '--format=raw', `id:"${id}"`)))).toBe(true)
})
