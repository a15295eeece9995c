/**
 * A PST or OST file: all of Outlook's folders in one. Folders and messages are found by the tree of all nodes of the file and not by the
 * folders' own tables, which a damaged file loses first.
 */
import { PSTFile, PSTFolder, PSTMessage } from 'pst-extractor'
import type { MailboxRole } from '../../../../contract/types.ts'
import { readPstMessage } from './pstMessage.ts'
import type { OutlookMessage } from './types.ts'

export interface PstItem {
  /** Levels below the folder that a person sees as the top. */
  path: readonly string[]
  role: MailboxRole | null
  /** Which message of its folder, from 1. */
  number: number
  read(): OutlookMessage
}

const ROOT = 0x122
const FOLDER = 2
const MESSAGE = 4
const DEPTH_MAX = 100
const IPM_SUBTREE = 0x35e0
/** In an OST file the store does not name it. */
const OST_TOP = 'IPM_SUBTREE'
const SENT = 0x35e4
const TRASH = 0x35e3
const INBOX =
  /^(inbox|posteingang|odebrane|skrzynka odbiorcza|boîte de réception|bandeja de entrada|posta in arrivo|収信箱|受信トレイ|收件箱|收件匣)$/i
const WITHOUT_FOLDER = '(without folder)'

type Node = NonNullable<ReturnType<ReturnType<PSTFile['getChildDescriptorTree']>['get']>>[number]

/** Every message of the file, always in the same order. Throws where it is no such file, or its tree cannot be read. */
export function* pstItems(path: string): Generator<PstItem> {
  const file = new PSTFile(path)
  const children = file.getChildDescriptorTree()
  const standing = standingFolders(file)
  const visited = new Set<number>()
  const messagesOf = (id: number) => (children.get(id) ?? []).filter(node => typeOf(node) === MESSAGE)

  function* folder(id: number, levels: readonly string[], inside: boolean, depth: number): Generator<PstItem> {
    if (visited.has(id) || depth > DEPTH_MAX) return
    visited.add(id)
    const role = standing.roles.get(id) ?? (inside && levels.length === 1 && INBOX.test(levels[0]!) ? 'inbox' : null)
    yield* numbered(file, messagesOf(id), levels.length > 0 ? levels : [WITHOUT_FOLDER], role)
    for (const node of children.get(id) ?? []) {
      if (typeOf(node) !== FOLDER) continue
      const name = nameOf(file, node)
      const isTop = node.descriptorIdentifier === standing.top || name === OST_TOP
      yield* folder(node.descriptorIdentifier, isTop ? [] : [...levels, name], inside || isTop, depth + 1)
    }
  }

  yield* folder(ROOT, [], false, 0)
  // What a damaged file knows only by its number.
  for (const id of children.keys()) if (!visited.has(id)) yield* numbered(file, messagesOf(id), [WITHOUT_FOLDER], null)
}

function* numbered(file: PSTFile, nodes: readonly Node[], path: readonly string[], role: MailboxRole | null): Generator<PstItem> {
  for (const [i, node] of nodes.entries()) yield { path, role, number: i + 1, read: () => readPstMessage(file, new PSTMessage(file, node)) }
}

const typeOf = ({ descriptorIdentifier }: Node): number => descriptorIdentifier & 0x1f

function nameOf(file: PSTFile, node: Node): string {
  try {
    return new PSTFolder(file, node).displayName.trim() || String(node.descriptorIdentifier)
  } catch {
    return String(node.descriptorIdentifier) // its messages may still be whole
  }
}

/** The folder above all that is seen, and those that are for something, by the store's own word. */
function standingFolders(file: PSTFile): { top: number | null; roles: Map<number, MailboxRole> } {
  const roles = new Map<number, MailboxRole>()
  try {
    const store = file.getMessageStore() as unknown as { getBinaryItem(id: number): Buffer | null }
    const folderOf = (id: number) => {
      const entry = store.getBinaryItem(id)
      return entry && entry.length >= 24 ? entry.readUInt32LE(20) : null
    }
    const [sent, trash] = [folderOf(SENT), folderOf(TRASH)]
    if (sent !== null) roles.set(sent, 'sent')
    if (trash !== null) roles.set(trash, 'trash')
    return { top: folderOf(IPM_SUBTREE), roles }
  } catch {
    return { top: null, roles } // the folders keep the names that the file gives them
  }
}
