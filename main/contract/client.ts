/** The caller's half of the contract over any channel: numbers its questions, carries cancellation, resubscribes nothing by itself. */

import type { CallName, CancelSignal, EngineClient, EventName, InputOf, OutputOf, WatchName } from './contract.ts'
import { AppError, fromPlainError } from './errors.ts'
import type { ClientSide, FromEngine } from './transport.ts'

interface Waiting {
  resolve(value: unknown): void
  reject(error: unknown): void
}
interface Watching {
  onValue(value: unknown): void
  onError(error: unknown): void
}

export interface ChannelClient extends EngineClient {
  /** Ends every call with `engine-crashed`; for the day the channel is gone. */
  close(): void
}

export function clientOver(channel: ClientSide): ChannelClient {
  const calls = new Map<number, Waiting>()
  const watches = new Map<number, Watching>()
  const listeners = new Map<string, Set<(value: unknown) => void>>()
  let nextId = 1
  let closed = false

  const onMessage = (message: FromEngine) => {
    switch (message.type) {
      case 'result':
        calls.get(message.id)?.resolve(message.value)
        calls.delete(message.id)
        return
      case 'error': {
        const error = fromPlainError(message.error)
        calls.get(message.id)?.reject(error)
        watches.get(message.id)?.onError(error)
        calls.delete(message.id)
        watches.delete(message.id)
        return
      }
      case 'value':
        watches.get(message.id)?.onValue(message.value)
        return
      case 'event':
        for (const listener of listeners.get(message.name) ?? []) listener(message.value)
        return
      default:
        return
    }
  }

  const close = () => {
    if (closed) return
    closed = true
    const gone = new AppError('engine-crashed', 'the engine is not there any more')
    for (const call of calls.values()) call.reject(gone)
    for (const watch of watches.values()) watch.onError(gone)
    calls.clear()
    watches.clear()
  }

  channel.onMessage(onMessage)
  channel.onClose(close)

  return {
    call<N extends CallName>(name: N, input: InputOf<N>, options: { signal?: CancelSignal } = {}) {
      return new Promise<OutputOf<N>>((resolve, reject) => {
        if (closed) return reject(new AppError('engine-crashed', 'the engine is not there any more'))
        const { signal } = options
        if (signal?.aborted) return reject(new AppError('cancelled', 'cancelled before it began'))
        const id = nextId++
        const cancel = () => channel.send({ type: 'cancel', id })
        const done = () => signal?.removeEventListener('abort', cancel)
        signal?.addEventListener('abort', cancel)
        calls.set(id, {
          resolve: value => {
            done()
            resolve(value as OutputOf<N>)
          },
          reject: error => {
            done()
            reject(error)
          },
        })
        channel.send({ type: 'call', id, name, input })
      })
    },
    watch<N extends WatchName>(name: N, input: InputOf<N>, onValue: (value: OutputOf<N>) => void, onError: (error: unknown) => void = () => {}) {
      const id = nextId++
      watches.set(id, { onValue: onValue as (value: unknown) => void, onError })
      channel.send({ type: 'watch', id, name, input })
      return () => {
        if (watches.delete(id) && !closed) channel.send({ type: 'unwatch', id })
      }
    },
    on<N extends EventName>(name: N, listener: (value: OutputOf<N>) => void) {
      const set = listeners.get(name) ?? new Set()
      listeners.set(name, set)
      set.add(listener as (value: unknown) => void)
      return () => set.delete(listener as (value: unknown) => void)
    },
    close,
  }
}
