/** Maildir names: flags behind `:2,` (or `;2,` where a file system knows no colon), keywords as letters that Dovecot's list explains. */
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ExportItem } from './types.ts'

const LETTERS: Record<string, string> = { '\\draft': 'D', '\\flagged': 'F', '\\answered': 'R', '\\seen': 'S', '\\deleted': 'T', $forwarded: 'P' }
const KEYWORDS = 'abcdefghijklmnopqrstuvwxyz'

/** The letters a folder gives its keywords, in the order in which they were met; more than 26 cannot be told apart and stand in the manifest only. */
export interface Keywords {
  letter(keyword: string): string
  /** Content of `dovecot-keywords`; '' where there are none. */
  list(): string
}

export function createKeywords(): Keywords {
  const known: string[] = []
  return {
    letter: keyword => {
      if (!/^[^\s\\]{1,100}$/.test(keyword)) return ''
      let at = known.findIndex(one => one.toLowerCase() === keyword.toLowerCase())
      if (at < 0 && known.length < KEYWORDS.length) at = known.push(keyword) - 1
      return KEYWORDS[at] ?? ''
    },
    list: () => known.map((keyword, i) => `${i} ${keyword}\n`).join(''),
  }
}

export function maildirName({ id, placement, internalDate, sortTime, size, flags }: ExportItem, keywords: Keywords, colon: string): string {
  const letters = flags.map(flag => LETTERS[flag.toLowerCase()] ?? keywords.letter(flag))
  const unique = `${internalDate ?? Math.floor(sortTime / 1000)}.${id.slice(0, 24)}_${placement}.mailcoffer`
  return `${unique},S=${size}${colon}2,${[...new Set(letters)].sort().join('')}`
}

/** A colon in a name is a stream on Windows, and refused by FAT and exFAT: tried in a folder there, where it cannot be known. */
export async function colonFor(folder: string): Promise<':' | ';'> {
  if (process.platform === 'win32') return ';'
  const trial = join(folder, '.mailcoffer:2,')
  try {
    await (await open(trial, 'w')).close()
    await rm(trial)
    return ':'
  } catch {
    return ';' // whatever is wrong with the folder itself is told by the first message
  }
}
