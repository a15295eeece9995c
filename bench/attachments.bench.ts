/** Reading attachments for searches: documents a second, and what each kind costs. Options: --messages 300, --seed 1. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { systemClock } from '../main/engine/base/clock.ts'
import { openIndexWriter } from '../main/engine/index/writer.ts'
import { attachmentLimits, readAttachments } from '../main/engine/jobs/attachments/texts.ts'
import { createOpening } from '../main/engine/jobs/opening/opening.ts'
import { createPool } from '../main/engine/jobs/pool/pool.ts'
import { createStore } from '../main/engine/jobs/store.ts'
import { deriveArchiveKeys } from '../main/engine/keys/archiveKeys.ts'
import { createLog } from '../main/engine/log/open.ts'
import type { RecordId } from '../main/engine/log/types.ts'
import { docx, pdf, pptx, xlsx, zip } from '../test/help/documents.ts'

const { values } = parseArgs({ options: { messages: { type: 'string', default: '300' }, seed: { type: 'string', default: '1' } } })
const count = Number(values.messages)

let state = Number(values.seed) || 1
const random = (below: number) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return Math.floor((state / 2 ** 32) * below)
}
const SYLLABLES = 'ra bel ko min sta tur wod an gri pel sze nowa mu lat ver trag ein dok pro hyd'.split(' ')
const word = () => Array.from({ length: 1 + random(4) }, () => SYLLABLES[random(SYLLABLES.length)]).join('')
const text = (words: number) => Array.from({ length: words }, word).join(' ')
const lines = (n: number) => Array.from({ length: n }, () => text(12))

const kinds: Record<string, () => Promise<Buffer> | Buffer> = {
  pdf: () => pdf(lines(200 + random(400))),
  docx: () => docx(...lines(100 + random(300))),
  xlsx: () =>
    xlsx(
      lines(300),
      Array.from({ length: 5000 }, () => random(1_000_000)),
    ),
  pptx: () => pptx(...lines(30)),
  zip: async () => zip({ 'a.docx': await docx(...lines(100)), 'b.txt': text(3000) }),
  txt: () => Buffer.from(text(5000)),
}

const mail = (n: number, kind: string, bytes: Buffer) =>
  Buffer.from(
    `Subject: number ${n}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n${text(120)}\r\n--b\r\nContent-Type: application/octet-stream; name="file.${kind}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${bytes
      .toString('base64')
      .replace(/.{76}/g, '$&\r\n')}\r\n--b--\r\n`,
  )

const dir = await mkdtemp(join(tmpdir(), 'mailcoffer-bench-'))
try {
  console.log('kind   files  MB in files  seconds  files/s  MB/s  CPU s')
  for (const [kind, make] of Object.entries(kinds)) {
    const files = await Promise.all(Array.from({ length: Math.ceil(count / Object.keys(kinds).length) }, make))
    const folder = join(dir, kind)
    const keys = deriveArchiveKeys(new Uint8Array(32).fill(7), '0123456789abcdef'.repeat(2))
    await mkdir(folder)
    const log = await createLog(folder, { id: keys.archiveId, keys, clock: systemClock })
    const index = openIndexWriter({ path: join(dir, `${kind}.db`), key: keys.indexKey }, { messagesPerTransaction: 2000 })
    const pool = createPool({ idKey: keys.idKey, workers: 1 })
    const store = createStore({ log, index, pool })
    const prepared = await pool.prepare(files.map((bytes, n) => mail(n, kind, bytes)))
    await store.save(prepared, [
      { k: 'mailbox', mailbox: 1, path: ['INBOX'], delimiter: '/', raw: 'INBOX', role: 'inbox', selectable: true, subscribed: true, present: true },
      { k: 'epoch', epoch: 1, mailbox: 1, uidValidity: 1 },
      ...prepared.map(({ id, size }, i) => ({
        k: 'placed' as const,
        epoch: 1,
        uid: i + 1,
        id,
        size,
        internalDate: 1_700_000_000 + i,
        zone: 0,
        flags: [],
      })),
    ])
    index.flush()
    const thread = createOpening(attachmentLimits)
    const before = process.cpuUsage()
    const start = performance.now()
    const read = async (id: RecordId) => (await log.read(index.place(id)!, id)).bytes
    const job = {
      signal: new AbortController().signal,
      clock: systemClock,
      progress() {},
      async checkpoint() {},
      failed: console.error,
      count() {},
      result() {},
      log() {},
    }
    await readAttachments({ read, index: () => index, pool, thread, isBusy: () => false }, job)
    const seconds = (performance.now() - start) / 1000
    const cpu = process.cpuUsage(before)
    const bytes = files.reduce((sum, file) => sum + file.length, 0) / 1e6
    console.log(
      `${kind.padEnd(6)} ${String(files.length).padStart(5)} ${bytes.toFixed(1).padStart(12)} ${seconds.toFixed(1).padStart(8)} ${(files.length / seconds).toFixed(0).padStart(8)} ${(bytes / seconds).toFixed(1).padStart(5)} ${((cpu.user + cpu.system) / 1e6).toFixed(1).padStart(6)}`,
    )
    await thread.close()
    await pool.close()
    index.close()
    await log.close()
  }
} finally {
  await rm(dir, { recursive: true, force: true })
}
