/**
 * Messages go in. Before they are sent it is written down that they will be; when the answer is lost, the mailbox is looked at before anything is
 * sent again. So a message is put in once, whatever breaks between the two.
 */
import { AppError } from '../../../contract/errors.ts'
import { messagePieces, type ReadRecord } from '../../log/message.ts'
import type { Appending } from '../../mail/writeTypes.ts'
import { type RecordSource, readInOrder, TOGETHER } from '../readInOrder.ts'
import type { JobContext } from '../types.ts'
import type { Batch, Journal } from './journal.ts'
import { select, type WriterLine } from './line.ts'
import { findPlaces, settle } from './places.ts'
import { isNotAllowed } from './terms.ts'
import type { Wanted } from './types.ts'

export interface Appender {
  line: WriterLine
  journal: Journal
  source: RecordSource
  ctx: JobContext
  /** Bytes to be sent together now. */
  together(): number
  /** A larger message would not go over the line in a whole day. */
  largest: number | null
  nextBatch(): number
  /** One message did not go in, and why. */
  refused(message: Wanted, error: AppError): void
  /** Its answer was lost, and some of it was sent again. */
  doubtful(batch: Batch): void
  /** It is there. */
  added(message: Wanted): void
}

/** Larger ones are never whole in memory. */
const LARGE = 4 * 1024 * 1024

interface Loaded {
  message: Wanted
  appending: Appending
}

/** Puts these into the mailbox, which is selected. Throws what ends the restore: mailbox-full again and again, a connection that cannot be had. */
export async function appendAll(appender: Appender, raw: string, messages: readonly Wanted[]): Promise<void> {
  const { multiAppend, binary } = await appender.line.session()
  // Together in one APPEND: a round trip and an fsync for all of them. All of them go in or none, so not too many.
  const most = multiAppend ? TOGETHER.messages : 1
  const spot: Spot = { raw, next: null, unplaced: [] }
  // While one batch is on its way the next is read.
  let sending: Promise<void> = Promise.resolve()
  const send = async (batch: readonly Wanted[]) => {
    const read = readInOrder(appender.source, batch)
    const loaded = (await Promise.all(batch.map(message => load(appender, read, message, binary)))).filter(one => one !== null)
    await sending
    sending = appendBatch(appender, spot, loaded)
    sending.catch(() => {}) // awaited before the next, or at the end
  }
  try {
    for (const batch of batches(messages, most, appender.together)) {
      await appender.ctx.checkpoint()
      await send(batch)
    }
  } catch (error) {
    // A server without room still says where the others are.
    await sending.catch(() => {})
    if (error instanceof AppError && error.code === 'mailbox-full') await findPlaces(appender, raw, spot.unplaced.splice(0))
    throw error
  } finally {
    await sending
  }
  await findPlaces(appender, raw, spot.unplaced.splice(0))
}

function* batches(messages: readonly Wanted[], most: number, together: () => number): Iterable<Wanted[]> {
  let batch: Wanted[] = []
  let bytes = 0
  for (const message of messages) {
    if (batch.length === most || (batch.length > 0 && bytes + message.size > Math.min(TOGETHER.bytes, together()))) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(message)
    bytes += message.size
  }
  if (batch.length > 0) yield batch
}

/** Null when the archive cannot give it, or the server could not take it: named already. */
async function load(appender: Appender, read: ReadRecord, message: Wanted, takesNul: boolean): Promise<Loaded | null> {
  const { refused, largest } = appender
  try {
    if (largest !== null && message.size > largest)
      throw new AppError('over-day-limit', 'larger than what may go over the line in a day', { facts: { bytes: message.size } })
    let whole: Uint8Array[] | null = null
    let binary = false
    if (message.size < LARGE) {
      whole = []
      for await (const piece of messagePieces(read, message.id)) whole.push(piece)
      binary = whole.some(hasNul)
    } else for await (const piece of messagePieces(read, message.id)) binary ||= hasNul(piece)
    // RFC 9051 9: a literal has no NUL in it, whatever a server may do with one.
    if (binary && !takesNul) throw new AppError('message-has-nul', 'NUL bytes, and the server has no BINARY')
    const pieces = whole
      ? async function* () {
          yield* whole!
        }
      : () => messagePieces(read, message.id)
    return { message, appending: { ...message, binary, pieces } }
  } catch (error) {
    if (!(error instanceof AppError) || !aboutTheMessage.has(error.code)) throw error
    refused(message, error)
    return null
  }
}

