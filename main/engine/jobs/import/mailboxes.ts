/** Where imported messages go: mailboxes of the archive that no server has, with UIDs that the archive gives. */
import type { MailboxRole } from '../../../contract/types.ts'
import type { IndexWriter } from '../../index/types.ts'
import type { Fact } from '../../log/facts.ts'
import { IMPORTED } from '../../log/imported.ts'

export interface ImportTarget {
  readonly mailbox: number
  readonly epoch: number
  nextUid(): number
  /** The facts that make it, once. */
  begin(): Fact[]
}

export interface ImportMailboxes {
  of(path: readonly string[], role: MailboxRole | null): ImportTarget
  /** How many were met. */
  readonly count: number
}

export function createImportMailboxes(
  index: Pick<IndexWriter, 'mailboxes' | 'nextMailbox' | 'nextEpoch' | 'placedUids'>,
  { prefix, hasAccount }: { prefix: readonly string[]; hasAccount: boolean },
): ImportMailboxes {
  const states = index.mailboxes()
  const taken = new Set(states.map(({ role }) => role))
  const targets = new Map<string, ImportTarget>()
  const met = new Set<string>()
  let nextMailbox = index.nextMailbox()
  let nextEpoch = index.nextEpoch()

  const existing = (path: readonly string[]) => states.find(state => state.epoch?.uidValidity === IMPORTED && samePath(state.path, path))
  const isServers = (path: readonly string[]) => states.some(state => state.epoch?.uidValidity !== IMPORTED && samePath(state.path, path))

  const targetOf = (path: readonly string[], role: MailboxRole | null): ImportTarget => {
    const key = JSON.stringify(path)
    const target = targets.get(key) ?? make(path, role)
    targets.set(key, target)
    return target
  }
  /** What stands above it, so that a tree of folders is a tree. */
  const above = (path: readonly string[]): Fact[] =>
    path
      .map((_, i) => path.slice(0, i))
      .filter(levels => levels.length > 0 && !states.some(state => samePath(state.path, levels)))
      .flatMap(levels => targetOf(levels, null).begin())

  const make = (path: readonly string[], role: MailboxRole | null): ImportTarget => {
    const there = existing(path)
    if (there?.epoch) {
      let uid = index.placedUids(there.epoch.epoch).at(-1) ?? 0
      return { mailbox: there.mailbox, epoch: there.epoch.epoch, nextUid: () => ++uid, begin: () => [] }
    }
    const mailbox = nextMailbox++
    const epoch = nextEpoch++
    const wanted = role ?? (path.length === 1 && path[0] === 'INBOX' ? 'inbox' : null)
    // Beside an account, what is Sent and what is Trash is said by its server.
    const own = hasAccount || wanted === null || taken.has(wanted) ? null : wanted
    if (own) taken.add(own)
    let begun = false
    let uid = 0
    return {
      mailbox,
      epoch,
      nextUid: () => ++uid,
      begin: () => {
        if (begun) return []
        begun = true
        return [
          ...above(path),
          {
            k: 'mailbox',
            mailbox,
            path: [...path],
            delimiter: '/',
            raw: path.join('/'),
            role: own,
            selectable: true,
            subscribed: false,
            present: false,
          },
          { k: 'epoch', epoch, mailbox, uidValidity: IMPORTED },
        ]
      },
    }
  }

  return {
    of: (below, role) => {
      const asked = withInbox([...prefix, ...below])
      // A mailbox that the server has, or had, stays the server's.
      const path = isServers(asked) ? [...asked.slice(0, -1), `${asked.at(-1)} (imported)`] : asked
      met.add(JSON.stringify(path))
      return targetOf(path, role)
    },
    get count() {
      return met.size
    },
  }
}

/** RFC 9051 5.1: one name in every case, and first of its children's; Thunderbird calls it Inbox. */
const withInbox = ([first = '', ...rest]: readonly string[]): string[] => [/^inbox$/i.test(first) ? 'INBOX' : first, ...rest]

const samePath = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((level, i) => level === b[i])
