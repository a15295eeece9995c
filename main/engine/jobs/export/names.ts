/**
 * Where each message goes: folders by mailbox or by month, and names that every file system takes, in paths that stay below the 260
 * characters of Windows. The manifest says what each name stands for.
 */
import type { ExportLayout } from '../../../contract/export.ts'
import type { KeptMailbox } from '../../index/kept.ts'
import { encodeLevel } from '../../mail/imap/mailboxName.ts'
import { folderNames, safeName } from './safeNames.ts'
import { itsPath, thunderbirdLevels } from './thunderbird.ts'
import type { ExportItem } from './types.ts'

const MOST_PATH = 240
const HASHED = 8 // digits of a folder's number that tell it from its neighbours when its name had to be cut
export const WITHOUT_MAILBOX = '_without mailbox'

export interface Folders {
  /** Levels below the export's folder. */
  of(item: Pick<ExportItem, 'mailbox' | 'sortTime'>): readonly string[]
}

/** `room`: characters that the path of the export's folder leaves for what is below it. */
export function foldersFor(mailboxes: readonly KeptMailbox[], layout: ExportLayout, room: number): Folders {
  if (layout === 'date')
    return {
      of: ({ sortTime }) => {
        const [year, month] = isoDay(sortTime).split('-')
        return [year!, month!]
      },
    }
  const thunderbird = layout === 'thunderbird'
  const names = folderNames(mailboxes.map(({ mailbox, path }) => ({ id: mailbox, path: thunderbird ? itsPath(path) : path })))
  const shortest = Math.max(40, room - 60)
  const levelsOf = (mailbox: number) => fitted(names.get(mailbox) ?? [WITHOUT_MAILBOX], shortest, mailbox)
  return { of: ({ mailbox }) => (thunderbird ? thunderbirdLevels(levelsOf(mailbox)) : levelsOf(mailbox)) }
}

/** Deep or long mailbox names are cut, and keep their number so that two never meet. */
function fitted(levels: readonly string[], most: number, mailbox: number): readonly string[] {
  if (levels.join('/').length <= most) return levels
  const number = String(mailbox).padStart(HASHED, '0')
  return [
    `${levels
      .join(' ')
      .slice(0, Math.max(0, most - HASHED - 1))
      .trimEnd()}-${number}`,
  ]
}

/** Characters for a path below `to`. */
export const roomBelow = (to: string): number => Math.max(80, MOST_PATH - to.length - 1)

/** `2024-03-01-1a2b3c4d-angebot.eml`, cut where the path would be too long. */
export function emlName({ sortTime, id, subject }: ExportItem, room: number): string {
  const name = safeName(sortTime, id, subject)
  if (name.length <= room) return name
  const stem = [...name.slice(0, -'.eml'.length)].slice(0, Math.max(19, room - '.eml'.length)).join('')
  return `${stem.replace(/[. -]+$/, '')}.eml`
}

/** Maildir++ as Dovecot reads it: INBOX is the folder itself, all others lie beside it behind a dot, in modified UTF-7. */
export function maildirFolder(path: readonly string[], taken: Map<string, string>): string {
  if (path.length === 1 && path[0]!.toUpperCase() === 'INBOX') return ''
  const exact = path.join('\u0000')
  const name = `.${path.map(level => encodeLevel(level).replaceAll(/[./\\:]/g, '_') || '_').join('.')}`.slice(0, 200)
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name}_${n}`
    const owner = taken.get(candidate.toLowerCase())
    if (owner !== undefined && owner !== exact) continue
    taken.set(candidate.toLowerCase(), exact)
    return candidate
  }
}

const isoDay = (ms: number): string => new Date(Math.min(Math.max(ms, 0), 253_402_300_799_000)).toISOString().slice(0, 10)

/** The same name twice in a folder (one message in two places of it) gets a number. `taken`: folded. */
export function freeName(name: string, taken: Set<string>): string {
  const dot = name.lastIndexOf('.')
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name.slice(0, dot)}-${n}${name.slice(dot)}`
    if (taken.has(folded(candidate))) continue
    taken.add(folded(candidate))
    return candidate
  }
}

/** What is the same to Windows and macOS. */
export const folded = (name: string): string => name.normalize('NFC').toLowerCase()
