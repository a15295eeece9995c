/**
 * IDLE (RFC 2177) on the examined mailbox. Connections die without a word and some servers fall silent inside an IDLE that looks alive, so
 * none is trusted for long: every few minutes it is ended, the server is asked by NOOP what it may have kept to itself, and it begins again.
 */
import type { IdleOptions } from '../types.ts'
import type { Response } from './client.ts'
import { type Connection, command, noteVanished } from './command.ts'
import { saying } from './serverError.ts'

/** RFC 2177 wants less than 29 minutes; home routers and Yandex forget a silent connection after 5 to 10 (FIELD pain 26). */
const RENEW_MS = 9 * 60_000
/** From a line of ours to its answer, while the server has nothing else to do. */
const PATIENCE_MS = 10_000
/** An IDLE that the server ends by itself sooner than this is none: asking again and again would be a busy loop over the network. */
const SHORTEST_MS = 5_000

/**
 * Resolves when `signal` has aborted and the connection is free for other commands again. Throws server-refused where the server takes no
 * IDLE, and what a connection that is gone throws; one that does not answer in time counts as gone, and is closed.
 */
export async function idle(connection: Connection, { signal, clock, onChange }: IdleOptions): Promise<void> {
  while (!signal.aborted) {
    const began = clock.now()
    await idleOnce(connection, { signal, clock, onChange })
    if (signal.aborted) return
    if (clock.now() - began < SHORTEST_MS) throw saying('server-refused', 'the server ends every IDLE at once', connection.where)
    await inTime(connection, clock, command(connection, 'NOOP', [], { untagged: news(connection, onChange) }))
  }
}

async function idleOnce(connection: Connection, { signal, clock, onChange }: IdleOptions): Promise<void> {
  const { client } = connection
  const over = new AbortController()
  // The library's watch over a silent socket would end what is silent by nature; it is put back for the answer to DONE.
  client.socket?.setTimeout(0)
  let onReady = () => {}
  const ready = new Promise<void>(resolve => {
    onReady = resolve
  })
  const answered = command(connection, 'IDLE', [], { untagged: news(connection, onChange), onContinue: onReady })
  let listening = true
  const noteEnd = () => {
    listening = false
  }
  answered.then(noteEnd, noteEnd)
  try {
    // RFC 2177: DONE before the server's "+" is a protocol error.
    await inTime(connection, clock, Promise.race([ready, answered]))
    await Promise.race([answered, pause(clock, RENEW_MS, AbortSignal.any([signal, over.signal]))])
    if (!client.isClosed) client.socket?.setTimeout(client.socketTimeout)
    if (listening) client.write('DONE')
    await inTime(connection, clock, answered)
  } catch (error) {
    // The connection has ended, or inTime has closed it: why is told to the command.
    await answered
    throw error
  } finally {
    over.abort()
    if (!client.isClosed) client.socket?.setTimeout(client.socketTimeout)
  }
}

/** What of a mailbox can change, in the words of RFC 9051 7.4.1 and 7.5.1 and RFC 7162 3.2.10. "* OK Still here" is none of it. */
function news(connection: Connection, onChange: () => void) {
  return {
    EXISTS: ({ command: count }: Response) => {
      const exists = Number(count)
      // Some servers repeat the number to keep the connection open.
      if (!Number.isSafeInteger(exists) || exists === connection.exists) return
      connection.exists = exists
      onChange()
    },
    EXPUNGE: () => {
      connection.exists = Math.max(0, connection.exists - 1)
      onChange()
    },
    VANISHED: (response: Response) => {
      void noteVanished(connection)(response)
      onChange()
    },
    FETCH: () => onChange(),
  }
}

async function inTime<T>(connection: Connection, clock: IdleOptions['clock'], answer: Promise<T>): Promise<T> {
  const over = new AbortController()
  const late = clock.sleep(PATIENCE_MS, over.signal).then(() => {
    connection.broken ??= Object.assign(new Error('no answer while listening'), { code: 'ETIMEOUT' })
    connection.client.close()
    throw saying('connection-lost', 'the server did not answer while we listened to it', connection.where)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    late.catch(() => {}) // told above, or ended by the next line
    over.abort()
  }
}

/** Resolves when the time is over or the signal aborts. */
const pause = (clock: IdleOptions['clock'], ms: number, signal: AbortSignal): Promise<void> =>
  clock.sleep(ms, signal).catch(error => {
    if (!signal.aborted) throw error
  })
