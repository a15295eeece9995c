/** What a server holds, and what an archive's log says it holds: read by different hands, and compared. */
import { createHash } from 'node:crypto'
import type { ImapFlow } from 'imapflow'
import type { OpenArchive } from '../../../main/engine/archive/openArchive.ts'
import type { FactOf } from '../../../main/engine/log/facts.ts'
import { readMessage } from '../../../main/engine/log/message.ts'
import type { Place, RecordId } from '../../../main/engine/log/types.ts'

export interface Truth {
  /** Mailbox, UIDVALIDITY, UID, flags, INTERNALDATE and SHA-256 of each message, sorted. */
  messages: Map<string, string>
  /** Mailbox and UID of each that cannot be read. */
  unreadable: string[]
}

export interface Held extends Truth {
  /** By UIDVALIDITY and UID: the SHA-256 of everything that was ever placed. */
  ever: Map<string, string>
  /** Message records met more than once in what counts of the log. */
  doubled: string[]
}

const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const lineOf = (flags: Iterable<string>, date: number, hash: string) =>
  `${[...flags]
    .filter(flag => flag !== '\\Recent')
    .sort()
    .join(',')} ${date} ${hash}`

/** Asks a server. The same messages are not fetched twice. */
export function createObserver(connect: () => Promise<ImapFlow>, isSpoiled: (size: number) => boolean): () => Promise<Truth> {
  const hashes = new Map<string, string>()
  let client: ImapFlow | null = null
  return async () => {
    // A server may hang up on whoever has not asked for a while.
    if (!client?.usable) client = await connect()
    const truth: Truth = { messages: new Map(), unreadable: [] }
    for (const { path, flags } of await client.list()) {
      if (flags.has('\\Noselect') || flags.has('\\NonExistent')) continue
      const { exists, uidValidity } = await client.mailboxOpen(path, { readOnly: true })
      if (exists === 0) continue
      const answers = await client.fetchAll('1:*', { uid: true, flags: true, internalDate: true, size: true })
      // Without a size it is no answer but news of a flag.
      const all = answers.filter(({ uid, size }) => uid !== undefined && size !== undefined)
      const keyOf = (uid: number) => `${uidValidity} ${uid}`
      const unknown = all.filter(({ uid, size }) => !isSpoiled(size!) && !hashes.has(keyOf(uid)))
      if (unknown.length > 0)
        for (const { uid, source } of await client.fetchAll(unknown.map(({ uid }) => uid).join(','), { uid: true, source: true }, { uid: true }))
          if (source) hashes.set(keyOf(uid), sha(source)) // else it is such news as well
      for (const { uid, flags: its, internalDate, size } of all)
        if (isSpoiled(size!)) truth.unreadable.push(`${path} ${uid}`)
        else truth.messages.set(`${path} ${keyOf(uid)}`, lineOf(its!, new Date(internalDate!).getTime() / 1000, hashes.get(keyOf(uid))!))
    }
    await client.mailboxClose()
    truth.unreadable.sort()
    return truth
  }
}

interface Placed {
  id: string
  flags: string[]
  date: number
  gone: boolean
}

/** Replays the log. Every message is read and hashed, once for each `hashes` that is kept. */
export async function heldBy(archive: OpenArchive, hashes: Map<string, string>): Promise<Held> {
  const mailboxes = new Map<number, FactOf<'mailbox'>>()
  const epochs = new Map<number, FactOf<'epoch'>>()
  const current = new Map<number, number>()
  const placed = new Map<string, Placed>()
  const gaps = new Set<string>()
  const records = new Map<string, number>()
  const places = new Map<RecordId, Place>()
  for await (const item of archive.log.scan()) {
    if (item.type === 'record') {
      places.set(item.id, item.place)
      if (item.kind === 'message') records.set(item.id, (records.get(item.id) ?? 0) + 1)
    } else if (item.type === 'damage') throw new Error(`damage in the log: ${JSON.stringify(item)}`)
    else
      for (const fact of item.commit.facts) {
        if (fact.k === 'mailbox') mailboxes.set(fact.mailbox, fact)
        else if (fact.k === 'epoch') {
          epochs.set(fact.epoch, fact)
          current.set(fact.mailbox, fact.epoch)
        } else if (fact.k === 'placed') {
          placed.set(`${fact.epoch} ${fact.uid}`, { id: fact.id, flags: fact.flags, date: fact.internalDate!, gone: false })
          gaps.delete(`${fact.epoch} ${fact.uid}`)
        } else if (fact.k === 'flags') placed.get(`${fact.epoch} ${fact.uid}`)!.flags = fact.flags
        else if (fact.k === 'gap') gaps.add(`${fact.epoch} ${fact.uid}`)
        else if (fact.k === 'gone')
          for (const uid of uidsOf(fact.uids)) {
            const one = placed.get(`${fact.epoch} ${uid}`)
            if (one) one.gone = true
            gaps.delete(`${fact.epoch} ${uid}`)
          }
      }
  }
  const read = async (id: RecordId) => (await archive.log.read(places.get(id)!, id)).bytes
  const hashOf = async (id: string) => {
    if (!hashes.has(id)) hashes.set(id, sha(await readMessage(read, id as RecordId)))
    return hashes.get(id)!
  }
  /** The name of the mailbox of an epoch, where it is the present one of a mailbox that is still there. */
  const nameOf = (epoch: number) => {
    const mailbox = mailboxes.get(epochs.get(epoch)!.mailbox)!
    return mailbox.present && current.get(mailbox.mailbox) === epoch ? mailbox.path.join(mailbox.delimiter) : null
  }
  const held: Held = { messages: new Map(), unreadable: [], ever: new Map(), doubled: [] }
  for (const [key, { id, flags, date, gone }] of placed) {
    const [epoch, uid] = key.split(' ').map(Number) as [number, number]
    const { uidValidity } = epochs.get(epoch)!
    const hash = await hashOf(id)
    held.ever.set(`${uidValidity} ${uid}`, hash)
    const name = nameOf(epoch)
    if (!gone && name !== null) held.messages.set(`${name} ${uidValidity} ${uid}`, lineOf(flags, date, hash))
  }
  for (const key of gaps) {
    const [epoch, uid] = key.split(' ').map(Number) as [number, number]
    const name = nameOf(epoch)
    if (name !== null) held.unreadable.push(`${name} ${uid}`)
  }
  held.unreadable.sort()
  held.doubled = [...records].filter(([, times]) => times > 1).map(([id]) => id)
  return held
}

function* uidsOf(set: string): Iterable<number> {
  for (const part of set.split(',')) {
    const [first, last = first] = part.split(':').map(Number) as [number, number?]
    for (let uid = first; uid <= last; uid++) yield uid
  }
}
