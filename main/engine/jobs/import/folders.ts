/** Folders: an export of ours, a Maildir, Apple's and Thunderbird's mailboxes, or any tree of files with mail in it. */
import * as fs from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileError } from '../../base/fileError.ts'
import { decodePath } from '../../mail/imap/mailboxName.ts'
import { emlFile, emlxFile, looksLikeMail, maildirFlags, mboxFile, notRead } from './files.ts'
import { outlookFile } from './outlook/outlookFile.ts'
import { isOwnExport, ownExport } from './ownExport.ts'
import type { Reader } from './types.ts'
import { zipFile } from './zip.ts'

const DEPTH_MAX = 64
/** Files that mail programs keep beside mail. */
const BESIDE =
  /\.(msf|json|jsonl|html?|csv|js|plist|db|sqlite|index|cache|log|lock|ini|dat|txt)$|^(SHA256SUMS|dovecot.*|\.ds_store|thumbs\.db|subscriptions|courier.*|maildirsize|\.uidvalidity|\.mbsyncstate.*)$/i

/** With such a name it was meant to be mail, and is not passed over in silence. */
const CALLED_MAIL = /\.(pst|ost|msg|oft|mbox|mbx|zip)$/i

/** Everything in a file or folder that a person named. One that is not there is told of, and the others come. */
export async function* readPath(path: string, temporary: string): Reader {
  const stat = await fs
    .stat(path)
    .catch(fileError('import-unreadable', path))
    .catch(error => notRead(path, error))
  if ('kind' in stat) yield stat
  else if (stat.isDirectory()) yield* folder(path, folderLevels(basename(path)), basename(path), temporary, 0, true)
  else yield* file(path, ownLevels(basename(path)), basename(path), temporary)
}

const stem = (name: string): string => name.replace(/\.(mbox|mbx|eml|emlx|msg|pst|ost|zip|sbd)$/i, '') || name
/** A file of one message is no mailbox, and Outlook's files have mailboxes of their own inside. */
const ownLevels = (name: string): string[] => (/\.(eml|emlx|msg|oft|pst|ost)$/i.test(name) ? [] : [stem(name)])
const folderLevels = (name: string): string[] => (/^(mail|local folders|export|takeout)$/i.test(stem(name)) ? [] : [stem(name)])

async function* folder(dir: string, levels: readonly string[], where: string, temporary: string, depth: number, top = false): Reader {
  if (depth > DEPTH_MAX) {
    yield notRead(where, new Error('folders are nested too deep'))
    return
  }
  if (await isOwnExport(dir)) {
    yield* ownExport(dir, where)
    return
  }
  const entries = await fs.readdir(dir, { withFileTypes: true }).catch(fileError('import-unreadable', dir))
  if (entries.some(entry => entry.name === 'cur' && entry.isDirectory())) {
    // A Maildir that was named itself is the account; its own messages are the INBOX.
    const isRoot = top && entries.some(({ name }) => name.startsWith('.') && !BESIDE.test(name)) ? true : levels.length === 0
    yield* maildir(dir, isRoot ? ['INBOX'] : levels, where)
    for (const entry of entries) {
      if (!entry.isDirectory() || ['cur', 'new', 'tmp'].includes(entry.name)) continue
      const below = entry.name.startsWith('.') ? decodePath(entry.name.slice(1), '.') : [entry.name]
      yield* folder(join(dir, entry.name), [...(isRoot ? [] : levels), ...below], `${where}/${entry.name}`, temporary, depth + 1)
    }
    return
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(dir, entry.name)
    const place = `${where}/${entry.name}`
    if (entry.isDirectory()) yield* folder(path, below(levels, entry.name), place, temporary, depth + 1)
    else if (entry.isFile()) yield* file(path, fileLevels(levels, entry.name), place, temporary)
    else yield { kind: 'passed', where: place }
  }
}

/** Thunderbird keeps what is below a folder in `Name.sbd`; Apple a mailbox in `Name.mbox`, its messages in folders that mean nothing. */
function below(levels: readonly string[], name: string): readonly string[] {
  if (/^(Messages|Data|Attachments|[0-9A-F]{8}-[0-9A-F-]{27}|\d)$/.test(name)) return levels
  return [...levels, stem(name)]
}

