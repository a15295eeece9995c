/**
 * What is on the server already, without downloading it: known by its UID, or found by size, INTERNALDATE and Message-ID. Where these leave a doubt,
 * and for a sample of all others, the bytes themselves are compared.
 */
import { createHash } from 'node:crypto'
import { messageFacts } from '../../log/message.ts'
import type { RecordId } from '../../log/types.ts'
import type { RemoteMessage } from '../../mail/types.ts'
import type { WriterLine } from './line.ts'
import type { RestoreSource, Wanted } from './types.ts'

export interface Matching {
  line: WriterLine
  source: Pick<RestoreSource, 'read'>
  signal: AbortSignal
}

/** The mailbox must be selected, and hold so many. `own`: UIDs of messages that an earlier restore put here. Returns which of the wanted are there. */
export async function alreadyThere(
  matching: Matching,
  selected: { uidValidity: number; exists: number },
  wanted: readonly Wanted[],
  own: ReadonlyMap<number, RecordId>,
): Promise<Set<number>> {
  const there = new Set<number>()
  if (selected.exists === 0 || wanted.length === 0) return there
  const server = await candidates(matching, selected.exists, wanted)
  const free = new Map(server.map(message => [message.uid, message]))
  claimKnown(wanted, selected.uidValidity, own, free, there)
  const rest = wanted.flatMap((one, index) => (there.has(index) ? [] : [{ one, index }]))
  if (rest.length === 0 || free.size === 0) return there

  const alike = rest.map(({ one, index }) => ({ one, index, uids: alikeTo(one, free) })).filter(({ uids }) => uids.length > 0)
  const ids = await matching.line.run(writer => writer.messageIds([...new Set(alike.flatMap(({ uids }) => uids))]))
  const proof = createProof(matching)
  for (const { one, index, uids } of alike) {
    matching.signal.throwIfAborted()
    for (const { uid, sure } of ranked(one, uids, free, ids)) {
      if (!free.has(uid) || !(await proof.same(one.id, uid, sure))) continue
      free.delete(uid)
      there.add(index)
      break
    }
  }
  return there
}

/** Few of many: asked for by their sizes, so that a large mailbox need not be listed for one message. */
const FEW = 20
const MANY = 2000

async function candidates({ line }: Matching, exists: number, wanted: readonly Wanted[]): Promise<RemoteMessage[]> {
  const uids = (wanted.length <= FEW && exists >= MANY && (await bySize(line, wanted))) || [...(await line.run(writer => writer.allUids()))]
  return line.run(async writer => {
    const described: RemoteMessage[] = []
    if (uids.length > 0) for await (const message of writer.describe(uids)) described.push(message)
    return described
  })
}

async function bySize(line: WriterLine, wanted: readonly Wanted[]): Promise<number[] | null> {
  const found = new Set<number>()
  for (const { known } of wanted) if (known) found.add(known.uid)
  for (const size of new Set(wanted.map(one => one.size))) {
    const uids = await line.run(writer => writer.ofSize(size))
    if (uids === null) return null
    for (const uid of uids) found.add(uid)
  }
  return [...found]
}

function claimKnown(
  wanted: readonly Wanted[],
  uidValidity: number,
  own: ReadonlyMap<number, RecordId>,
  free: Map<number, RemoteMessage>,
  there: Set<number>,
): void {
  wanted.forEach(({ known }, index) => {
    if (known?.uidValidity === uidValidity && free.delete(known.uid)) there.add(index)
  })
  const byId = Map.groupBy(
    [...own].filter(([uid]) => free.has(uid)),
    ([, id]) => id,
  )
  wanted.forEach(({ id }, index) => {
    const uid = there.has(index) ? undefined : byId.get(id)?.shift()?.[0]
    if (uid !== undefined && free.delete(uid)) there.add(index)
  })
}

/** A date that more messages have than these (a bulk import) tells nothing. */
const TELLING = 50

/** A server may have changed the bytes a little (line ends, a header of its own): then the date is the same. */
function alikeTo(one: Wanted, free: ReadonlyMap<number, RemoteMessage>): number[] {
  const { bySize, byDate } = indexOf(free)
  const sameDate = (one.internalDate !== null && byDate.get(one.internalDate)) || []
  return [...new Set([...(bySize.get(one.size) ?? []), ...(sameDate.length <= TELLING ? sameDate : [])])]
}

