/** A wire between client and server that breaks: after so many bytes up, or in silence, so that the answer to what was sent is never read. */
import net from 'node:net'

export interface CuttingProxy {
  port: number
  /** The connections from now on break so: each takes the next of these, and those after the last hold. */
  cuts: Cut[]
  /** How many broke. */
  broken(): number
  close(): Promise<void>
}

export interface Cut {
  /** Bytes from the client that still get through. */
  after: number
  /** Everything from the client gets through, and nothing comes back any more: the server has done what it was told, and nobody hears of it. */
  deaf?: boolean
  /** What the client sent after the cut reaches the server when the next connection has sent so many bytes: late, when nobody waits for it any more. */
  lateAt?: number
}

const DEAF_MS = 150

export async function cuttingProxy(target: number): Promise<CuttingProxy> {
  const cuts: Cut[] = []
  /** What a connection before still has on its way. */
  let onItsWay: { at: number; deliver(): void } | null = null
  const sockets = new Set<net.Socket>()
  let broken = 0
  const server = net.createServer(client => {
    const cut = cuts.shift()
    const up = net.connect(target, '127.0.0.1')
    for (const socket of [client, up]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        if (held.length === 0) up.destroy()
      })
    }
    let sent = 0
    let deaf = false
    const held: Buffer[] = []
    const end = () => {
      broken++
      client.destroy()
      up.destroy()
    }
    client.on('data', bytes => {
      const left = cut ? cut.after - sent : Number.POSITIVE_INFINITY
      sent += bytes.length
      if (onItsWay && sent > onItsWay.at && !held.length) {
        onItsWay.deliver()
        onItsWay = null
      }
      if (cut?.lateAt !== undefined && sent > cut.after) {
        held.push(bytes)
        if (held.length > 1) return
        setTimeout(() => {
          broken++
          client.destroy()
        }, DEAF_MS)
        onItsWay = { at: cut.lateAt, deliver: () => up.write(Buffer.concat(held), () => setTimeout(() => up.destroy(), DEAF_MS)) }
        return
      }
      if (deaf || bytes.length <= left || cut?.deaf) up.write(bytes)
      else up.write(bytes.subarray(0, Math.max(0, left)), end)
      if (cut?.deaf && !deaf && sent > cut.after) {
        deaf = true
        setTimeout(end, DEAF_MS)
      }
    })
    up.on('data', bytes => {
      if (!deaf) client.write(bytes)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as net.AddressInfo).port,
    cuts,
    broken: () => broken,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
