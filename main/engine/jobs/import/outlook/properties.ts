/** What Outlook's properties say, wherever they were read from ([MS-OXPROPS] has the numbers). */
import type { OutlookAddress, OutlookAttachment, OutlookMessage } from './types.ts'

/** Access to the properties of one object by their ids. */
export interface Properties {
  text(id: number): string
  int(id: number): number
  /** Unix ms. */
  date(id: number): number | null
  bytes(id: number): Uint8Array | null
}

const id = {
  messageClass: 0x001a,
  subject: 0x0037,
  submitTime: 0x0039,
  representingName: 0x0042,
  representingAddress: 0x0065,
  headers: 0x007d,
  recipientType: 0x0c15,
  senderName: 0x0c1a,
  senderAddress: 0x0c1f,
  deliveryTime: 0x0e06,
  messageFlags: 0x0e07,
  body: 0x1000,
  html: 0x1013,
  messageId: 0x1035,
  references: 0x1039,
  inReplyTo: 0x1042,
  lastVerb: 0x1081,
  flagStatus: 0x1090,
  displayName: 0x3001,
  emailAddress: 0x3003,
  creationTime: 0x3007,
  attachExtension: 0x3703,
  attachName: 0x3704,
  attachLongName: 0x3707,
  attachMime: 0x370e,
  attachContentId: 0x3712,
  attachFlags: 0x3714,
  internetCodepage: 0x3fde,
  messageCodepage: 0x3ffd,
  smtpAddress: 0x39fe,
  senderSmtp: 0x5d01,
  representingSmtp: 0x5d02,
} as const

const READ = 1
const UNSENT = 8
const REPLIED = [102, 103]
const FORWARDED = 104
const FOLLOW_UP = 2
/** MSG's and PST's attachments that are shown in the HTML. */
const RENDERED_IN_BODY = 4

export interface Parts {
  recipients: readonly Properties[]
  attachments: readonly OutlookAttachment[]
  lost: number
  rtf: () => Uint8Array | null
}

export function messageOf(from: Properties, { recipients, attachments, lost, rtf }: Parts): OutlookMessage {
  const html = from.bytes(id.html)
  const htmlText = html === null ? from.text(id.html) : ''
  const charset = charsetOf(from.int(id.internetCodepage) || from.int(id.messageCodepage))
  const hasHtml = (html !== null && html.length > 0) || htmlText !== ''
  const representing = addressOf(from, id.representingName, id.representingSmtp, id.representingAddress)
  const sender = addressOf(from, id.senderName, id.senderSmtp, id.senderAddress)
  return {
    messageClass: from.text(id.messageClass),
    headers: from.text(id.headers),
    // The first two characters may say where "Re: " ends.
    subject: withoutMark(from.text(id.subject)),
    from: representing ?? sender,
    sender: representing && sender && sender.address !== representing.address ? sender : null,
    recipients: recipients.map(one => ({ ...recipientOf(one), kind: kindOf(one.int(id.recipientType)) })),
    sent: from.date(id.submitTime),
    received: from.date(id.deliveryTime) ?? from.date(id.submitTime) ?? from.date(id.creationTime),
    messageId: from.text(id.messageId),
    inReplyTo: from.text(id.inReplyTo),
    references: from.text(id.references),
    text: from.text(id.body),
    html: hasHtml ? (html === null ? { bytes: Buffer.from(htmlText), charset: 'utf-8' } : { bytes: html, charset }) : null,
    rtf: hasHtml ? null : rtf(),
    attachments,
    lost,
    flags: flagsOf(from),
  }
}

const withoutMark = (subject: string): string => (subject.startsWith('\u0001') ? subject.slice(2) : subject)

export function attachmentOf(from: Properties, data: Uint8Array): OutlookAttachment {
  const extension = from.text(id.attachExtension)
  const contentId = from.text(id.attachContentId).replaceAll(/[<>\s]/g, '')
  return {
    name: from.text(id.attachLongName) || from.text(id.attachName) || from.text(id.displayName) || `attachment${extension}`,
    type: from.text(id.attachMime),
    contentId,
    inline: contentId !== '' && (from.int(id.attachFlags) & RENDERED_IN_BODY) !== 0,
    data,
  }
}

function flagsOf(from: Properties): string[] {
  const bits = from.int(id.messageFlags)
  const verb = from.int(id.lastVerb)
  return [
    ...(bits & READ ? ['\\Seen'] : []),
    ...(bits & UNSENT ? ['\\Draft'] : []),
    ...(REPLIED.includes(verb) ? ['\\Answered'] : []),
    ...(verb === FORWARDED ? ['$Forwarded'] : []),
    ...(from.int(id.flagStatus) === FOLLOW_UP ? ['\\Flagged'] : []),
  ]
}

function addressOf(from: Properties, nameId: number, smtpId: number, anyId: number): OutlookAddress | null {
  const name = from.text(nameId)
  const address = from.text(smtpId) || from.text(anyId)
  return name === '' && address === '' ? null : { name: name === address ? '' : name, address }
}

function recipientOf(from: Properties): OutlookAddress {
  const name = from.text(id.displayName)
  const address = from.text(id.smtpAddress) || from.text(id.emailAddress)
  return { name: name === address ? '' : name, address }
}

const kindOf = (type: number): 'to' | 'cc' | 'bcc' => (type === 2 ? 'cc' : type === 3 ? 'bcc' : 'to')

/** Windows' number of a character set, as MIME names it. */
export function charsetOf(codepage: number): string {
  if (codepage >= 1250 && codepage <= 1258) return `windows-${codepage}`
  if (codepage >= 28591 && codepage <= 28605) return `iso-8859-${codepage - 28590}`
  return CHARSETS[codepage] ?? 'utf-8'
}

const CHARSETS: Record<number, string> = {
  874: 'windows-874',
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  20127: 'us-ascii',
  20866: 'koi8-r',
  20932: 'euc-jp',
  20936: 'gb2312',
  21866: 'koi8-u',
  50220: 'iso-2022-jp',
  50221: 'iso-2022-jp',
  51932: 'euc-jp',
  51936: 'gb2312',
  51949: 'euc-kr',
  52936: 'hz-gb-2312',
  54936: 'gb18030',
}
