/** A message of the recall corpus as it comes from a server: in UTF-8, and every other one in a charset of its language where that can write it. */
import { type Charset, canEncode } from '../../main/engine/demo/sample/charset.ts'
import { compose, type Letter, type Person } from '../../main/engine/demo/sample/compose.ts'
import type { CorpusMessage } from './recallCorpus.ts'

const CHARSETS: Record<string, Charset> = { pl: 'iso-8859-2', de: 'iso-8859-1', en: 'windows-1252', ru: 'koi8-r', zh: 'gb18030', ja: 'shift_jis' }
const TRANSFERS = ['quoted-printable', 'base64', '8bit'] as const
const TYPES: Record<string, string> = {
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  ics: 'text/calendar',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
}

export function corpusMail(message: CorpusMessage, n: number): Uint8Array {
  const { key, subject, text, date, files } = message
  const charset = CHARSETS[key.slice(0, 2)]
  const old = n % 2 === 1 && charset !== undefined && canEncode(subject + text, charset)
  const letter: Letter = {
    id: key,
    from: person(message.from),
    to: [person(message.to)],
    at: `${date} 10:00 +0000`,
    subject,
    text,
    charset: old ? charset : 'utf-8',
    transfer: TRANSFERS[n % TRANSFERS.length]!,
    ...(n % 3 === 0 && { html: true as const }),
    files: files.map(name => ({ name, type: TYPES[name.split('.').at(-1)!] ?? 'application/octet-stream', bytes: Buffer.from(name) })),
  }
  return compose(letter)
}

function person(text: string): Person {
  const [, name = '', address = text] = /^(.*?) <(.*)>$/.exec(text) ?? []
  return { name, address }
}
