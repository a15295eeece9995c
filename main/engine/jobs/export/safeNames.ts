/** File and folder names that every file system takes: NTFS, exFAT, FAT32, APFS, ext4, SMB. */
import type { Mailbox } from '../../../contract/types.ts'

const MOST_BYTES = 80 // of a slug or folder level: long enough to recognise, short enough for nine levels in 240 characters
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to go
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i

/** `2024-03-01-1a2b3c4d-angebot-fuer-juni.eml`: date, first eight digits of the message id, subject. */
export function safeName(sortTime: number, id: string, subject: string): string {
  const date = new Date(Math.min(Math.max(sortTime, 0), 8.64e15)).toISOString().slice(0, 10)
  const slug = safeLevel(subject, '').replaceAll(/\s+/g, '-')
  return `${date}-${id.slice(0, 8)}${slug ? `-${slug}` : ''}.eml`
}

/** Folder levels of each mailbox; names that differ only in case or composition get a number. */
export function folderNames(mailboxes: readonly Pick<Mailbox, 'id' | 'path'>[]): Map<number, string[]> {
  const taken = new Map<string, string>()
  const names = new Map<number, string[]>()
  for (const { id, path } of [...mailboxes].sort((a, b) => a.id - b.id)) {
    const levels: string[] = []
    let exact = ''
    for (const level of path) {
      exact += `\u0000${level}`
      levels.push(freeLevel(levels, safeLevel(level, 'mailbox'), exact, taken))
    }
    names.set(id, levels)
  }
  return names
}

/** `taken` maps the folded full path of a folder to the exact mailbox path it was given to. */
function freeLevel(parents: readonly string[], level: string, exact: string, taken: Map<string, string>): string {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? level : `${level} (${n})`
    const key = [...parents, candidate].join('/').normalize('NFC').toLowerCase()
    const owner = taken.get(key)
    if (owner !== undefined && owner !== exact) continue
    taken.set(key, exact)
    return candidate
  }
}

function safeLevel(text: string, empty: string): string {
  let safe = text.normalize('NFC').replaceAll(FORBIDDEN, ' ').replaceAll(/\s+/g, ' ').trim()
  while (Buffer.byteLength(safe) > MOST_BYTES) safe = [...safe].slice(0, -1).join('')
  safe = safe.replace(/[. ]+$/, '')
  if (RESERVED.test(safe)) safe = `_${safe}`
  return safe === '' || safe.startsWith('.') ? `${empty}${safe.replace(/^\.+/, '_')}` : safe
}
