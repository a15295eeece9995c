/** The stand-alone reader shares no code with the engine. It writes the same bytes from the folder and the recovery code alone. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deriveArchiveKeys } from '../../../main/engine/keys/archiveKeys.ts'
import { createKeyring } from '../../../main/engine/keys/keyring.ts'
import { formatRecoveryCode } from '../../../main/engine/keys/recoveryCode.ts'
import type { Fact } from '../../../main/engine/log/facts.ts'
import { createLog } from '../../../main/engine/log/open.ts'
import type { Place, RecordId } from '../../../main/engine/log/types.ts'
import { ID, MASTER, mailboxFact, manualClock, temporaryDir } from '../../help/logs.ts'
import { assembleMail } from '../../help/preparedMail.ts'
import { randomOf } from '../../help/random.ts'
import { tortureMail } from '../../help/tortureMail.ts'

const SCRIPT = fileURLToPath(new URL('../../../scripts/read-archive.mjs', import.meta.url))
const CODE = new Uint8Array(20).fill(33)
const keys = deriveArchiveKeys(MASTER, ID)
const sum = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

function run(args: string[], env: Record<string, string> = { MAILCOFFER_RECOVERY_CODE: formatRecoveryCode(CODE) }) {
  return new Promise<{ code: number; out: string; err: string }>(resolve => {
    const child = execFile(process.execPath, [SCRIPT, ...args], { env: { PATH: process.env['PATH']!, ...env } }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    )
    child.stdin!.end()
  })
}

/** Path below `dir` → SHA-256 of every file. */
function filesIn(dir: string, below = dir): Map<string, string> {
  const found = new Map<string, string>()
  for (const entry of readdirSync(below, { withFileTypes: true })) {
    const path = join(below, entry.name)
    if (entry.isDirectory()) for (const [name, hash] of filesIn(dir, path)) found.set(name, hash)
    else found.set(relative(dir, path), sum(readFileSync(path)))
  }
  return found
}

const line = (length: number) => `${'QUJD'.repeat(length / 4)}`
const attached = (bytes: Buffer, eol: string, width = 76) =>
  `From: a@example.org${eol}MIME-Version: 1.0${eol}Content-Type: multipart/mixed; boundary=b${eol}${eol}--b${eol}Content-Type: text/plain${eol}${eol}Hello.${eol}` +
  `--b${eol}Content-Type: application/pdf${eol}Content-Transfer-Encoding: base64${eol}${eol}` +
  `${bytes
    .toString('base64')
    .match(new RegExp(`.{1,${width}}`, 'g'))!
    .join(eol)}${eol}--b--${eol}`

