/**
 * What a socket gives comes in buffers of 64 KB, which imapflow copies messages out of and then forgets. Left to the collector they were some 20 MB at any time
 * of a capture. Here they are given back as soon as nothing of them waits for what comes next.
 */
import { giveBack } from '../../base/giveBack.ts'

/** The part of imapflow that frames lines and literals: what of a chunk it still needs when it is through with it stands in these. */
export interface Streamer {
  /** Resolves when every line that ends in the chunk was handled. */
  processInputChunk(chunk: Buffer): Promise<void>
  readonly lineBuffer: readonly Buffer[]
  readonly inputBuffer: readonly Buffer[]
  readonly literalBuffer: readonly Buffer[]
}

export function giveBackChunks(streamer: Streamer): void {
  const process = streamer.processInputChunk.bind(streamer)
  let held: Buffer[] = []

  streamer.processInputChunk = async chunk => {
    held.push(chunk)
    await process(chunk)
    const { lineBuffer, inputBuffer, literalBuffer } = streamer
    const needed = new Set([...lineBuffer, ...inputBuffer, ...literalBuffer].map(({ buffer }) => buffer))
    const through = held.filter(({ buffer }) => !needed.has(buffer))
    held = held.filter(({ buffer }) => needed.has(buffer))
    through.forEach(giveBack)
  }
}
