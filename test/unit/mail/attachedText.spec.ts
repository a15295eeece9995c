/** What attachments say: by their content, whatever they are called, and never more than was set out to be spent. */
import { describe, expect, test } from 'vitest'
import { attachedText } from '../../../main/engine/mail/attached/attachedText.ts'
import { unpackRtf } from '../../../main/engine/mail/attached/tnef.ts'
import { newBudget } from '../../../main/engine/mail/attached/types.ts'
import { openers } from '../../../main/engine/mail/open.ts'
import { chinesePdf, docx, lockedPdf, odt, opaqueSigned, pdf, pptx, tnef, xlsx, zip } from '../../help/documents.ts'

const read = (bytes: Buffer | string, name: string, type = '', charset: string | null = null) =>
  attachedText({ bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes, name, type, charset })
const said = async (bytes: Buffer | string, name: string, type?: string) => (await read(bytes, name, type)).text.replace(/\s+/g, ' ').trim()

describe('the text of', () => {
  test('a PDF, with the words that are cut at the ends of lines', async () =>
    expect(await said(pdf(['Umowa najmu (m\u00f3j)', 'Vertrags-', 'abschluss']), 'a.pdf')).toBe('Umowa najmu (mój) Vertragsabschluss'))
  test('a Chinese PDF that names its character set instead of holding it', async () =>
    expect(await said(chinesePdf('BACF CDAC'.replace(' ', '')), 'a.pdf')).toBe('合同'))
  test('a letter of Word, its words whole', async () =>
    expect(await said(await docx('Kündigungsschreiben', 'vom 3. Mai'), 'a.docx')).toBe('Kündigungsschreiben vom 3. Mai at the foot'))
  test('a table of Excel: words, and numbers that are numbers', async () => {
    const text = await said(await xlsx(['Miete', 'Strom &amp; Gas'], [4711, 12.5]), 'a.xlsx')
    expect(text).toBe('Miete Strom & Gas 4711 12.5 written in place')
  })
  test('slides in their order, and the notes', async () =>
    expect(await said(await pptx('eins', ...Array.from({ length: 10 }, (_, i) => `Folie ${i + 2}`)), 'a.pptx')).toMatch(
      /eins .*Folie 2 .*Folie 11.*said aloud|said aloud.*eins/,
    ))
  test('an OpenDocument text', async () => expect(await said(await odt('Zażółć<text:s/>gęślą'), 'a.odt')).toBe('Zażółć gęślą'))
  test('RTF, in its code page, with Unicode and without its tables', async () =>
    expect(
      await said(
        "{\\rtf1\\ansi\\ansicpg1250{\\fonttbl{\\f0\\fcharset238 Arial;}{\\f1\\fcharset204 Cyr;}}{\\*\\generator x;}Za\\u380 z\\'f3\\'b3\\'e6\\par {\\f1 \\'cf\\'f0\\'e8\\'e2\\'e5\\'f2} \\u-10179?\\u-8704?}",
        'a.rtf',
      ),
    ).toBe('Zażółć Привет \u{1f600}'))
  test('HTML as it is seen', async () =>
    expect(await said('<html><style>p{}</style><p>Guten&nbsp;Tag</p><script>no()</script>', 'a.html')).toBe('Guten Tag'))
  test('CSV in the charset it is in, stated or not', async () => {
    const koi8 = Buffer.from(
      'c9cdd13bd3d5cdcdc10aebd5dacec5c3cfd7c120edc1d2c9d13b3230300af0c5d4d2cfd720e9d7c1ce3b3330300af0d2cfd4cfcbcfcc20cfc2ddc5c7cf20d3cfc2d2c1cec9d120d3cfc2d3d4d7c5cecec9cbcfd73bcec520d0cfc4d0c9d3c1ce',
      'hex',
    )
    expect(await said(koi8, 'a.csv')).toBe('имя;сумма Кузнецова Мария;200 Петров Иван;300 Протокол общего собрания собственников;не подписан')
    expect(await said(Buffer.from('\ufeffZażółć', 'utf16le'), 'a.csv')).toBe('Zażółć')
  })
  test('a calendar and a card, their lines put together', async () => {
    expect(await said('BEGIN:VCALENDAR\r\nSUMMARY:Zebranie wsp\r\n ólnoty\\, budynek\r\n', 'a.ics')).toContain('Zebranie wspólnoty, budynek')
    expect(await said('BEGIN:VCARD\r\nFN:Łukasz Żak\r\n', 'a.vcf', 'text/vcard')).toContain('Łukasz Żak')
  })
  test('a ZIP file: names, and what is in the files, files in files too', async () => {
    const inner = await zip({ 'deep/letter.docx': await docx('innermost') })
    expect(await said(await zip({ 'protokół.txt': 'Uchwała', 'more.zip': inner, 'photo.jpg': 'none' }), 'a.zip')).toBe(
      'protokół.txt more.zip photo.jpg Uchwała deep/letter.docx innermost at the foot',
    )
  })
  test('a message that came in a file, with its attachments', async () => {
    const mail = `From: Anna <anna@example.org>\r\nSubject: inside\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nbody\r\n--b\r\nContent-Type: application/octet-stream; name=x.docx\r\nContent-Transfer-Encoding: base64\r\n\r\n${(await docx('deeper')).toString('base64')}\r\n--b--\r\n`
    expect(await said(mail, 'a.eml')).toMatch(/inside .*anna@example.org body x.docx deeper/)
  })
  test('a file is what its bytes say', async () => expect(await said(pdf(['hello']), 'letter.doc', 'application/msword')).toBe('hello'))
})

