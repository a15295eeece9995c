/** What is said of attachments before they are opened, the names they are saved under, and the thread that reads them. */
import { readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { extensionOf, nameDangers } from '../../../main/contract/attachmentNames.ts'
import { packHoled } from '../../../main/engine/base/holed.ts'
import { firstBytes } from '../../../main/engine/jobs/attachments/attachment.ts'
import { contentDangers, holdsMacros, kindOf } from '../../../main/engine/jobs/attachments/kind.ts'
import { attachmentName } from '../../../main/engine/jobs/attachments/name.ts'
import { markFromElsewhere } from '../../../main/engine/jobs/fromElsewhere.ts'
import { createOpening, type Opening } from '../../../main/engine/jobs/opening/opening.ts'

describe('a name that is dangerous says why', () => {
  test.each([
    ['setup.exe', ['executable']],
    ['invoice.pdf.exe', ['executable', 'double-extension']],
    ['invoice.pdf          .scr', ['executable', 'double-extension']],
    ['invoice.exe. . ', ['executable']],
    ['photo\u202egnp.scr', ['executable', 'hidden-characters']],
    ['re\u200bport.pdf', ['hidden-characters']],
    ['budget.xlsm', ['macros']],
    ['start.LNK', ['executable']],
    ['install.sh', ['executable']],
    ['disk.iso', ['executable']],
  ])('%j: %j', (name, dangers) => expect(nameDangers(name)).toEqual(dangers))

  test.each(['report.pdf', 'Zdjęcia z budowy.zip', '进度报告.xlsx', 'archive.tar.gz', 'v1.2.notes.txt', '👩‍🚒.png', 'نام‌ها.pdf', 'no extension', ''])(
    '%j is not',
    name => expect(nameDangers(name)).toEqual([]),
  )
  test('the ending is what Windows takes for it', () => expect(extensionOf('a.PDF.Exe . .')).toBe('exe'))
})

describe('content that is not what the name says', () => {
  const latin1 = (text: string) => Buffer.from(text, 'latin1')
  test.each([
    ['report.pdf', 'MZ\x90\0', ['type-differs', 'executable']],
    ['photo.jpg', '#!/bin/sh\nrm -rf /', ['type-differs', 'executable']],
    ['report.pdf', '<html><script>', ['type-differs']],
    ['notes.txt', '%PDF-1.7', ['type-differs']],
    ['plain', '\x7fELF\x02', ['executable']],
    ['letter.docx', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', ['type-differs']],
  ])('%s that begins with %j', (name, head, dangers) => expect(contentDangers(name, latin1(head))).toEqual(dangers))
  test.each([
    ['report.pdf', 'junk %PDF-1.4'],
    ['photo.jpg', '\x89PNG\r\n\x1a\n'],
    ['letter.doc', '{\\rtf1'],
    ['letter.docx', 'PK\x03\x04'],
    ['notes.txt', 'Dear all'],
    ['data.xyz', '%PDF-1.4'],
  ])('%s that begins with %j is what it is', (name, head) => expect(contentDangers(name, latin1(head))).toEqual([]))
  test('an image is what its bytes say', () => {
    expect(kindOf(latin1('GIF89a'))).toBe('image/gif')
    expect(kindOf(latin1('<?xml version="1.0"?>\n<svg xmlns="x">'))).toBe('image/svg+xml')
    expect(kindOf(latin1('BM but only in words'))).toBeNull()
  })
  test('macros are found in a document that does not tell of them, also across two pieces', async () => {
    async function* pieces(...all: string[]) {
      for (const piece of all) yield latin1(piece)
    }
    expect(await holdsMacros('letter.docx', pieces('PK\x03\x04 word/vbaPro', 'ject.bin'))).toBe(true)
    expect(await holdsMacros('letter.doc', pieces(Buffer.from('_VBA_PROJECT', 'utf16le').toString('latin1')))).toBe(true)
    expect(await holdsMacros('letter.docx', pieces('PK\x03\x04 word/document.xml'))).toBe(false)
    expect(await holdsMacros('about.txt', pieces('vbaProject.bin'))).toBe(false)
  })
})

describe('an attachment is saved under', () => {
  test.each([
    ['report.pdf', 'report.pdf'],
    ['../../.bashrc', '_.._.._.bashrc'.slice(1)],
    ['..\\..\\evil.exe', '.._.._evil.exe'],
    ['C:\\Windows\\a.dll', 'C__Windows_a.dll'],
    ['photo\u202egnp.scr', 'photognp.scr'],
    ['a\u0000b\nc.txt', 'abc.txt'],
    ['CON.txt', '_CON.txt'],
    ['name. . ', 'name'],
    ['...', 'attachment'],
    ['', 'attachment'],
  ])('%j: %j', (name, safe) => {
    const given = attachmentName(name)
    expect(given.replace(/^_(?=\.)/, '')).toBe(safe)
    expect(given).not.toMatch(/^\.|[/\\]/)
  })
  test('a short name that keeps its true ending', () => {
    const name = attachmentName(`${'ż'.repeat(500)}.pdf.exe`)
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(150)
    expect(name).toMatch(/\.exe$/)
  })
})

describe('the thread that reads what a person opens', () => {
  let opening: Opening | null = null
  afterEach(() => opening?.close())

  test('answers, and tells of a message that cannot be read without losing the next one', async () => {
    opening = createOpening()
    const places = (text: string) => opening!.ask('places', packHoled({ bytes: Buffer.from(text), holes: [] }))
    const [broken, good] = await Promise.allSettled([
      opening.ask('places', null as never),
      places('Content-Type: application/pdf; name=a.pdf\r\n\r\nxyz'),
    ])
    expect(broken).toMatchObject({ status: 'rejected', reason: { code: 'parse-failed' } })
    expect(good).toMatchObject({ status: 'fulfilled', value: [{ from: 45, to: 48, encoding: 'identity', attachment: { name: 'a.pdf', size: 3 } }] })
  })

  test('takes bytes over that are handed to it when it is their turn, and copies what others share', async () => {
    opening = createOpening()
    const [alone, shared] = [Buffer.alloc(100_000, 'a'), Buffer.alloc(200_000, 'b')]
    const before = opening.ask('text', Buffer.from('hello'), null)
    const handed = opening.hand('text', alone, null)
    expect(alone.length).toBe(100_000)
    await before
    expect(alone.length).toBe(0)
    expect(await handed).toBe('a'.repeat(100_000))
    expect(await opening.hand('text', shared.subarray(100_000), null)).toBe('b'.repeat(100_000))
    expect(shared.length).toBe(200_000)
  })

  test('is ended when it takes too long, and the next question has a new one', async () => {
    opening = createOpening({ timeoutMs: 1 })
    const slow = Buffer.from(`BEGIN:VCALENDAR\n${'BEGIN:VEVENT\nDTSTART;TZID=Europe/Warsaw:20260101T000000\n'.repeat(200_000)}`)
    await expect(opening.ask('events', slow, null)).rejects.toMatchObject({ code: 'parse-timeout' })
    await expect(opening.ask('events', slow, null)).rejects.toMatchObject({ code: 'parse-timeout' })
  })

  test('is given up when it does not get ready', async () => {
    opening = createOpening({ startMs: 1 })
    await expect(opening.ask('text', Buffer.from('hello'), null)).rejects.toMatchObject({
      code: 'parse-timeout',
      message: expect.stringContaining('the start'),
    })
  })

  test('is ended when it takes too much memory', async () => {
    opening = createOpening({ memoryMb: 16 })
    const outcome = await opening.ask('events', Buffer.from('A:b\n'.repeat(4_000_000)), null).catch((error: unknown) => error)
    expect(outcome).toMatchObject({ code: 'parse-failed' })
    await expect(opening.ask('text', Buffer.from('hello'), null)).resolves.toBe('hello')
  })

  test.skipIf(process.platform !== 'linux')('ends when it has rested, and begins anew with the next question', async () => {
    opening = createOpening({ restMs: 20 })
    const threads = () => readdirSync('/proc/self/task').length
    const ask = () => opening!.ask('text', Buffer.from('hello'), null)
    await ask()
    const working = threads()
    await expect.poll(threads, { timeout: 10_000 }).toBeLessThan(working)
    expect(await ask()).toBe('hello')
  })
})

describe('bytes of an attachment are put together', () => {
  const pieces = async function* (...lengths: number[]) {
    for (const [i, length] of lengths.entries()) yield new Uint8Array(length).fill(i + 1)
  }
  const lengths = [30_000, 30_000, 10_000]
  const all = Buffer.concat([Buffer.alloc(30_000, 1), Buffer.alloc(30_000, 2), Buffer.alloc(10_000, 3)])

  test.each([
    ['nobody knows how many', 0],
    ['as many as were expected', 70_000],
    ['fewer than were expected', 90_000],
    ['more than were expected', 40_000],
  ])('%s', async (_, expected) => {
    for (const most of [1_000_000, 70_000, 50_000, 30_000, 10])
      expect(Buffer.from(await firstBytes(pieces(...lengths), most, expected)).equals(all.subarray(0, most)), String(most)).toBe(true)
    expect(await firstBytes(pieces(), 10, expected)).toHaveLength(0)
  })

  test('in memory of their own, and what they came in is given back', async () => {
    const given = [new Uint8Array(30_000), new Uint8Array(40_000)]
    const whole = await firstBytes(
      (async function* () {
        yield* given
      })(),
      1_000_000,
      70_000,
    )
    expect(whole.buffer.byteLength).toBe(70_000)
    expect(given.map(({ length }) => length)).toEqual([0, 0])
  })
})

describe('the mark of what came from elsewhere', () => {
  test('is the stream that Windows looks at', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'mailcoffer-mark-'))
    try {
      const path = join(dir, 'a.exe')
      await writeFile(path, 'x')
      // On this file system the name of a stream is the name of a file: enough to see what is written where.
      expect(await markFromElsewhere(path, 0, 'win32')).toBe(true)
      expect(await readFile(`${path}:Zone.Identifier`, 'utf8')).toContain('ZoneId=3')
      expect(await markFromElsewhere(path, 0, 'linux')).toBe(false)
      expect(await markFromElsewhere(join(dir, 'missing', 'a'), 0, 'win32')).toBe(false)
      expect((await stat(path)).size).toBe(1)
    } finally {
      await rm(dir, { recursive: true })
    }
  })
})
