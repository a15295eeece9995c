/** Connections of a restore that keep within what may go over the line: what is sent up counts as well as what is looked at. */
import type { Appending, ConnectWriter, ImapWriter } from '../../mail/writeTypes.ts'
import { ANSWER_BYTES, politeReads } from './politeConnect.ts'
import type { Traffic } from './traffic.ts'

export interface WritingTraffic {
  down: Traffic
  up: Traffic
  /** To be called before anything is sent: the person may have changed the rules meanwhile. Throws account-on-hold. */
  allowed(): Promise<void>
}

export function politeWriter(connect: ConnectWriter, traffic: WritingTraffic): ConnectWriter {
  return async options => {
    await traffic.allowed()
    return politely(await connect(options), traffic)
  }
}

function politely(writer: ImapWriter, { down, up, allowed }: WritingTraffic): ImapWriter {
  const { reads, forget } = politeReads(writer, down)
  const own: Partial<ImapWriter> = {
    ...reads,
    select: raw => {
      forget()
      return writer.select(raw)
    },
    append: async (raw, messages) => {
      await allowed()
      if (up.free) return writer.append(raw, messages)
      const bytes = messages.reduce((sum, { size }) => sum + size + ANSWER_BYTES, 0)
      const taken = await up.take(bytes)
      // What a server was sent it has counted, whether it took the message or not.
      return writer.append(raw, messages.map(paced(up))).finally(() => taken.done(bytes))
    },
  }
  return Object.setPrototypeOf(own, writer) as ImapWriter
}

/** Bytes of a message that are written without looking at the line again: at 10 kB/s, the least that can be wished, 6 s. No server waits less. */
const STEP = 64 * 1024
const nothing = async () => {}

const paced =
  (up: Traffic) =>
  (message: Appending): Appending => ({
    ...message,
    pieces: async function* () {
      for await (const piece of message.pieces())
        for (let at = 0; at < piece.length; at += STEP) {
          const step = piece.subarray(at, at + STEP)
          await up.line(step.length, nothing)
          yield step
        }
    },
  })
