/** Messages that are missing, newest first, in windows. One that cannot be had is isolated and named; the others do not wait for it. */
import { AppError } from '../../../contract/errors.ts'
import type { Fact } from '../../log/facts.ts'
import type { BodylessMessage, FetchedMessage, ImapSession, RemoteMessage } from '../../mail/types.ts'
import { type Batch, createBatch } from './batch.ts'
import { gapFact, noteSize, type Place, placedFact } from './facts.ts'
import type { Line } from './line.ts'
import { matchMessages } from './match.ts'
import type { CaptureRun } from './run.ts'

/** UIDs of one FETCH: enough to make a round trip of 100 ms small beside it, few enough that a pause comes soon. */
const WINDOW = 300
/** So many of a mailbox a list shows before anybody scrolls. A server answers with the oldest of a window first. */
const SHOWN_FIRST = 50
/** From here on a message comes in pieces and is never whole in memory. */
export const LARGE = 8 * 1024 * 1024
/** One piece: two are held at a time. */
const PIECE = 2 * 1024 * 1024

/** Fetches and hands to the saver. Returns the UIDs that the server passed over in silence. Throws when the connection cannot be had again. */
export async function captureMessages(run: CaptureRun, line: Line, place: Place, uids: readonly number[]): Promise<number[]> {
  if (uids.length === 0) return []
  const fetcher: Fetcher = {
    run,
    line,
    place,
    batch: createBatch(run, place, uids[Math.min(uids.length, SHOWN_FIRST) - 1]!),
    absent: [],
    gapsInARow: 0,
  }
  const large = await line.run(session => (run.mayKnow || knowsEmailIds(session) ? Promise.resolve(null) : session.larger(uids, LARGE - 1)))
  for (let from = 0; from < uids.length; from += WINDOW) {
    await run.ctx.checkpoint()
    try {
      await fetchWindow(fetcher, uids.slice(from, from + WINDOW), large)
    } catch (error) {
      // What ends the capture (a day's budget, a person) does not cost what has come already.
      await fetcher.batch.flush().catch(() => {}) // the first error is the one to tell
      throw error
    }
    await fetcher.batch.flush()
  }
  return fetcher.absent
}

interface Fetcher {
  run: CaptureRun
  line: Line
  place: Place
  batch: Batch
  absent: number[]
  /** Messages that could not be had, one after the other: then it is not the messages. */
  gapsInARow: number
}

const MOST_LOSSES_IN_A_ROW = 3
const MOST_REFUSALS_IN_A_ROW = 25

const knowsEmailIds = ({ capabilities }: ImapSession) => capabilities.has('OBJECTID') || capabilities.has('X-GM-EXT-1')

async function fetchWindow(fetcher: Fetcher, uids: readonly number[], large: ReadonlySet<number> | null): Promise<void> {
  const small = large ? uids.filter(uid => !large.has(uid)) : await sortOut(fetcher, uids)
  await fetchTogether(fetcher, small)
  if (large) for (const uid of uids) if (large.has(uid)) await fetchLarge(fetcher, uid)
}

/** By what the server says of each: those that the archive has are placed without being fetched, and large ones are fetched apart. Returns the rest. */
async function sortOut(fetcher: Fetcher, uids: readonly number[]): Promise<number[]> {
  const { run, line, place } = fetcher
  const described = await line.run(session => collect(session.describe(uids)))
  for (const { labels } of described) for (const label of labels ?? []) run.gmail?.labels.add(label)
  const known = await matchMessages(run, line, place, described)
  const rest = new Set(uids)
  const placements: Fact[] = []
  const large: RemoteMessage[] = []
  for (const message of described) {
    const match = known.get(message.uid)
    if (match) placements.push(placedFact(place, message, match))
    else if (message.size >= LARGE) large.push(message)
    else continue
    rest.delete(message.uid)
  }
  await run.saver.facts(placements)
  run.tally.note('placedWithoutDownload', placements.length)
  run.tally.expect(-placements.length)
  for (const { uid } of large) await fetchLarge(fetcher, uid)
  return [...rest]
}

/** Many messages by one command. What came before a loss stays; a window in which nothing comes twice is taken apart. */
async function fetchTogether(fetcher: Fetcher, uids: readonly number[]): Promise<void> {
  const { line, batch } = fetcher
  const left = new Set(uids)
  const bodyless: number[] = []
  for (let stalls = 0; left.size > 0; ) {
    const before = left.size
    try {
      for await (const message of (await line.session()).fetch([...left])) {
        if (!left.delete(message.uid)) continue
        progressed(fetcher)
        if (hasBytes(message)) await batch.add(message)
        else bodyless.push(message.uid)
      }
      break
    } catch (error) {
      stalls = left.size === before ? stalls + 1 : 0
      if (isFatal(error)) throw error
      const refused = isRefusal(error, line)
      if (!refused) await line.recover(error)
      if (refused || stalls >= 1 || isTooLarge(error)) {
        for (const uid of left) await fetchAlone(fetcher, uid)
        left.clear()
      }
    }
  }
  fetcher.absent.push(...left)
  for (const uid of bodyless) await fetchLarge(fetcher, uid)
}

