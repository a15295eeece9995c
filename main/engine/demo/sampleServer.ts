/**
 * The sample mailbox behind a real socket: a small IMAP server on this computer only, read-only, for the demo and
 * "Try it with a sample mailbox". What is captured from it goes the same way as mail of any other server.
 */
import { randomBytes } from 'node:crypto'
import { createServer, type Socket } from 'node:net'
import { serveSession } from './imap/session.ts'
import type { MailStore } from './imap/store.ts'
import { sampleStore } from './sample/mailbox.ts'

export interface SampleServer {
  host: string
  port: number
  user: string
  /** New at every start, so that no other program of this computer can read along with a known one. */
  password: string
  close(): Promise<void>
}

/** More connections than capture ever opens at a time. */
const MOST_CONNECTIONS = 32
/** RFC 9051 5.4 asks for at least 30 minutes. */
const SILENCE_MS = 31 * 60_000

/** Starts it on 127.0.0.1 at a port that was free. Throws what listening throws. */
export async function startSampleServer(store: MailStore = sampleStore()): Promise<SampleServer> {
  const login = { user: 'zofia@latarnia.example', password: randomBytes(18).toString('base64url') }
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.setTimeout(SILENCE_MS, () => socket.destroy())
    // Without a listener an error of the socket would end the process; the session sees it as the end of its input.
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    void serveSession(socket, store, login)
  })
  server.maxConnections = MOST_CONNECTIONS
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('the sample server has no port')
  const close = () =>
    new Promise<void>(resolve => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  return { host: '127.0.0.1', port: bound.port, ...login, close }
}
