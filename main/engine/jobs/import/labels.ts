/** What mbox files of other programs say about a message in headers of their own: Gmail Takeout's labels, Mozilla's and mutt's flags. */
import { headerText } from '../../mail/words.ts'

export interface Said {
  /** The message as it was before these lines were put in front of it. */
  bytes: Buffer
  flags: string[]
  /** Labels as mailboxes; null where none are stated. */
  mailboxes: string[][] | null
}

// Gmail's own labels in the languages this program speaks; every other label is the person's.
const INBOX = new Set(['inbox', 'odebrane', 'posteingang', '收件箱'])
const STATES: Record<string, string | null> = {
  ...each(['opened', 'otwarte', 'geöffnet', '已打开', '已读邮件', '已打開'], null),
  ...each(['unread', 'nieprzeczytane', 'ungelesen', '未读', '未读邮件'], null),
  ...each(['starred', 'oznaczone gwiazdką', 'markiert', '已加星标'], '\\Flagged'),
  ...each(['important', 'ważne', 'wichtig', '重要邮件', '重要'], null),
}
const UNREAD = new Set(['unread', 'nieprzeczytane', 'ungelesen', '未读', '未读邮件'])
const CATEGORY = /^(?:category|kategoria|kategorie|类别)\b/i
const HEADERS_MAX = 256 * 1024

function each(names: readonly string[], flag: string | null): Record<string, string | null> {
  return Object.fromEntries(names.map(name => [name, flag]))
}

export function readSaid(message: Buffer): Said {
  const { bytes, added } = withoutAddedLines(message)
  const head = bytes.toString('latin1', 0, Math.min(bytes.length, HEADERS_MAX))
  const end = /\r?\n\r?\n/.exec(head)
  const headers = `\n${end ? head.slice(0, end.index + 1) : head}`
  const labels = added['x-gmail-labels'] ?? fieldOf(headers, 'x-gmail-labels')
  const flags = new Set([
    ...mozillaFlags(added['x-mozilla-status'] ?? fieldOf(headers, 'x-mozilla-status')),
    ...mozillaTags(added['x-mozilla-keys'] ?? fieldOf(headers, 'x-mozilla-keys')),
    ...statusFlags(fieldOf(headers, 'status'), fieldOf(headers, 'x-status')),
  ])
  if (labels === null) return { bytes, flags: [...flags], mailboxes: null }
  const names = splitLabels(headerText(labels.replaceAll(/\r?\n[ \t]/g, ' ')))
  const lower = names.map(name => name.toLowerCase())
  if (!lower.some(name => UNREAD.has(name))) flags.add('\\Seen')
  for (const name of lower) if (STATES[name]) flags.add(STATES[name])
  const boxes = names.filter((_, i) => !(lower[i]! in STATES) && !CATEGORY.test(names[i]!))
  return {
    bytes,
    flags: [...flags],
    mailboxes: boxes.length === 0 ? [['All Mail']] : boxes.map(name => (INBOX.has(name.toLowerCase()) ? ['INBOX'] : name.split('/'))),
  }
}

const TAKEOUT = /^(X-GM-THRID|X-Gmail-Labels):[ \t]*((?:[^\r\n]|\r?\n[ \t])*)\r?\n/i
const MOZILLA = /^(X-Account-Key|X-UIDL|X-Mozilla-Status2?|X-Mozilla-Keys):[ \t]*([^\r\n]*)\r?\n/i

/** Takeout and Thunderbird put lines in front of the message; without them it is the message that was received. */
function withoutAddedLines(message: Buffer): { bytes: Buffer; added: Record<string, string> } {
  const takeout = linesInFront(message, TAKEOUT)
  if (takeout.length > 0) return { bytes: message.subarray(takeout.length), added: takeout.added }
  const mozilla = linesInFront(message, MOZILLA)
  // The others stand there for other reasons as well.
  return 'x-mozilla-status' in mozilla.added ? { bytes: message.subarray(mozilla.length), added: mozilla.added } : { bytes: message, added: {} }
}

function linesInFront(message: Buffer, pattern: RegExp): { length: number; added: Record<string, string> } {
  const added: Record<string, string> = {}
  let length = 0
  for (;;) {
    const line = pattern.exec(message.toString('latin1', length, length + 16 * 1024))
    if (!line) return { length, added }
    added[line[1]!.toLowerCase()] = line[2]!
    length += Buffer.byteLength(line[0], 'latin1')
  }
}

const fieldOf = (headers: string, name: string): string | null =>
  new RegExp(`\\n${name}:[ \\t]*((?:[^\\r\\n]|\\r?\\n[ \\t])*)`, 'i').exec(headers)?.[1] ?? null

/** Commas part them; a label with a comma in it is quoted. */
function splitLabels(text: string): string[] {
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/g)].map(match => (match[1] ?? match[2]!).trim()).filter(name => name !== '')
}

/** Tags, and what other programs would call junk or not. */
const mozillaTags = (keys: string | null): string[] => (keys ?? '').split(/\s+/).filter(key => /^[!#$&'+-[^-z|}~]{1,100}$/.test(key))

function mozillaFlags(status: string | null): string[] {
  const bits = status && /^[0-9a-f]{1,8}$/i.test(status.trim()) ? Number.parseInt(status.trim(), 16) : 0
  return [
    ...(bits & 1 ? ['\\Seen'] : []),
    ...(bits & 2 ? ['\\Answered'] : []),
    ...(bits & 4 ? ['\\Flagged'] : []),
    // Deleted, and still in the file until that is compacted.
    ...(bits & 8 ? ['\\Deleted'] : []),
    ...(bits & 0x1000 ? ['$Forwarded'] : []),
  ]
}

function statusFlags(status: string | null, more: string | null): string[] {
  const letters = status !== null && status.trim().length < 5 ? status : ''
  const extra = more !== null && more.trim().length < 8 ? more : ''
  return [
    ...(letters.includes('R') ? ['\\Seen'] : []),
    ...(extra.includes('A') ? ['\\Answered'] : []),
    ...(extra.includes('F') ? ['\\Flagged'] : []),
    ...(extra.includes('T') ? ['\\Draft'] : []),
  ]
}
