/** 200,000 messages that exist only as arithmetic: row n of a list is made when somebody asks for it. */
import type { Mailbox, MessageSummary, MessageView } from '../../main/contract/types.ts'
import { body, html, people, snippets, subjects } from './fakeWords.ts'

export const ARCHIVE = 'a'.repeat(32)
const NEWEST = Date.now() - 35 * 60_000
const STEP = 47 * 60_000

const box = (id: number, path: string[], role: Mailbox['role'], messages: number, more: Partial<Mailbox> = {}): Mailbox => ({
  id,
  path,
  name: path.join('/'),
  parent: null,
  role,
  selectable: true,
  present: true,
  messages,
  unread: Math.floor(messages / 40),
  gone: Math.floor(messages / 90),
  gaps: 0,
  completeAsOf: Date.now(),
  ...more,
})

export const mailboxes: Mailbox[] = [
  box(1, ['INBOX'], 'inbox', 48_210),
  box(2, ['Drafts'], 'drafts', 7),
  box(3, ['Sent'], 'sent', 31_844),
  box(4, ['Archive'], 'archive', 0),
  box(5, ['Archive', '2023'], null, 41_023, { parent: 4 }),
  box(6, ['Archive', '2024'], null, 52_700, { parent: 4 }),
  box(7, ['Archive', '2024', 'Umowy i faktury'], null, 1204, { parent: 6, gaps: 2 }),
  box(8, ['Junk'], 'junk', 312),
  box(9, ['Trash'], 'trash', 1180),
  box(10, ['项目'], null, 8_420),
  box(11, ['Werkstatt'], null, 15_100),
  box(12, ['Old newsletter'], null, 0, { present: false, messages: 640 }),
]
export const TOTAL = 200_000

export const lengthOf = (mailbox: number | null) => (mailbox === null ? TOTAL : (mailboxes.find(one => one.id === mailbox)?.messages ?? 0))

const mix = (a: number, b: number) => {
  let x = (a * 374_761_393 + b * 668_265_263) | 0
  x = Math.imul(x ^ (x >>> 13), 1_274_126_177)
  return (x ^ (x >>> 16)) >>> 0
}

export function rowAt(mailbox: number | null, index: number): MessageSummary {
  const seed = mix(index + 1, mailbox ?? 0)
  const pick = <T>(list: readonly T[], salt: number) => list[mix(seed, salt) % list.length]!
  const topic = mix(seed, 2) % subjects.length
  const time = NEWEST - index * STEP - (seed % 40) * 60_000
  const seen = index > 4 ? seed % 11 !== 0 : index % 2 === 1
  return {
    archive: ARCHIVE,
    id: `${(mailbox ?? 0).toString(16).padStart(2, '0')}${index.toString(16).padStart(12, '0')}${seed.toString(16).padStart(8, '0')}`.padEnd(64, '0'),
    cursor: { row: index, placement: (mailbox ?? 0) * 1_000_000 + index },
    subject: subjects[topic]!,
    from: [{ ...pick(people, 1) }],
    to: [{ name: 'Ada Nowak', address: 'ada@nowak.example' }, { ...pick(people, 9) }],
    date: time,
    sortTime: time,
    size: 2_000 + (seed % 900_000),
    flags: [...(seen ? ['\\Seen'] : []), ...(seed % 37 === 0 ? ['\\Flagged'] : [])],
    attachments: seed % 4 === 0 ? 1 + (seed % 3) : 0,
    gone: index > 6 && seed % 9 === 0 ? time + 86_400_000 * 30 : null,
    snippet: snippets[topic % snippets.length]!,
    parse: seed % 301 === 0 ? 'failed' : 'ok',
  }
}

export function viewOf(id: string): MessageView {
  const mailbox = Number.parseInt(id.slice(0, 2), 16) || null
  const summary = rowAt(mailbox, Number.parseInt(id.slice(2, 14), 16))
  const kept = mailboxes.find(one => one.id === mailbox) ?? mailboxes[0]!
  const place = {
    mailbox: kept.id,
    mailboxName: kept.name,
    uid: 4711,
    flags: summary.flags,
    internalDate: summary.sortTime,
    firstSeen: summary.sortTime,
  }
  return {
    summary,
    cc: people.slice(4, 10).map(person => ({ ...person })),
    bcc: [],
    replyTo: [],
    rfcMessageId: `${id.slice(0, 20)}@pracownia.example`,
    text: body,
    html: Number.parseInt(id.slice(13, 14), 16) % 2 === 0 ? html : null,
    remoteContentBlocked: true,
    truncated: false,
    attachments: Array.from({ length: summary.attachments }, (_, index) => ({
      index,
      name: ['Plan 2024.pdf', 'Zdjęcia z budowy.zip', '进度报告.xlsx'][index]!,
      type: ['application/pdf', 'application/zip', 'application/vnd.ms-excel'][index]!,
      size: 84_000 * (index + 1) ** 3,
      inline: false,
      cid: null,
    })),
    placements: [
      { ...place, gone: summary.gone },
      { ...place, mailbox: 6, mailboxName: 'Archive/2024', uid: 812, gone: null },
    ],
    conversation: [],
    links: { mismatched: 1, lookalike: 0 },
    remoteImages: ['https://newsletter.example/header.png'],
    trackers: 1,
    authentication: { server: 'imap.example', results: [{ method: 'dkim', result: 'pass', about: 'pracownia.example' }] },
    events: [],
    contacts: [],
    sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  }
}
