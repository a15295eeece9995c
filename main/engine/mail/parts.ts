/** The parts of a message, found in its parse view: where each body is, in the view and in the message itself. */
import type { Hole, HoledBytes } from '../base/holed.ts'
import { createWalker, type MimePart } from './structure.ts'

export interface BodyPart {
  part: MimePart
  /** Offsets in the view's bytes. */
  start: number
  end: number
  /** What is missing between them, in parts within this one too. */
  holes: Hole[]
}

/** All parts in document order, multiparts (whose body is their preamble) included. */
export function bodyParts({ bytes, holes }: HoledBytes): BodyPart[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found: BodyPart[] = []
  const open: BodyPart[] = []
  let at = 0
  const walker = createWalker({
    structure(piece) {
      at += piece.length
    },
    body(_, piece) {
      at += piece.length
    },
    open(part) {
      const body = { part, start: at, end: at, holes: [] }
      found.push(body)
      open.push(body)
    },
    close() {
      const body = open.pop()!
      body.end = at
    },
  })
  let from = 0
  for (const hole of holes) {
    if (hole.at > from) walker.feed(buffer.subarray(from, hole.at))
    walker.gap()
    for (const body of open) body.holes.push(hole)
    from = hole.at
  }
  if (from < buffer.length) walker.feed(buffer.subarray(from))
  walker.end()
  return found
}

/** The body's bytes as the view has them, still in their transfer encoding. */
export function bodyBytes({ bytes }: HoledBytes, { start, end }: BodyPart): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
}

/** Where the body is in the message itself. */
export function bodyRange({ holes }: HoledBytes, body: BodyPart): { from: number; to: number } {
  let before = 0
  for (const hole of holes) if (hole.at < body.start) before += hole.length
  let inside = 0
  for (const hole of body.holes) inside += hole.length
  return { from: body.start + before, to: body.end + before + inside }
}