describe('what cannot be read has a reason', () => {
  const why = async (bytes: Buffer | string, name: string) => (await read(bytes, name)).why
  test('an encrypted PDF', async () => expect(await why(lockedPdf(), 'a.pdf')).toBe('encrypted'))
  test('a PDF of pictures only', async () => expect(await why(pdf([]), 'a.pdf')).toBe('image-only'))
  test('a PDF that is cut off, and something else that is called one', async () => {
    expect(await why(Buffer.from('%PDF-1.4\n1 0 obj<</Type'), 'a.pdf')).toBe('damaged')
    expect(await why('Dear all', 'a.docx')).toBe('damaged')
  })
  test('an Office file under a password, and an old one', async () => {
    const ole = Buffer.from('d0cf11e0a1b11ae1', 'hex')
    expect(await why(Buffer.concat([ole, Buffer.alloc(600), Buffer.from('EncryptedPackage', 'utf16le')]), 'a.docx')).toBe('encrypted')
    expect(await why(Buffer.concat([ole, Buffer.alloc(600)]), 'a.doc')).toBe('format')
  })
  test('an OpenDocument file under a password', async () => expect(await why(await odt('x', '<m:encryption-data/>'), 'a.odt')).toBe('encrypted'))
  test('a ZIP file that is damaged', async () => expect(await why((await zip({ 'a.txt': 'x' })).subarray(0, 60), 'a.zip')).toBe('damaged'))
  test('a picture has no text, and that is no fault', async () =>
    expect(await read(Buffer.from('ffd8ff00', 'hex'), 'a.jpg')).toEqual({ text: '', why: null }))
})

