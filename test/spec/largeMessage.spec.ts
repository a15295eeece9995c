/** A message of 200 MB is captured and exported by an engine that never holds it. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { MailStore } from '../../main/engine/demo/imap/store.ts'
import { cli } from '../help/cli.ts'
import { randomOf } from '../help/random.ts'
import { type SampleProfile, sampleProfile } from '../help/sampleProfile.ts'

const MB = 1024 * 1024
const SIZE = 200 * MB

let small: SampleProfile
let large: SampleProfile
const bytes = largeMessage()
beforeAll(async () => {
  small = await sampleProfile(storeOf(Buffer.from('Subject: small\r\n\r\nsmall\r\n')))
  large = await sampleProfile(storeOf(bytes))
})
afterAll(async () => {
  await small.close()
  await large.close()
})

test.skipIf(process.platform !== 'linux')(
  'a message of 200 MB comes in and goes out with its exact bytes, for less than its own size more memory than a small one',
  { timeout: 180_000 },
  async () => {
    const least = await peakOf(small, 'sync', 'Work')
    const most = await peakOf(large, 'sync', 'Work')
    console.log(`peak memory of the capture: ${(least / MB).toFixed(0)} MB with a small message, ${(most / MB).toFixed(0)} MB with one of 200 MB`)
    // The issue allows twice its size; what is measured is far below, and a bound that holds whole messages out is what matters.
    expect(most - least).toBeLessThan(SIZE)

    const out = join(large.dir, 'out')
    const exporting = await peakOf(large, 'export', 'Work', '--to', out, '--format', 'eml')
    expect(exporting - least).toBeLessThan(SIZE)
    const [, name] = /^([0-9a-f]{64}) {2}(.+)$/m.exec(await readFile(join(out, 'SHA256SUMS'), 'utf8'))!.slice(1)
    const exported = createHash('sha256')
      .update(await readFile(join(out, name!)))
      .digest('hex')
    expect(exported).toBe(createHash('sha256').update(bytes).digest('hex'))
  },
)

/** VmHWM of the process, asked for while it runs. */
async function peakOf(profile: SampleProfile, ...args: string[]): Promise<number> {
  let peak = 0
  let timer: NodeJS.Timeout | undefined
  const result = await cli(args, {
    profile: profile.dir,
    onStart: child => {
      timer = setInterval(() => {
        try {
          const kb = /VmHWM:\s+(\d+) kB/.exec(
            execFileSync('cat', [`/proc/${child.pid}/status`], { stdio: ['ignore', 'pipe', 'ignore'] }).toString(),
          )?.[1]
          peak = Math.max(peak, Number(kb ?? 0) * 1024)
        } catch {
          // it has ended
        }
      }, 50)
    },
  })
  clearInterval(timer)
  expect(result, result.stderr).toMatchObject({ code: 0 })
  return peak
}

function storeOf(message: Buffer): MailStore {
  const inbox = { path: ['INBOX'], use: null, selectable: true, subscribed: true, uidValidity: 1, uidNext: 2 }
  return { delimiter: '/', mailboxes: [{ ...inbox, messages: [{ uid: 1, flags: [], internalDate: 1_700_000_000, zone: 0, bytes: message }] }] }
}

/** An attachment in base64 that does not compress, all but its head. */
function largeMessage(): Buffer {
  const head = Buffer.from(
    'From: a@example.com\r\nSubject: large\r\nMIME-Version: 1.0\r\nContent-Type: application/zip; name=large.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n',
  )
  const random = randomOf(200)
  const block = Buffer.from(
    random
      .bytes(57 * 1024)
      .toString('base64')
      .replace(/(.{76})/g, '$1\r\n'),
  )
  const body = Buffer.alloc(SIZE - head.length - ((SIZE - head.length) % block.length))
  for (let at = 0; at < body.length; at += block.length) {
    block.copy(body, at)
    // Each block another one, so that nothing is stored once for all.
    body.write(Buffer.from([at >>> 24, at >>> 16, at >>> 8]).toString('base64'), at, 'latin1')
  }
  return Buffer.concat([head, body])
}
