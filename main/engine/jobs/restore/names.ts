/** Which mailbox of the server stands for which of the archive. */

import type { KeptMailbox } from '../../index/kept.ts'
import { encodeLevel } from '../../mail/imap/mailboxName.ts'
import type { RemoteMailbox } from '../../mail/types.ts'
import type { TargetMailbox } from './types.ts'

export interface Naming {
  remote: readonly RemoteMailbox[]
  namespace: { prefix: string; delimiter: string }
  prefix: string
  /** The server the archive was captured from. */
  own: boolean
}

/** One target for each distinct name, in the order of the archive. */
export function targetMailboxes(sources: readonly KeptMailbox[], naming: Naming): TargetMailbox[] {
  const targets = new Map<string, TargetMailbox>()
  const underInbox = sources.every(({ path }) => path[0]?.toUpperCase() === 'INBOX')
  for (const source of sources) {
    const target = targetOf(source, naming, underInbox)
    const key = keyOf(target.raw)
    const known = targets.get(key)
    if (known) known.from.push(source)
    else targets.set(key, { ...target, from: [source] })
  }
  return [...targets.values()]
}

type Target = Omit<TargetMailbox, 'from'>

function targetOf(source: KeptMailbox, naming: Naming, underInbox: boolean): Target {
  const { remote, prefix, own } = naming
  if (own && prefix === '') return existing(remote, one => keyOf(one.raw) === keyOf(source.raw)) ?? made(source.raw, source.path, naming, source.role)
  const levels = levelsOf(source, underInbox)
  if (prefix === '') {
    if (isInbox(source)) return existing(remote, one => keyOf(one.raw) === 'INBOX') ?? made('INBOX', ['INBOX'], naming, null)
    // Sent mail belongs to sent mail, whatever that is called there.
    const sameUse = source.role && ordinaryRoles.has(source.role) ? existing(remote, one => one.role === source.role) : null
    if (sameUse) return sameUse
  }
  const path = [...prefix.split('/').filter(level => level !== ''), ...levels]
  return existing(remote, one => samePath(one, path, naming)) ?? made(rawOf(path, naming), path, naming, prefix === '' ? source.role : null)
}

const ordinaryRoles = new Set(['sent', 'drafts', 'trash', 'junk', 'archive'])
const isInbox = ({ role, path }: KeptMailbox) => role === 'inbox' || (path.length === 1 && path[0]!.toUpperCase() === 'INBOX')
/** INBOX has no case (RFC 9051 5.1). */
const keyOf = (raw: string) => (raw.toUpperCase() === 'INBOX' ? 'INBOX' : raw)

/** Without what only the old server's name space put in front: everything below INBOX, or below Gmail's own folder. */
function levelsOf({ path }: KeptMailbox, underInbox: boolean): string[] {
  const own = path.length > 1 && ((underInbox && path[0]!.toUpperCase() === 'INBOX') || /^\[(Gmail|Google Mail)\]$/i.test(path[0]!))
  return own ? path.slice(1) : path
}

function existing(remote: readonly RemoteMailbox[], is: (one: RemoteMailbox) => boolean): Target | null {
  const found = remote.find(one => one.selectable && is(one))
  return found ? { raw: found.raw, name: nameOf(found.path, found.delimiter), exists: true, parents: [], role: found.role } : null
}

const made = (raw: string, path: readonly string[], naming: Naming, role: KeptMailbox['role']): Target => ({
  raw,
  name: nameOf(path, delimiterOf(naming)),
  exists: false,
  parents: missingParents(raw, naming),
  role,
})

function missingParents(raw: string, naming: Naming): string[] {
  const delimiter = delimiterOf(naming)
  if (delimiter === '') return []
  const levels = raw.split(delimiter)
  const above = levels.slice(1).map((_, i) => levels.slice(0, i + 1).join(delimiter))
  return above.filter(one => one !== '' && !naming.remote.some(other => keyOf(other.raw) === keyOf(one)))
}

const nameOf = (path: readonly string[], delimiter: string) => path.join(delimiter || '/')

function samePath(one: RemoteMailbox, path: readonly string[], naming: Naming): boolean {
  const levels = naming.namespace.prefix !== '' && `${one.path[0]}${one.delimiter}` === naming.namespace.prefix ? one.path.slice(1) : one.path
  return levels.length === path.length && levels.every((level, i) => level.normalize('NFC') === path[i]!.normalize('NFC'))
}

const delimiterOf = ({ namespace, remote }: Naming): string =>
  namespace.delimiter || remote.find(({ delimiter }) => delimiter !== '')?.delimiter || ''

function rawOf(path: readonly string[], naming: Naming): string {
  const delimiter = delimiterOf(naming)
  // A level cannot hold the delimiter, and some servers take no wildcard in a name.
  const levels = path.map(level => encodeLevel(level.replaceAll(delimiter || '\0', delimiter === '-' ? '_' : '-').replace(/[*%\r\n\0]/g, '-')))
  return naming.namespace.prefix + levels.join(delimiter === '' ? '-' : delimiter)
}

/**
 * The flags a mailbox can keep (PERMANENTFLAGS, RFC 9051 7.1), as they were spelled. \Recent is the server's own. A message that is put back after it
 * was deleted comes back without \Deleted, or the next program that tidies up would take it away again.
 */
export function flagsFor(flags: readonly string[], permanent: readonly string[] | null, wasGone: boolean): string[] {
  const can = permanent && new Set(permanent.map(flag => flag.toLowerCase()))
  return flags.filter(flag => {
    const name = flag.toLowerCase()
    if (name === '\\recent' || (wasGone && name === '\\deleted')) return false
    if (!/^\\?[^\s(){%*"\\\]]+$/.test(flag)) return false
    return !can || can.has(name) || (!name.startsWith('\\') && can.has('\\*'))
  })
}
