/** One message off the wire: into memory when it is small, through the pool piece by piece when it is not. */
import type { Retrieved } from '../../mail/pop3/types.ts'
import type { Prepared } from '../pool/types.ts'
import type { ArchiveStore } from '../types.ts'
import { linesIn, type Shape } from './evidence.ts'
import { headOf } from './head.ts'

/** From here on a message is never whole in memory. */
export const LARGE = 8 * 1024 * 1024
/** The header is looked for in so much of a large message. */
const HEAD_WITHIN = 256 * 1024

export type Had = Shape & { head: Buffer } & ({ bytes: Uint8Array<ArrayBuffer>; prepared: null } | { bytes: null; prepared: Prepared })

export async function receive(store: ArchiveStore, { pieces }: Extract<Retrieved, { pieces: unknown }>): Promise<Had> {
  const iterator = pieces[Symbol.asyncIterator]()
  const first: Uint8Array[] = []
  let length = 0
  for (;;) {
    const next = await iterator.next()
    if (next.done) break
    first.push(next.value)
    length += next.value.length
    if (length >= LARGE) return stream(store, first, iterator)
  }
  const bytes = joined(first, length)
  return { bytes, prepared: null, length, lines: linesIn(bytes), head: headOf(bytes) }
}

async function stream(store: ArchiveStore, first: Uint8Array[], more: AsyncIterator<Uint8Array>): Promise<Had> {
  const shape: Shape = { length: 0, lines: 0 }
  let beginning: Uint8Array = new Uint8Array(0)
  async function* all(): AsyncIterable<Uint8Array> {
    const count = (piece: Uint8Array) => {
      if (beginning.length < HEAD_WITHIN) beginning = joined([beginning, piece], beginning.length + piece.length)
      shape.length += piece.length
      shape.lines += linesIn(piece)
      return piece
    }
    for (const piece of first.splice(0)) yield count(piece)
    for (let next = await more.next(); !next.done; next = await more.next()) yield count(next.value)
  }
  const prepared = await store.pool.prepareStream(all(), async records => void (await store.put(records)))
  return { ...shape, bytes: null, prepared, head: headOf(beginning) }
}

/** In memory of its own, so that it can be given to a worker, and holds nothing else. */
function joined(pieces: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