describe('an envelope is opened', () => {
  const file = { name: 'Umowa (kopia) – żółta.txt', bytes: Buffer.from('treść umowy') }
  test('winmail.dat: its text and its files, in the index', async () => {
    const text = await said(tnef({ body: 'Szanowni Państwo', file }), 'winmail.dat', 'application/ms-tnef')
    for (const word of ['W kopercie', 'Szanowni Państwo', file.name, 'treść umowy']) expect(text).toContain(word)
  })
  test('winmail.dat with HTML in the code page it names, in the reader', () => {
    const opened = openers.opaque(tnef({ html: '<p>Za\xbf\xf3\xb3\xe6</p>', file }), 'application/octet-stream')
    expect(opened).toMatchObject({
      subject: 'W kopercie',
      isSigned: false,
      text: 'Zażółć',
      attachments: [{ name: file.name, type: 'application/octet-stream' }],
    })
  })
  test('RTF that is compressed as Outlook does it (the example of MS-OXRTFCP 3.1)', () => {
    const packed = Buffer.from('2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0', 'hex')
    expect(unpackRtf(packed).toString('latin1')).toBe('{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n')
  })
  const entity = 'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nPodpisany aneks do umowy'
  test.each([false, true])('an opaque S/MIME signature, which is not checked (in pieces: %s)', async pieces => {
    const bytes = opaqueSigned(entity, pieces)
    expect(await said(bytes, 'smime.p7m', 'application/pkcs7-mime')).toContain('Podpisany aneks do umowy')
    expect(openers.opaque(bytes, 'application/x-pkcs7-mime')).toMatchObject({ isSigned: true, text: 'Podpisany aneks do umowy' })
  })
  test('what lies within it can be had one by one, through as many envelopes as there are', () => {
    const envelope = tnef({ body: 'x', file })
    const forwarded = Buffer.concat([
      Buffer.from('Subject: Fwd\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\nsee below\r\n--i\r\n'),
      Buffer.from('Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n'),
      Buffer.from(envelope.toString('base64')),
      Buffer.from('\r\n--i--\r\n'),
    ])
    const eml = { name: 'fwd.eml', type: 'application/octet-stream' }
    expect(openers.within(forwarded, eml, [0])).toMatchObject({ attachment: { name: 'winmail.dat' }, bytes: envelope })
    expect(openers.within(forwarded, eml, [0, 0])).toMatchObject({ attachment: { name: file.name }, bytes: file.bytes })
    for (const path of [[1], [0, 1], [0, 0, 0]]) expect(openers.within(forwarded, eml, path)).toBeNull()
    expect(openers.within(file.bytes, { name: 'a.txt', type: 'text/plain' }, [0])).toBeNull()
  })
  test('what is encrypted, or cut off anywhere, stays closed, and nothing breaks', async () => {
    const signed = opaqueSigned(entity, true)
    for (let length = 0; length < signed.length; length += 7) expect(openers.opaque(signed.subarray(0, length), 'application/pkcs7-mime')).toBeNull()
    expect((await read(Buffer.from('3080060b2a864886f70d0107030000', 'hex'), 'smime.p7m', 'application/pkcs7-mime')).why).toBe('encrypted')
    const envelope = tnef({ body: 'x', file })
    for (let length = 6; length < envelope.length; length += 5) await read(envelope.subarray(0, length), 'winmail.dat')
  })
})

describe('bounds', () => {
  test('what unpacks to gigabytes is left, with what was read before', async () => {
    const bomb = await zip({ 'a.txt': 'before', 'b.txt': Buffer.alloc(40 * 1024 * 1024, 'a '), 'c.txt': 'after' })
    const budget = { ...newBudget(), unpacked: 1024 * 1024 }
    const found = await attachedText({ bytes: bomb, name: 'a.zip', type: '', charset: null }, budget)
    expect(found.why).toBe('too-large')
    expect(found.text).toContain('before')
  })
  test('ZIP files in ZIP files end somewhere', async () => {
    let nested = await zip({ 'a.txt': 'bottom' })
    for (let i = 0; i < 8; i++) nested = await zip({ 'n.zip': nested })
    expect(await read(nested, 'a.zip')).toMatchObject({ why: 'too-large' })
  })
  test('a hundred thousand elements deep is as good as flat', async () => {
    const deep = await zip({ '[Content_Types].xml': '<a/>', 'word/document.xml': `${'<w:p>'.repeat(100_000)}<w:t>deep</w:t>` })
    expect(await said(deep, 'a.docx')).toBe('deep')
    expect(await said(`{\\rtf1 ${'{'.repeat(100_000)}`, 'a.rtf')).toBe('')
  })
  test('a text without end is read so far, and that is said', async () => {
    const found = await attachedText({ bytes: Buffer.alloc(5_000_000, 'word '), name: 'a.txt', type: '', charset: null })
    expect(found.why).toBe('too-large')
    expect(found.text).toHaveLength(newBudget().characters)
  })
})
