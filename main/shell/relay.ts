/**
 * Passes messages between windows and the engine. Every window numbers its own questions; here they get numbers of the engine's side.
 * While the engine is down, questions wait. When it crashed, open calls are answered with `engine-crashed`, and watches begin again by themselves
 * as soon as there is a new engine, so a window need not ask twice.
 */
import { AppError, type PlainError, toPlainError } from '../contract/errors.ts'
import type { FromEngine, ToEngine } from '../contract/transport.ts'

export interface Connection {
  /** What a window sent; anything that is not a message of the contract is dropped. */
  receive(message: unknown): void
  /** The window is gone or was loaded again: what it asked is cancelled. */
  reset(): void
  close(): void
}

export interface Relay {
  connect(send: (message: FromEngine) => void): Connection
  /** From the engine. */
  deliver(message: FromEngine): void
  /** There is an engine, and it answers. */
  up(send: (message: ToEngine) => void): void
  /** It is gone and will be back: questions wait. */
  down(): void
  /** It is gone for good, for this reason: questions are answered with it. */
  failed(error: PlainError): void
}

interface Asked {
  connection: number
  /** The window's own number. */
  id: number
  message: Extract<ToEngine, { type: 'call' | 'watch' }>
}

export function createRelay(): Relay {
  const windows = new Map<number, (message: FromEngine) => void>()
  const asked = new Map<number, Asked>()
  let engine: ((message: ToEngine) => void) | null = null
  let failure: PlainError | null = null
  let nextConnection = 1
  let nextId = 1

  const ask = (connection: number, message: Asked['message']) => {
    if (failure) return windows.get(connection)?.({ type: 'error', id: message.id, error: failure })
    const id = nextId++
    asked.set(id, { connection, id: message.id, message })
    engine?.({ ...message, id })
  }

  const end = (connection: number, type: 'cancel' | 'unwatch', id: number) => {
    const found = [...asked].find(([, question]) => question.connection === connection && question.id === id)
    if (!found) return
    const [engineId, question] = found
    if (engine) engine({ type, id: engineId })
    if (type === 'unwatch') asked.delete(engineId)
    else if (!engine) {
      // It was waiting for an engine: nobody else would ever answer it.
      asked.delete(engineId)
      windows.get(connection)?.({ type: 'error', id: question.id, error: { code: 'cancelled', message: 'cancelled', facts: {} } })
    }
  }

  const reset = (connection: number) => {
    for (const [engineId, question] of asked) {
      if (question.connection !== connection) continue
      engine?.({ type: question.message.type === 'call' ? 'cancel' : 'unwatch', id: engineId })
      asked.delete(engineId)
    }
  }

  return {
    connect(send) {
      const connection = nextConnection++
      windows.set(connection, send)
      return {
        receive(value) {
          const message = asMessage(value)
          if (message === null) return
          if (message.type === 'call' || message.type === 'watch') ask(connection, message)
          else if (message.type === 'cancel' || message.type === 'unwatch') end(connection, message.type, message.id)
        },
        reset: () => reset(connection),
        close() {
          reset(connection)
          windows.delete(connection)
        },
      }
    },

    deliver(message) {
      if (message.type === 'event') {
        for (const send of windows.values()) send(message)
        return
      }
      if (message.type === 'ready' || message.type === 'session') return // the shell's own
      const question = asked.get(message.id)
      if (!question) return // a late answer to something cancelled
      if (message.type !== 'value') asked.delete(message.id)
      windows.get(question.connection)?.({ ...message, id: question.id })
    },

    up(send) {
      engine = send
      failure = null
      for (const [id, question] of asked) send({ ...question.message, id })
    },

    down() {
      // A call may have been half done, so it is not repeated; a watch only looks.
      if (engine) answerAll(toPlainError(new AppError('engine-crashed', 'the engine ended before it answered')), 'call')
      engine = null
      failure = null
    },

    failed(error) {
      engine = null
      failure = error
      answerAll(error)
    },
  }

  function answerAll(error: PlainError, only?: 'call') {
    for (const [id, question] of asked) {
      if (only && question.message.type !== only) continue
      asked.delete(id)
      windows.get(question.connection)?.({ type: 'error', id: question.id, error })
    }
  }
}

/** A window's message with exactly the parts that belong to it, or null. `session` and `close` are the shell's alone. */
function asMessage(value: unknown): ToEngine | null {
  if (typeof value !== 'object' || value === null) return null
  const { type, id, name, input } = value as Record<string, unknown>
  if (!Number.isSafeInteger(id)) return null
  if (type === 'cancel' || type === 'unwatch') return { type, id: id as number }
  if ((type === 'call' || type === 'watch') && typeof name === 'string') return { type, id: id as number, name, input }
  return null
}