interface ServerIndex {
  bySize: Map<number, number[]>
  byDate: Map<number, number[]>
}
const indexes = new WeakMap<ReadonlyMap<number, RemoteMessage>, ServerIndex>()
function indexOf(free: ReadonlyMap<number, RemoteMessage>): ServerIndex {
  let index = indexes.get(free)
  if (!index) {
    index = { bySize: new Map(), byDate: new Map() }
    for (const { uid, size, internalDate } of free.values()) {
      put(index.bySize, size, uid)
      if (internalDate !== null) put(index.byDate, internalDate, uid)
    }
    indexes.set(free, index)
  }
  return index
}
const put = (map: Map<number, number[]>, key: number, uid: number) => {
  const list = map.get(key)
  if (list) list.push(uid)
  else map.set(key, [uid])
}

/** In the order of trust. `sure`: nothing about it is in doubt. `altered`: it cannot have the same bytes, and is the same message all the same. */
type Sure = 'sure' | 'doubtful' | 'altered'

function ranked(
  one: Wanted,
  uids: readonly number[],
  free: ReadonlyMap<number, RemoteMessage>,
  ids: ReadonlyMap<number, string>,
): { uid: number; sure: Sure }[] {
  const order: Sure[] = ['sure', 'doubtful', 'altered']
  return uids
    .flatMap(uid => {
      const message = free.get(uid)
      if (!message) return []
      const sameSize = message.size === one.size
      const sameDate = message.internalDate === one.internalDate
      const id = bareId(ids.get(uid) ?? '')
      const sameId = one.messageId !== null && one.messageId !== '' && id === one.messageId
      if (one.messageId && id !== '' && !sameId) return []
      if (sameSize) return [{ uid, sure: (sameDate && sameId ? 'sure' : 'doubtful') as Sure }]
      return sameDate && sameId ? [{ uid, sure: 'altered' as Sure }] : []
    })
    .sort((a, b) => order.indexOf(a.sure) - order.indexOf(b.sure))
}

/** As the index has it: the first one in brackets, without them. */
export const bareId = (field: string): string => /<([^<>\s]{1,990})>/.exec(field)?.[1] ?? field.split(/\s+/).find(id => id.includes('@')) ?? ''

/** Of what is sure, the first ten and then one in a hundred are looked at. One that is not what it seems, and all are. */
const FIRST = 10
const EVERY = 100
const LARGE = 8 * 1024 * 1024
const PIECE = 2 * 1024 * 1024

function createProof({ line, source }: Matching) {
  let sures = 0
  let deceived = false
  return {
    same: async (id: RecordId, uid: number, sure: Sure): Promise<boolean> => {
      if (sure === 'altered') return true
      if (sure === 'sure' && !deceived && ++sures > FIRST && sures % EVERY !== 0) return true
      const { sha256, size } = await messageFacts(source.read, id)
      const same = Buffer.from(sha256).equals(await hashOnServer(line, uid, size))
      if (!same && sure === 'sure') deceived = true
      return same
    },
  }
}

/** SHA-256 of a message of the selected mailbox, as the server gives it; of nothing where it gives none. */
export async function hashOnServer(line: WriterLine, uid: number, size: number): Promise<Buffer> {
  return (await hashesOnServer(line, [{ uid, size }])).get(uid) ?? createHash('sha256').digest()
}

/** Of several, with one command for all small ones. */
export async function hashesOnServer(line: WriterLine, messages: readonly { uid: number; size: number }[]): Promise<Map<number, Buffer>> {
  const small = messages.filter(({ size }) => size < LARGE).map(({ uid }) => uid)
  return line.run(async writer => {
    const found = new Map<number, Buffer>()
    if (small.length > 0)
      for await (const { uid, bytes } of writer.fetch(small)) if (bytes) found.set(uid, createHash('sha256').update(bytes).digest())
    for (const { uid, size } of messages) {
      if (size < LARGE) continue
      const hash = createHash('sha256')
      for await (const piece of writer.fetchPieces(uid, PIECE)) hash.update(piece)
      found.set(uid, hash.digest())
    }
    return found
  })
}
