import type { Duplex } from 'node:stream'
import { expect, it } from 'vitest'
import { createClient } from '../../../../main/engine/mail/imap/client.ts'

interface Item {
  payload: Buffer
  literals: Buffer[]
  next(): void
}

it('what a socket gave is given back once it is read, however it was cut, and every line and literal comes as it was', async () => {
  const messages = Array.from({ length: 300 }, (_, n) => Buffer.alloc((n * 7919) % 20_000, `message ${n}, and what it says. `))
  const sent = Buffer.concat(
    messages.flatMap((body, n) => [Buffer.from(`* ${n + 1} FETCH (UID ${n + 1} BODY[] {${body.length}}\r\n`), body, Buffer.from(')\r\n')]),
  )
  const chunks: Buffer[] = []
  for (let at = 0; at < sent.length; ) {
    const length = 1 + ((at * 31 + 17) % 40_000)
    // Memory of its own, as it comes from a socket.
    chunks.push(Buffer.from(new Uint8Array(sent.subarray(at, at + length)).buffer))
    at += length
  }

  const client = createClient({ host: 'localhost', port: 1, logger: false })
  const stream = client.streamer as unknown as Omit<Duplex, 'read'> & { read(): Item | null }
  const seen: string[] = []
  const wrong: number[] = []
  stream.on('readable', () => {
    for (let item = stream.read(); item; item = stream.read()) {
      const body = Buffer.concat(item.literals)
      if (!body.equals(messages[seen.length]!)) wrong.push(seen.length)
      seen.push(item.payload.toString('latin1'))
      item.next()
    }
  })
  for (const chunk of chunks) await new Promise<unknown>(taken => stream.write(chunk, taken))

  expect(wrong).toEqual([])
  expect(seen).toHaveLength(messages.length)
  expect(seen[6]).toBe(`* 7 FETCH (UID 7 BODY[] {${messages[6]!.length}}\r\n)`)
  expect(chunks.filter(({ byteLength }) => byteLength > 0)).toEqual([])
  client.close()
})
