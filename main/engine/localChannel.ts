/** A channel inside one process, for the command line and the tests: what is sent arrives in the next microtask, in order, as a structured clone would. */
import type { ClientSide, EngineSide, FromEngine, ToEngine } from '../contract/transport.ts'

export function localChannel(): { client: ClientSide; engine: EngineSide } {
  const toEngine = pipe<ToEngine>()
  const toClient = pipe<FromEngine>()
  const close = () => {
    toEngine.close()
    toClient.close()
  }
  return {
    client: { send: toEngine.send, onMessage: toClient.onMessage, onClose: toClient.onClose, close },
    engine: { send: toClient.send, onMessage: toEngine.onMessage, onClose: toEngine.onClose, close },
  }
}

function pipe<T>() {
  const listeners: ((message: T) => void)[] = []
  const closers: (() => void)[] = []
  let open = true
  return {
    send: (message: T) => {
      queueMicrotask(() => {
        if (open) for (const listener of listeners) listener(message)
      })
    },
    onMessage: (listener: (message: T) => void) => {
      listeners.push(listener)
    },
    onClose: (listener: () => void) => {
      closers.push(listener)
    },
    close: () => {
      if (!open) return
      open = false
      for (const closer of closers) closer()
    },
  }
}