/** An mbox is a mailbox of its own; a message is in the folder it lies in. Apple's is called `mbox`, in the folder that has the name. */
const fileLevels = (levels: readonly string[], name: string): readonly string[] =>
  /\.(eml|emlx|msg)$/i.test(name) || name === 'mbox' ? levels : [...levels, stem(name)]

async function* maildir(dir: string, mailbox: readonly string[], where: string): Reader {
  const keywords = await keywordsOf(dir)
  for (const sub of ['new', 'cur']) {
    const names = await fs.readdir(join(dir, sub)).catch(() => [] as string[]) // a Maildir may lack one of them
    for (const name of names.sort()) {
      if (name.startsWith('.')) continue
      const place = `${where}/${sub}/${name}`
      try {
        const path = join(dir, sub, name)
        const { mtimeMs } = await fs.stat(path)
        const seen = sub === 'cur' ? maildirFlags(name, keywords) : []
        yield {
          kind: 'message',
          mailboxes: [mailbox],
          ...(await emlFile(path, place)),
          flags: seen,
          internalDate: Math.floor(mtimeMs / 1000),
          zone: 0,
          where: place,
        }
      } catch (error) {
        yield notRead(place, error)
      }
    }
  }
}

async function keywordsOf(dir: string): Promise<Map<string, string>> {
  const text = await fs.readFile(join(dir, 'dovecot-keywords'), 'utf8').catch(() => '') // most have none
  return new Map([...text.matchAll(/^(\d{1,2}) (\S+)$/gm)].map(([, n, keyword]) => [String.fromCharCode(97 + Number(n)), keyword!]))
}

/** By its name and its first bytes. */
async function* file(path: string, mailbox: readonly string[], where: string, temporary: string): Reader {
  const name = basename(path)
  const home = mailbox.length > 0 ? mailbox : ['Mail']
  try {
    const start = await firstBytes(path)
    const outlook = outlookKind(name, start)
    if (outlook) yield* outlookFile(path, outlook, outlook === 'msg' ? home : mailbox, where)
    else if (start.length === 0 || (BESIDE.test(name) && !start.toString('latin1', 0, 5).startsWith('From '))) yield { kind: 'passed', where }
    else if (start.toString('latin1', 0, 4) === 'PK\u0003\u0004') yield* zipFile(path, mailbox, where, temporary, readUnpacked)
    else if (/\.emlx$/i.test(name)) yield { kind: 'message', mailboxes: [home], zone: 0, ...(await emlxFile(path, where)), where }
    else if (/\.eml$/i.test(name))
      yield { kind: 'message', mailboxes: [home], ...(await emlFile(path, where)), flags: [], internalDate: null, zone: null, where }
    else if (start.toString('latin1', 0, 5) === 'From ') yield* mboxFile(path, home, where)
    else if (
      looksLikeMail(start) &&
      /^(from|received|return-path|delivered-to|message-id|mime-version|date|subject|to|x-)[^\n]*/im.test(start.toString('latin1'))
    )
      yield { kind: 'message', mailboxes: [home], ...(await emlFile(path, where)), flags: [], internalDate: null, zone: null, where }
    else if (CALLED_MAIL.test(name)) yield notRead(where, new Error('it is not what its name says'))
    else yield { kind: 'passed', where }
  } catch (error) {
    yield notRead(where, error)
  }
}

/** Office documents begin like a `.msg`. */
function outlookKind(name: string, start: Buffer): 'pst' | 'msg' | null {
  if (start.toString('latin1', 0, 4) === '!BDN') return 'pst'
  return /\.(msg|oft)$/i.test(name) && start.toString('hex', 0, 8) === 'd0cf11e0a1b11ae1' ? 'msg' : null
}

const readUnpacked = (dir: string, levels: readonly string[], where: string, temporary: string): Reader =>
  folder(dir, levels, where, temporary, 1, true)

async function firstBytes(path: string): Promise<Buffer> {
  const handle = await fs.open(path, 'r').catch(fileError('import-unreadable', path))
  try {
    const bytes = Buffer.alloc(4096)
    return bytes.subarray(0, (await handle.read(bytes, 0, bytes.length, 0)).bytesRead)
  } finally {
    await handle.close()
  }
}
