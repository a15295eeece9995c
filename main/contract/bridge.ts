/** What the preload puts on `window.mailcoffer`: the only door of the renderer. Plain values only; nothing of Electron or Node passes. */
import { fromPlainError, type PlainError } from './errors.ts'
import type { ShellCallName, ShellEvent, ShellEventName, ShellInput, ShellOutput } from './shell.ts'
import type { FromEngine, ToEngine } from './transport.ts'

/** An error loses its code on its way through the context bridge, so an answer says which of the two it is. */
export type ShellAnswer = { ok: true; value: unknown } | { ok: false; error: PlainError }

export interface Bridge {
  /** The engine, as transport.ts speaks. Ids are this window's own. Calls sent while the engine starts wait until it is ready. */
  readonly engine: {
    send(message: ToEngine): void
    /** Returns the function that ends listening. */
    onMessage(listener: (message: FromEngine) => void): () => void
  }
  readonly shell: {
    call(name: ShellCallName, input: unknown): Promise<ShellAnswer>
    on(name: ShellEventName, listener: (value: unknown) => void): () => void
  }
  readonly platform: 'linux' | 'darwin' | 'win32'
}

export interface ShellClient {
  /** Rejects with an AppError. */
  call<N extends ShellCallName>(name: N, input: ShellInput<N>): Promise<ShellOutput<N>>
  on<N extends ShellEventName>(name: N, listener: (value: ShellEvent<N>) => void): () => void
}

/** The bridge's shell half with its types. The shell has checked what it sends; it is not parsed again here. */
export function shellClient(bridge: Bridge): ShellClient {
  return {
    async call(name, input) {
      const answer = await bridge.shell.call(name, input)
      if (!answer.ok) throw fromPlainError(answer.error)
      return answer.value as never
    },
    on: (name, listener) => bridge.shell.on(name, value => listener(value as never)),
  }
}
