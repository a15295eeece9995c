/** The sample mailbox: what lies where, in what order, under which UIDs. The same bytes at every start. */

import { createHash } from 'node:crypto'
import type { MailStore, StoredMailbox, StoredMessage } from '../imap/store.ts'
import { compose, type Letter, mailDate, readTime } from './compose.ts'
import { oddities } from './oddities.ts'
import { zofia } from './people.ts'
import { series } from './series.ts'
import { lately } from './stories/lately.ts'
import { museum } from './stories/museum.ts'
import { office } from './stories/office.ts'
import { station } from './stories/station.ts'
import { suppliers } from './stories/suppliers.ts'
import { tell } from './story.ts'

/** A message as it lies in a mailbox. */
export interface Delivered {
  box: string
  flags: string[]
  /** INTERNALDATE: Unix seconds and minutes east of UTC. */
  seconds: number
  zone: number
  bytes: Uint8Array
}

interface Box {
  name: string
  use?: string
  /** Only holds other mailboxes. */
  holder?: true
  unsubscribed?: true
}

const BOXES: Box[] = [
  { name: 'INBOX' },
  { name: 'Drafts', use: '\\Drafts' },
  { name: 'Sent', use: '\\Sent' },
  { name: 'Archive', use: '\\Archive' },
  { name: 'Archive/2019' },
  { name: 'Archive/2020' },
  { name: 'Archive/2021' },
  { name: 'Archive/2022' },
  { name: 'Faktury', holder: true },
  { name: 'Faktury/2023' },
  { name: 'Faktury/2024' },
  { name: 'Faktury/2025' },
  { name: 'Lieferanten', holder: true },
  { name: 'Lieferanten/Nordlicht' },
  { name: 'Listy', holder: true },
  { name: 'Listy/Lichtbrief' },
  { name: 'Listy/The Lumen Letter' },
  { name: 'Prywatne', holder: true },
  { name: 'Prywatne/Urlop i podróże' },
  { name: 'Projekty', holder: true },
  { name: 'Projekty/Muzeum Portowe' },
  { name: 'Projekty/Dworzec & perony' },
  { name: 'Projekty/Teatr „Żółta Żaba”' },
  { name: 'Serwer', unsubscribed: true },
  { name: 'Клиенты' },
  { name: '供应商', holder: true },
  { name: '供应商/发票' },
  { name: '供应商/合同' },
  { name: '見積書' },
  { name: 'Junk', use: '\\Junk' },
  { name: 'Trash', use: '\\Trash' },
]

const DELIMITER = '/'

export function sampleStore(): MailStore {
  const delivered = everything()
  const known = new Set(BOXES.map(box => box.name))
  const lost = delivered.find(message => !known.has(message.box))
  if (lost) throw new Error(`no mailbox ${lost.box}`)
  const mailboxes = BOXES.map((box, at) => {
    const messages = delivered.filter(message => message.box === box.name)
    return mailboxOf(box, at, messages)
  })
  return { delimiter: DELIMITER, mailboxes }
}

function everything(): Delivered[] {
  const told = [...museum, ...suppliers, ...office, ...station, ...lately].flatMap(tell)
  return [...told, ...series()]
    .map(({ box, flags, letter }) => ({ box, flags, ...arrival(box, letter.at), bytes: compose(travelled(box, letter)) }))
    .concat(oddities())
}

/** What servers on the way put on top of a letter that came in (RFC 5321 4.4). */
function travelled(box: string, letter: Letter): Letter {
  if (box === 'Sent' || box === 'Drafts') return letter
  const domain = letter.from.address.split('@')[1] as string
  const mark = createHash('sha256').update(letter.id).digest('hex')
  const date = mailDate(letter.at)
  const headers: [string, string][] = [
    ['Return-Path', `<${letter.from.address}>`],
    ['Delivered-To', zofia.address],
    [
      'Received',
      `from mx.${domain} (mx.${domain} [192.0.2.${1 + (Number.parseInt(mark.slice(0, 2), 16) % 250)}])\r\n\tby mail.latarnia.example with ESMTPS id ${mark.slice(2, 14)}\r\n\tfor <${zofia.address}>; ${date}`,
    ],
    ['Authentication-Results', `mail.latarnia.example; dkim=pass header.d=${domain}; spf=pass`],
    [
      'Received',
      `from [198.51.100.${1 + (Number.parseInt(mark.slice(14, 16), 16) % 250)}] by mx.${domain} with ESMTPSA id ${mark.slice(16, 28)};\r\n\t${date}`,
    ],
  ]
  return { ...letter, headers: [...headers, ...(letter.headers ?? [])] }
}

/** A few seconds after it was sent, in the server's own time; what was moved over from an older server kept its zone. */
function arrival(box: string, at: string): { seconds: number; zone: number } {
  const sent = readTime(at)
  const seconds = sent.seconds + 2 + (sent.seconds % 7)
  return { seconds, zone: box.startsWith('Archive/') ? sent.zone : warsawZone(seconds) }
}

/** Summer time in the EU: from the last Sunday of March to the last Sunday of October, 01:00 UTC. */
function warsawZone(seconds: number): number {
  const year = new Date(seconds * 1000).getUTCFullYear()
  const change = (month: number) => {
    const end = new Date(Date.UTC(year, month + 1, 0, 1))
    return (end.getTime() - end.getUTCDay() * 86_400_000) / 1000
  }
  return seconds >= change(2) && seconds < change(9) ? 120 : 60
}

/** UIDs ascend with the date of arrival, with holes, as in a mailbox from which things were deleted. */
function mailboxOf(box: Box, at: number, delivered: Delivered[]): StoredMailbox {
  const sorted = [...delivered].sort((left, right) => left.seconds - right.seconds)
  let uid = 0
  const messages = sorted.map((message): StoredMessage => {
    uid += 1 + (message.seconds % 5 === 0 ? 2 : 0) + (message.seconds % 11 === 0 ? 9 : 0)
    return { uid, flags: message.flags, internalDate: message.seconds, zone: message.zone, bytes: message.bytes }
  })
  return {
    path: box.name.split(DELIMITER),
    use: box.use ?? null,
    selectable: box.holder !== true,
    subscribed: box.unsubscribed !== true,
    uidValidity: 1_546_300_800 + at * 1000,
    uidNext: uid + 1,
    messages,
  }
}