/** One message by itself: whole, then in pieces, which some servers can do when they cannot do the other. */
async function fetchAlone(fetcher: Fetcher, uid: number): Promise<void> {
  const { line, batch } = fetcher
  await fetcher.run.ctx.checkpoint()
  try {
    for await (const message of (await line.session()).fetch([uid])) {
      if (message.uid !== uid || !hasBytes(message)) continue
      progressed(fetcher)
      return await batch.add(message)
    }
  } catch (error) {
    if (isFatal(error)) throw error
    if (!isRefusal(error, line)) await line.recover(error)
  }
  await fetchLarge(fetcher, uid)
}

/** A message that is never whole in memory: its records are put while it arrives. A gap when it cannot be had twice. */
async function fetchLarge(fetcher: Fetcher, uid: number): Promise<void> {
  const { run, line, place, batch } = fetcher
  for (let tries = 1; ; tries++) {
    let answered = false
    try {
      const message = (await line.run(session => collect(session.describe([uid])))).find(described => described.uid === uid)
      if (!message) throw new AppError('message-unavailable', 'the server says nothing of this message', { facts: { uid } })
      // The server is well and answers: if the connection breaks now, it is over this message, and nothing has to be waited for.
      answered = true
      line.progressed()
      const pieces = (await line.session()).fetchPieces(uid, PIECE)
      const prepared = await run.store.pool.prepareStream(pieces, async records => {
        await run.store.put(records)
        progressed(fetcher)
      })
      noteSize(run, message.size, prepared.size)
      await batch.flush()
      return await run.saver.facts([placedFact(place, message, prepared)], [prepared])
    } catch (error) {
      if (isFatal(error)) throw error
      const refusal = isRefusal(error, line)
      if (!refusal) await line.recover(error)
      if (refusal || tries >= 2) return await nameGap(fetcher, uid, error, refusal ? 'refused' : answered && !isSilence(error) ? 'breaks' : 'lost')
    }
  }
}

/** `breaks`: the server had just answered for this message, and ends the connection over its bytes. */
type Blame = 'refused' | 'breaks' | 'lost'

async function nameGap(fetcher: Fetcher, uid: number, error: unknown, blame: Blame): Promise<void> {
  const { run, line, place } = fetcher
  // Every message refused, or every one a broken connection: no ledger of thousands of gaps, but one error.
  if (++fetcher.gapsInARow > (blame === 'lost' ? MOST_LOSSES_IN_A_ROW : MOST_REFUSALS_IN_A_ROW))
    throw blame === 'breaks' ? ofTheMailbox(place, error) : error
  await run.saver.facts([gapFact(run, place, { uid, error: asGap(error, blame, uid) })])
  line.progressed()
}

/** A server that cannot read one mailbox is no reason to leave the others. */
const ofTheMailbox = ({ target }: Place, cause: unknown): AppError =>
  new AppError('mailbox-unavailable', 'the connection breaks over every message', { facts: { mailbox: target.name }, cause })

function progressed(fetcher: Fetcher): void {
  fetcher.gapsInARow = 0
  fetcher.line.progressed()
}

/** A message that takes the connection with it each time is unavailable; the connection is not what is wrong. */
function asGap(error: unknown, blame: Blame, uid: number): AppError {
  if (blame === 'refused') return error as AppError
  return new AppError('message-unavailable', 'the connection breaks over this message', { facts: { uid }, cause: error })
}

/** About this message or these commands, over a connection that still stands. What was said of a message holds, whatever became of the connection after it. */
function isRefusal(error: unknown, line: Line): boolean {
  if (!(error instanceof AppError) || isTooLarge(error)) return false
  return error.code === 'message-unavailable' || (line.stands && ['server-refused', 'mailbox-unavailable', 'server-lied'].includes(error.code))
}

const isTooLarge = (error: unknown): boolean => error instanceof AppError && error.facts['literalBytes'] !== undefined

/** Ours or the person's: no message is to blame. */
function isFatal(error: unknown): boolean {
  if (!(error instanceof AppError)) return true
  const { code } = error
  return (
    !['server-refused', 'message-unavailable', 'mailbox-unavailable', 'server-lied', 'server-unavailable', 'server-throttled'].includes(code) &&
    !NETWORK.has(code)
  )
}
/** A line that lets small answers through and no large ones looks the same for every message. */
const isSilence = (error: unknown): boolean => error instanceof AppError && error.code === 'connection-timeout'
const NETWORK = new Set(['offline', 'host-not-found', 'connection-refused', 'connection-timeout', 'connection-lost', 'tls-failed'])

const hasBytes = (message: FetchedMessage | BodylessMessage): message is FetchedMessage => message.bytes !== null

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
