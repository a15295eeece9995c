/** A message whose bytes are known to be right before the first of them is written: for files that hold more than one. */
import type { RecordId } from '../../log/types.ts'
import type { Pieces } from './types.ts'

/** Up to here a message is held; a larger one is read twice. */
export const HELD = 8 * 1024 * 1024

/** Throws before it gives anything where the message is damaged. */
export async function soundPieces(pieces: Pieces, id: RecordId, size: number): Promise<() => AsyncIterable<Uint8Array>> {
  if (size > HELD) {
    for await (const piece of pieces(id)) void piece
    return () => pieces(id)
  }
  const held: Uint8Array[] = []
  for await (const piece of pieces(id)) held.push(piece)
  return async function* () {
    yield* held
  }
}
