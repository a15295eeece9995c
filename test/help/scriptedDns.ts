/** A name server (RFC 1035) that knows a few SRV and MX records and says of all others that they are not there. */
import dgram from 'node:dgram'
import { once } from 'node:events'

export interface Zone {
  srv?: Record<string, { priority: number; weight: number; port: number; target: string }[]>
  mx?: Record<string, { priority: number; exchange: string }[]>
}

const TYPES = { srv: 33, mx: 15 } as const

export async function startScriptedDns({ srv = {}, mx = {} }: Zone): Promise<{ address: string; asked: string[]; stop(): Promise<void> }> {
  const asked: string[] = []
  const socket = dgram.createSocket('udp4')
  socket.on('message', (query, from) => {
    const { name, type, end } = questionOf(query)
    asked.push(name)
    const data =
      type === TYPES.srv
        ? (srv[name] ?? []).map(one => Buffer.concat([words(one.priority, one.weight, one.port), encoded(one.target)]))
        : type === TYPES.mx
          ? (mx[name] ?? []).map(one => Buffer.concat([words(one.priority), encoded(one.exchange)]))
          : []
    // A pointer to the name in the question, type, class IN, a TTL of a minute.
    const answers = data.map(rdata => Buffer.concat([words(0xc00c, type, 1, 0, 60, rdata.length), rdata]))
    const header = Buffer.concat([query.subarray(0, 2), words(data.length > 0 ? 0x8180 : 0x8183, 1, data.length, 0, 0)])
    socket.send(Buffer.concat([header, query.subarray(12, end), ...answers]), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    stop: async () => {
      socket.close()
      await once(socket, 'close')
    },
  }
}

function questionOf(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = query[at]!; length > 0; length = query[at]!) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 }
}

const words = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 2)
  for (const [i, value] of values.entries()) bytes.writeUInt16BE(value, i * 2)
  return bytes
}

const encoded = (name: string): Buffer =>
  Buffer.concat([...name.split('.').flatMap(label => (label === '' ? [] : [Buffer.from([label.length]), Buffer.from(label)])), Buffer.from([0])])
