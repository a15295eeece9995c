/** The messages that carry the contract over any channel that can send and receive structured-cloneable values. */
import type { PlainError } from './errors.ts'

export type ToEngine =
  | { type: 'call'; id: number; name: string; input: unknown }
  | { type: 'cancel'; id: number }
  | { type: 'watch'; id: number; name: string; input: unknown }
  | { type: 'unwatch'; id: number }
  /** From the shell alone, first thing after a crash: what the engine said last. The shell drops it when a renderer sends it. */
  | { type: 'session'; state: string }
  /** From the shell alone: end what is being written, close everything and exit. */
  | { type: 'close' }

export type FromEngine =
  | { type: 'ready' }
  | { type: 'result'; id: number; value: unknown }
  | { type: 'error'; id: number; error: PlainError }
  | { type: 'value'; id: number; value: unknown }
  | { type: 'event'; name: string; value: unknown }
  /**
   * For the shell alone, to keep in memory and give back to a restarted engine: the key of the open profile and the jobs under way.
   * The shell never forwards it to a renderer, nor writes it anywhere. An empty string means: nothing to keep (locked).
   */
  | { type: 'session'; state: string }

/** One end of a channel. `close` may be called twice. */
export interface Channel<Out, In> {
  send(message: Out): void
  onMessage(listener: (message: In) => void): void
  /** The other side is gone; nothing more will arrive. */
  onClose(listener: () => void): void
  close(): void
}

export type EngineSide = Channel<FromEngine, ToEngine>
export type ClientSide = Channel<ToEngine, FromEngine>