describe('read-archive.mjs', () => {
  const home = temporaryDir()
  const dir = join(home.path, 'archive')
  const mail: { bytes: Buffer; id: RecordId; mailbox: number }[] = []
  const places = new Map<RecordId, Place>()

  beforeAll(async () => {
    const random = randomOf(4)
    const noise = random.bytes(7_000_000)
    const texts: Buffer[] = [
      'From: a\r\n\r\nplain\r\n',
      '',
      attached(noise.subarray(0, 200_001), '\r\n'),
      attached(noise.subarray(0, 200_001), '\n', 64),
      // More than one blob, and a last line that is full.
      attached(noise, '\r\n'),
      attached(noise.subarray(0, 57 * 2000), '\r\n'),
      `From: x\r\nContent-Transfer-Encoding: base64\r\n\r\n${`${line(76)}\r\n`.repeat(3000)}`,
      `From: x\r\nContent-Transfer-Encoding: base64\r\n\r\n${`${line(76)}\n`.repeat(3000)}${line(8)}`,
      `From: x\r\n\r\n${'long text, eight bit: \xe9\xff '.repeat(200_000)}`,
    ].map(text => Buffer.from(text, 'latin1'))
    for (let i = 0; i < 150; i++) texts.push(tortureMail(random))

    await createKeyringIn(dir)
    const log = await createLog(dir, { id: ID, keys, clock: manualClock(), segmentBytes: 4_000_000 })
    const boxes = [['INBOX'], ['Work', 'Łódź / 2024'], ['work', 'łódź / 2024'], ['CON'], ['..', '.hidden', 'a:b*c?']]
    await log.commit(boxes.flatMap((path, i): Fact[] => [mailboxFact(i + 1, ...path), { k: 'epoch', epoch: i + 1, mailbox: i + 1, uidValidity: 1 }]))
    for (const [i, bytes] of texts.entries()) {
      const assembled = assembleMail([bytes], { idKey: keys.idKey })
      const mailbox = (i % boxes.length) + 1
      const put = await log.put(assembled.records)
      assembled.records.forEach((record, n) => {
        places.set(record.id, put[n]!)
      })
      mail.push({ bytes, id: assembled.id, mailbox })
      const at = { internalDate: i === 3 ? null : 1_700_000_000, zone: 0, flags: [], size: bytes.length, id: assembled.id }
      await log.commit([
        { k: 'placed', epoch: mailbox, uid: i + 1, ...at },
        // The same message in a second mailbox, and in the first one twice.
        ...(i === 0
          ? [
              { k: 'placed' as const, epoch: 2, uid: 1000, ...at },
              { k: 'placed' as const, epoch: 1, uid: 1000, ...at },
            ]
          : []),
      ])
    }
    await log.close()
  })
  afterAll(() => home[Symbol.dispose]())

  const hashes = (files: Map<string, string>) => new Set([...files].filter(([name]) => name.endsWith('.eml')).map(([, hash]) => hash))
  const expected = () => new Set(mail.map(({ bytes }) => sum(bytes)))

  it('writes every message with exactly its bytes, one file in each mailbox it was in', async () => {
    const to = join(home.path, 'out')
    const result = await run([dir, '--to', to])
    expect(result).toMatchObject({ code: 0, err: '' })
    const files = filesIn(to)
    expect(hashes(files)).toEqual(expected())
    const names = [...files.keys()]
    expect(names.filter(name => name.startsWith('INBOX/') || name.startsWith('INBOX\\'))).toHaveLength(
      new Set(mail.filter(m => m.mailbox === 1).map(m => m.id)).size,
    )
    expect(names.filter(name => files.get(name) === sum(mail[0]!.bytes))).toHaveLength(2)
    expect(names.some(name => name.startsWith('..'))).toBe(false)
    expect(names.every(name => /^(SHA256SUMS|(.+[/\\])+(\d{8}T\d{6}Z|undated)-[0-9a-f]{8}(-\d+)?\.eml)$/.test(name))).toBe(true)
  })
  it('gives a manifest that names every file with its SHA-256', async () => {
    const to = join(home.path, 'manifest')
    await run([dir, '--to', to])
    const files = filesIn(to)
    const lines = readFileSync(join(to, 'SHA256SUMS'), 'utf8').trim().split('\n')
    files.delete('SHA256SUMS')
    expect(new Map(lines.map(text => [text.slice(66), text.slice(0, 64)]))).toEqual(files)
  })
  it('overwrites nothing: a second run finds its files there, and leaves those of others alone', async () => {
    const to = join(home.path, 'twice')
    await run([dir, '--to', to])
    const before = filesIn(to)
    const victim = [...before.keys()].find(name => name.endsWith('.eml'))!
    writeFileSync(join(to, victim), 'mine')
    expect((await run([dir, '--to', to])).code).toBe(0)
    const after = filesIn(to)
    expect(after.get(victim)).toBe(sum(Buffer.from('mine')))
    expect(hashes(after)).toEqual(new Set([...expected(), sum(Buffer.from('mine'))]))
    expect(after.size).toBe(before.size + 2)
  })
  it('reports damage, writes all other messages, and ends with 1', async () => {
    const copy = join(home.path, 'damaged')
    mkdirSync(join(copy, 'log'), { recursive: true })
    for (const name of ['archive.json', 'keyring.json', 'head.json']) writeFileSync(join(copy, name), readFileSync(join(dir, name)))
    const hurt = [mail[0]!, mail[8]!, mail[30]!]
    for (const name of readdirSync(join(dir, 'log'))) {
      const bytes = readFileSync(join(dir, 'log', name))
      for (const { id } of hurt) {
        const place = places.get(id)!
        if (`${String(place.segment).padStart(8, '0')}.seg` === name) bytes[place.offset + 66]! ^= 1
      }
      writeFileSync(join(copy, 'log', name), bytes)
    }
    const to = join(home.path, 'out-damaged')
    const result = await run([copy, '--to', to])
    expect(result.code).toBe(1)
    for (const { id } of hurt) expect(result.err).toContain(id.slice(0, 12))
    const rest = mail.filter(({ id }) => !hurt.some(one => one.id === id))
    expect(hashes(filesIn(to))).toEqual(new Set(rest.map(({ bytes }) => sum(bytes))))
  })
  it('with only the generation of keys before, no archive.json, and no closing mark', async () => {
    const copy = join(home.path, 'spare')
    mkdirSync(copy)
    writeFileSync(join(copy, 'keyring.prev.json'), readFileSync(join(dir, 'keyring.json')))
    mkdirSync(join(copy, 'log'))
    for (const name of readdirSync(join(dir, 'log'))) writeFileSync(join(copy, 'log', name), readFileSync(join(dir, 'log', name)))
    const result = await run([copy, '--to', join(home.path, 'out-spare')])
    expect(result.code).toBe(1)
    expect(result.err).toContain('head.json')
    expect(result.err).toContain('archive.json')
    expect(hashes(filesIn(join(home.path, 'out-spare')))).toEqual(expected())
  })
  it.each([
    ['no arguments', [], {}, 2],
    ['no code', [dir, '--to', join(home.path, 'x')], {}, 2],
    ['a mistyped code', [dir, '--to', join(home.path, 'x')], { MAILCOFFER_RECOVERY_CODE: formatRecoveryCode(CODE).replace(/.$/, '0') }, 3],
    ['another code', [dir, '--to', join(home.path, 'x')], { MAILCOFFER_RECOVERY_CODE: formatRecoveryCode(new Uint8Array(20).fill(1)) }, 3],
    ['no archive', [home.path, '--to', join(home.path, 'x')], { MAILCOFFER_RECOVERY_CODE: formatRecoveryCode(CODE) }, 3],
  ])('%s: says so, and writes nothing', async (_name, args, env, code) => {
    const result = await run(args as string[], env as unknown as Record<string, string>)
    expect(result.code).toBe(code)
    expect(result.err).not.toContain('    at ')
    expect(existsSync(join(home.path, 'x'))).toBe(false)
  })
  it('takes the code from a file, in any case and spacing', async () => {
    const file = join(home.path, 'code')
    writeFileSync(file, `${formatRecoveryCode(CODE).toLowerCase().replaceAll('-', ' ')}\n`)
    expect((await run([dir, '--to', join(home.path, 'out-file'), '--recovery-code-file', file], {})).code).toBe(0)
  })
  it('leaves the archive as it is', async () => {
    const before = filesIn(dir)
    const times = [...before.keys()].map(name => statSync(join(dir, name)).mtimeMs)
    await run([dir, '--to', join(home.path, 'out-again')])
    expect(filesIn(dir)).toEqual(before)
    expect([...before.keys()].map(name => statSync(join(dir, name)).mtimeMs)).toEqual(times)
  })
  it('stops at a newer format', async () => {
    const newer = join(home.path, 'newer')
    mkdirSync(newer)
    writeFileSync(join(newer, 'archive.json'), JSON.stringify({ mailcoffer: 'archive', format: 2, id: ID, created: '2030-01-01T00:00:00Z' }))
    const result = await run([newer, '--to', join(home.path, 'x')])
    expect(result).toMatchObject({ code: 3 })
    expect(result.err).toContain('format 2')
  })
})

async function createKeyringIn(dir: string): Promise<void> {
  mkdirSync(dir, { recursive: true })
  await createKeyring(dir, ID, MASTER, [{ kind: 'recovery', code: CODE }])
}
