/** A connection as lines and multi-line answers, read only as fast as somebody asks: the server waits for us, never our memory for the server. */
import type { Socket } from 'node:net'
import { AppError } from '../../../contract/errors.ts'
import { saying, serverError, type Where } from '../imap/serverError.ts'
import { createUnstuffer } from './dotStuffing.ts'

export interface Wire {
  readonly socket: Socket
  readonly usable: boolean
  received(): number
  /** How long silence is borne from now on; ms. */
  patience(ms: number): void
  send(text: string): void
  /** One line without its CRLF, one character a byte. Throws server-lied when it is longer than any line may be. */
  line(): Promise<string>
  /** A multi-line answer after its first line. Views: valid until the next piece is asked for. */
  data(): AsyncIterable<Buffer>
  /** Gives up the socket for a TLS handshake over it. Throws tls-failed when bytes have come that nobody may have sent yet. */
  release(): Socket
  close(reason?: AppError): void
}

export interface WireOptions {
  where: Where
  /** Silence while an answer is due; ms. */
  silence: number
  signal?: AbortSignal | undefined
}

/** RFC 2449 section 4: 512 octets. Some servers put whole sentences, in several languages, into an answer. */
const LONGEST_LINE = 8 * 1024
/** Received and not read yet: above it the socket is paused. */
const MOST_WAITING = 256 * 1024

export function createWire(socket: Socket, { where, silence: atFirst, signal }: WireOptions): Wire {
  let silence = atFirst
  const queue: Buffer[] = []
  let waiting = 0
  let received = 0
  let broken: AppError | null = null
  let wake: (() => void) | null = null

  const stir = () => {
    wake?.()
    wake = null
  }
  const fail = (error: AppError) => {
    broken ??= error
    socket.destroy()
    stir()
  }
  const lost = () => fail(saying('connection-lost', 'the server closed the connection', where))
  const onData = (chunk: Buffer) => {
    received += chunk.length
    waiting += chunk.length
    queue.push(chunk)
    if (waiting > MOST_WAITING) socket.pause()
    stir()
  }
  const onError = (error: Error) => fail(serverError(error, where))
  const onAbort = () => fail(new AppError('cancelled', 'cancelled', { cause: signal?.reason }))
  // A server may say something and close: what it said is read first.
  let ended = false
  const onEnd = () => {
    ended = true
    stir()
  }
  // Commands are small and their answers are waited for: held back for an acknowledgement (Nagle), each window costs 40 ms.
  socket.setNoDelay(true)
  socket.on('data', onData).on('error', onError).on('end', onEnd).on('close', onEnd)
  if (signal?.aborted) onAbort()
  signal?.addEventListener('abort', onAbort, { once: true })
  socket.once('close', () => signal?.removeEventListener('abort', onAbort))

  /** The next bytes, whatever they are. */
  const chunk = async (): Promise<Buffer> => {
    for (;;) {
      if (broken) throw broken
      const next = queue.shift()
      if (next) {
        waiting -= next.length
        if (waiting <= MOST_WAITING && socket.isPaused()) socket.resume()
        return next
      }
      if (ended) lost()
      else await arrival()
    }
  }
  const arrival = () =>
    new Promise<void>(resolve => {
      const timer = setTimeout(() => fail(saying('connection-timeout', `nothing came for ${silence} ms`, where)), silence)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const putBack = (rest: Buffer) => {
    if (rest.length === 0) return
    waiting += rest.length
    queue.unshift(rest)
  }

  // A multi-line answer was begun and its end has not been seen: what comes next is no line of ours.
  let inside = false

  const line = async (): Promise<string> => {
    if (inside) fail(saying('connection-lost', 'an answer was not read to its end', where))
    let text = ''
    for (;;) {
      const bytes = await chunk()
      const end = bytes.indexOf(10)
      text += bytes.toString('latin1', 0, end < 0 ? Math.min(bytes.length, LONGEST_LINE) : end)
      if (end >= 0) putBack(bytes.subarray(end + 1))
      if (text.length > LONGEST_LINE) {
        fail(saying('server-lied', 'a line without an end', where))
        throw broken
      }
      if (end >= 0) return text.endsWith('\r') ? text.slice(0, -1) : text
    }
  }

  async function* data(): AsyncIterable<Buffer> {
    const unstuffer = createUnstuffer()
    while (inside) {
      const { pieces, rest } = unstuffer.feed(await chunk())
      // Before anything is given: whoever stops reading at the last piece leaves the connection in order.
      if (rest) {
        putBack(rest)
        inside = false
      }
      yield* pieces
    }
  }

  const detach = () => {
    socket.off('data', onData).off('error', onError).off('end', onEnd).off('close', onEnd)
    signal?.removeEventListener('abort', onAbort)
  }

  return {
    socket,
    get usable() {
      return broken === null && !ended
    },
    received: () => received,
    patience: ms => {
      silence = ms
    },
    send: text => {
      if (broken) throw broken
      socket.write(text)
    },
    line,
    data: () => {
      inside = true
      return data()
    },
    release: () => {
      if (broken) throw broken
      if (waiting > 0) throw saying('tls-failed', 'bytes came before the handshake', where)
      detach()
      socket.pause()
      return socket
    },
    close: reason => fail(reason ?? saying('connection-lost', 'closed', where)),
  }
}
