/** Which UIDs a mailbox holds: proven by the count, asked for in two ways before the server is called a liar. */

import { AppError } from '../../../contract/errors.ts'
import { atom, type Response, sequence, type Token } from './client.ts'
import { type Connection, command, numberOf } from './command.ts'
import { examineMailbox } from './examineMailbox.ts'
import { readFetch } from './fetchResponse.ts'
import { saying } from './serverError.ts'
import { MAX_UID, setsOf, sortedOnce } from './uidSet.ts'

/**
 * Every UID of the examined mailbox, ascending. Their number equals EXISTS as the server last told it; mail may arrive meanwhile, so on a
 * difference the mailbox is examined once more and asked by FETCH, which Yandex and iCloud answer better than SEARCH. Throws server-lied.
 */
export async function allUids(connection: Connection, raw: string): Promise<Uint32Array> {
  if (connection.exists === 0) return new Uint32Array(0)
  const searched = await searchAll(connection)
  if (searched !== null && searched.length === connection.exists) return searched
  await examineMailbox(connection, raw)
  if (connection.exists === 0) return new Uint32Array(0)
  const fetched = await fetchAll(connection)
  if (fetched.length === connection.exists) return fetched
  throw saying(
    'server-lied',
    'the listing does not have as many messages as the server says exist',
    { ...connection.where, mailbox: raw },
    {
      exists: connection.exists,
      listed: fetched.length,
    },
  )
}

/** Every UID from `first` on, ascending; null when the server does not say. RFC 9051 9: `*` may name a message before it. */
export async function uidsFrom(connection: Connection, first: number): Promise<Uint32Array | null> {
  const found = await search(connection, [atom('UID'), sequence(`${first}:*`)])
  return found === null ? null : found.filter(uid => uid >= first)
}

/** Which of these the server still has; null when it does not say. */
export async function stillThere(connection: Connection, uids: readonly number[]): Promise<Uint32Array | null> {
  const asked = new Set(uids)
  const found: Uint32Array[] = []
  for (const set of setsOf(uids)) {
    const some = await search(connection, [atom('UID'), sequence(set)])
    if (some === null) return null
    found.push(some.filter(uid => asked.has(uid)))
  }
  return joined(found)
}

/** UIDs between the smallest and the largest of these whose RFC822.SIZE is more than `bytes`; null when the server does not say. */
export async function largerThan(connection: Connection, uids: readonly number[], bytes: number): Promise<ReadonlySet<number> | null> {
  if (uids.length === 0) return new Set()
  const [first, last] = uids.reduce(([low, high], uid) => [Math.min(low, uid), Math.max(high, uid)], [MAX_UID, 1])
  const found = await search(connection, [atom('UID'), sequence(`${first}:${last}`), atom('LARGER'), atom(String(bytes))])
  return found && new Set(found)
}

/**
 * Messages asked for by one SEARCH of a large mailbox, so that an answer is at most some 200 KB. ESEARCH would be shorter, but imapflow takes time
 * in the square of a set's length: 20,000 scattered UIDs in one set 0.8 s, 50,000 more than a minute; as a plain list of numbers 0.05 s.
 */
const SLICE = 20_000

/** All UIDs, asked for in slices by message number. Null when refused: whatever else is wrong with them, their count tells. */
async function searchAll(connection: Connection): Promise<Uint32Array | null> {
  const slices: Uint32Array[] = []
  for (let from = 1; from <= connection.exists; from += SLICE) {
    const all = from === 1 && connection.exists <= SLICE
    const slice = await search(connection, [all ? atom('ALL') : sequence(`${from}:${Math.min(connection.exists, from + SLICE - 1)}`)])
    if (slice === null) return null
    slices.push(slice)
    // A server that says 4,000,000,000 EXISTS and has 12 would be asked for days; that the count is wrong is clear now.
    if (slice.length < Math.min(SLICE, connection.exists - from + 1)) break
  }
  return joined(slices)
}

/** UID SEARCH; null when refused. */
export async function search(connection: Connection, criteria: Token[]): Promise<Uint32Array | null> {
  const lines: Uint32Array[] = []
  const numbers = ({ attributes = [] }: Response) => {
    // A list at the end, `(MODSEQ 917162500)`, is no UID (RFC 7162 3.1.5).
    const uids = attributes.map(numberOf).filter(uid => uid !== null && uid >= 1 && uid <= MAX_UID)
    lines.push(Uint32Array.from(uids as number[]))
  }
  try {
    await command(connection, 'UID SEARCH', criteria, { untagged: { SEARCH: numbers } })
  } catch (error) {
    if (error instanceof AppError && error.code === 'server-refused') return null
    throw error
  }
  return joined(lines)
}

async function fetchAll(connection: Connection): Promise<Uint32Array> {
  const uids: number[] = []
  await command(connection, 'UID FETCH', [sequence('1:*'), [atom('UID')]], {
    partial: true,
    untagged: {
      FETCH: response => {
        const message = readFetch(response)
        if (message) uids.push(message.uid)
      },
    },
  })
  return joined([Uint32Array.from(uids)])
}

function joined(lines: Uint32Array[]): Uint32Array {
  const all = new Uint32Array(lines.reduce((sum, line) => sum + line.length, 0))
  let at = 0
  for (const line of lines) {
    all.set(line, at)
    at += line.length
  }
  return sortedOnce(all)
}