const hasNul = (piece: Uint8Array): boolean => Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).includes(0)
const aboutTheMessage = new Set([
  'message-has-nul',
  'over-day-limit',
  'message-refused',
  'message-too-big',
  'mailbox-full',
  'record-damaged',
  'byte-check-failed',
  'message-unknown',
  'segment-missing',
])

/** Where the next message goes in the mailbox: known from the answers, or asked for again (null). */
interface Spot {
  raw: string
  next: { uidValidity: number; uidNext: number } | null
  /** Batches that went in, and the server does not say where (no UIDPLUS): looked for together. */
  unplaced: Batch[]
}

/** Messages that are looked for together: one listing costs what a listing costs, and a kill has to look for them one by one. */
const UNPLACED = 200

async function appendBatch(appender: Appender, spot: Spot, batch: readonly Loaded[]): Promise<void> {
  const { line, journal } = appender
  const { raw } = spot
  for (let left = batch; left.length > 0; ) {
    spot.next ??= await select(line, raw)
    const { uidValidity, uidNext } = spot.next
    const number = appender.nextBatch()
    await journal.write({
      k: 'sending',
      batch: number,
      raw,
      uidValidity,
      uidNext,
      items: left.map(({ message }) => [message.id, message.size, message.internalDate, message.zone, message.flags]),
    })
    const writer = await line.session()
    try {
      const appended = await writer.append(
        raw,
        left.map(({ appending }) => appending),
      )
      line.progressed()
      if (appended && appended.uidValidity === uidValidity) {
        spot.next = { uidValidity, uidNext: Math.max(uidNext, ...appended.uids) + 1 }
        await journal.write({ k: 'sent', batch: number, uids: appended.uids })
      } else {
        if (appended) spot.next = null
        spot.unplaced.push(journal.state.batches.at(-1)!)
      }
      for (const { message } of left) appender.added(message)
      if (spot.next === null || spot.unplaced.reduce((sum, { items }) => sum + items.length, 0) >= UNPLACED)
        await findPlaces(appender, raw, spot.unplaced.splice(0))
      return
    } catch (error) {
      spot.next = null
      if (isNotAllowed(error)) {
        await journal.write({ k: 'sent', batch: number, uids: left.map(() => 0) })
        throw error
      }
      if (!writer.usable || !(error instanceof AppError) || !aboutTheMessage.has(error.code)) {
        await line.recover(error)
        await findPlaces(appender, raw, spot.unplaced.splice(0))
        left = await notThere(appender, journal.state.batches.at(-1)!, left)
        continue
      }
      // The server's answer was NO: nothing of it went in (RFC 3502 for several).
      await journal.write({ k: 'sent', batch: number, uids: left.map(() => 0) })
      if (left.length === 1) return appender.refused(left[0]!.message, error)
      for (const one of left) await appendBatch(appender, spot, [one])
      return
    }
  }
}

/** After a lost answer: what went in counts, and the rest comes back to be sent again. */
async function notThere(appender: Appender, batch: Batch, left: readonly Loaded[]): Promise<Loaded[]> {
  // The server may still be at it: what it was sent whole it will put in, whether anybody listens or not.
  await appender.ctx.clock.sleep(SETTLE_MS, appender.ctx.signal)
  await settle(appender, batch)
  if (batch.uids!.includes(0)) appender.doubtful(batch)
  return left.filter(({ message }, i) => {
    if (batch.uids![i] === 0) return true
    appender.added(message)
    return false
  })
}

const SETTLE_MS = 1500
