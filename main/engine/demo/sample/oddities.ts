/** Mail as it should not be and is: broken, hostile, strange. Written by hand, byte for byte. Harmless: every address ends in .invalid. */
import { readTime } from './compose.ts'
import type { Delivered } from './mailbox.ts'

export function oddities(): Delivered[] {
  return ODD.map(([box, at, flags, text]) => {
    const { seconds, zone } = readTime(at)
    return { box, flags, seconds, zone, bytes: typeof text === 'string' ? Buffer.from(text, 'latin1') : text }
  })
}

type Odd = [box: string, at: string, flags: string[], text: string | Buffer]

const lines = (...all: string[]) => all.join('\r\n')

const ODD: Odd[] = [
  // No Date, no Message-ID, no To
  [
    'INBOX',
    '2024-11-05 03:12 +0100',
    ['\\Seen'],
    lines('From: fax@urzadzenie.invalid', 'Subject: FAX 0042', '', 'Odebrano 1 strone. Nadawca nieznany.', ''),
  ],
]
