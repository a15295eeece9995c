/** APPEND (RFC 9051 6.3.12, 3502, 3516, 4315, 7888): exact bytes, a piece at a time, so that a message of any size goes through little memory. */
import { once } from 'node:events'
import { AppError } from '../../../../contract/errors.ts'
import type { Appended, Appending } from '../../writeTypes.ts'
import { nameArgument, responseCode, textOf, verbatim } from '../client.ts'
import { type Connection, command, numberOf } from '../command.ts'
import { formatInternalDate } from '../internalDate.ts'
import type { Where } from '../serverError.ts'

/** What a NO means for a message that shall go in. RFC 9051 7.1, 5530, 7889 (TOOBIG stands in RFC 4469 and 9051). */
const codes = {
  OVERQUOTA: 'mailbox-full',
  TOOBIG: 'message-too-big',
  LIMIT: 'message-refused',
  CANNOT: 'message-refused',
  BADCHARSET: 'message-refused',
  'UNKNOWN-CTE': 'message-refused',
  NOPERM: 'message-refused',
} as const

/** Null where the server does not say where they went. Throws as ImapWriter.append says. */
export async function append(connection: Connection, raw: string, messages: readonly Appending[]): Promise<Appended | null> {
  const where: Where = { ...connection.where, mailbox: raw, refusal: 'message-refused', codes }
  const sender = createSender(connection, messages)
  try {
    const response = await command(connection, 'APPEND', [nameArgument(raw), verbatim(headOf(connection, messages[0]!))], {
      where,
      onSent: sender.sent,
      onContinue: sender.goOn,
    })
    await sender.done()
    return appendUid(responseCode(response), messages.length)
  } catch (error) {
    await sender.broken()
    throw error
  }
}

/** `(\Seen) " 7-Feb-1994 21:52:25 -0800" {310+}`: everything between the name, or the message before, and the bytes. */
function headOf({ offers }: Connection, { flags, internalDate, zone, size, binary }: Appending): string {
  const date = internalDate === null ? '' : `"${formatInternalDate(internalDate, zone ?? 0)}" `
  return `(${flags.join(' ')}) ${date}${binary ? '~' : ''}{${size}${unasked(offers, size) ? '+' : ''}}`
}

/** RFC 7888: a literal that is sent without being asked for; up to 4,096 bytes with LITERAL-. */
const unasked = (offers: ReadonlySet<string>, size: number): boolean => offers.has('LITERAL+') || (offers.has('LITERAL-') && size <= 4096)

interface Sender {
  /** The first line is out. */
  sent(): void
  /** The server asks for a literal. */
  goOn(): void
  /** Resolves when all that was begun is written. */
  done(): Promise<void>
  /** After an error: a message that was begun is finished, or the connection ends, for nothing else may follow on it. */
  broken(): Promise<void>
}

function createSender(connection: Connection, messages: readonly Appending[]): Sender {
  const { client, offers } = connection
  let at = 0
  let asked = 0
  let working: Promise<void> | null = null
  let failure: unknown

  /** Writes as many messages as may be written now. */
  const work = async () => {
    while (at < messages.length && (asked > at || unasked(offers, messages[at]!.size))) {
      await writeAll(client.writeSocket, messages[at]!)
      const next = messages[++at]
      client.write(next ? ` ${headOf(connection, next)}` : '')
    }
  }
  const begin = () => {
    if (working) return
    working = work()
      .catch(error => {
        failure = error
        // Half a literal is on its way: whatever came next would be taken for its other half.
        client.close()
      })
      .finally(() => {
        working = null
      })
  }
  return {
    sent: begin,
    goOn: () => {
      asked = at + 1
      begin()
    },
    done: async () => {
      await working
      if (failure !== undefined) throw failure
    },
    broken: async () => {
      await working
      // It broke because the bytes could not be had: that says more than a lost connection.
      if (failure instanceof AppError) throw failure
    },
  }
}

async function writeAll(socket: Connection['client']['writeSocket'], message: Appending): Promise<void> {
  let written = 0
  for await (const piece of message.pieces()) {
    written += piece.length
    if (written > message.size) break
    if (!socket.write(piece)) await drained(socket)
  }
  if (written !== message.size) throw new Error(`the message has ${written} bytes, and ${message.size} were promised`)
}

async function drained(socket: Connection['client']['writeSocket']): Promise<void> {
  const ended = new AbortController()
  try {
    await Promise.race([
      once(socket, 'drain', { signal: ended.signal }),
      once(socket, 'close', { signal: ended.signal }).then(() => {
        throw new Error('the connection was closed')
      }),
    ])
  } finally {
    ended.abort()
  }
}

/** `[APPENDUID 38505 3955,3960:3962]`, in the order of the messages (RFC 4315 3). */
function appendUid(code: ReturnType<typeof responseCode>, count: number): Appended | null {
  if (code?.name !== 'APPENDUID') return null
  const uidValidity = numberOf(code.args[0])
  const uids = (textOf(code.args[1]) ?? '').split(',').flatMap(part => {
    const [first, last = first] = part.split(':').map(Number)
    if (!(first! > 0) || !(last! >= first!) || last! - first! >= count) return []
    return Array.from({ length: last! - first! + 1 }, (_, i) => first! + i)
  })
  return uidValidity !== null && uids.length === count ? { uidValidity, uids } : null
}
