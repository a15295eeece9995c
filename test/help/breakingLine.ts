/** A way to a server on 127.0.0.1 that breaks: each connection may be cut after so many bytes from the server, as lines are in trains and cellars. */
import net from 'node:net'

export interface BreakingLine {
  host: '127.0.0.1'
  port: number
  /** Connections that were cut so far. */
  cuts: number
  close(): Promise<void>
}

/** `allowance`: bytes from the server before the next connection is cut; null: it is not. Asked once for each connection. */
export async function startBreakingLine(target: number, allowance: () => number | null): Promise<BreakingLine> {
  const sockets = new Set<net.Socket>()
  const line: BreakingLine = {
    host: '127.0.0.1',
    port: 0,
    cuts: 0,
    close: () =>
      new Promise(resolve => {
        for (const socket of sockets) socket.destroy()
        listener.close(() => resolve())
      }),
  }
  const listener = net.createServer(near => {
    const far = net.connect(target, '127.0.0.1')
    let left = allowance() ?? Number.POSITIVE_INFINITY
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => {})
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
    near.on('data', data => far.write(data))
    far.on('data', data => {
      left -= data.length
      if (left >= 0) return void near.write(data)
      line.cuts++
      // What came before the cut still arrives; what comes after it does not.
      near.write(data.subarray(0, data.length + left), () => near.destroy())
    })
  })
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve))
  line.port = (listener.address() as net.AddressInfo).port
  return line
}
