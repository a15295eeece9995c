/** The engine's half of the contract: parses every input strictly, runs its answer, and carries results, errors and values back. */

import { type CallName, contract, type EventName, type Name, type OutputOf, type ParsedOf, type WatchName } from '../contract/contract.ts'
import { AppError, toPlainError } from '../contract/errors.ts'
import type { EngineSide } from '../contract/transport.ts'

export interface CallContext {
  signal: AbortSignal
}
export type CallAnswers = { [N in CallName]: (input: ParsedOf<N>, context: CallContext) => Promise<OutputOf<N>> | OutputOf<N> }
/** A value, or what makes it when it is sent: where it changes more often than anybody is told. */
type Emitted<T> = T | (() => T)
/** Calls `emit` with the present value at once and with every new one; returns the function that ends it. */
export type WatchAnswers = {
  [N in WatchName]: (input: ParsedOf<N>, emit: (value: Emitted<OutputOf<N>>) => void, fail: (error: unknown) => void) => () => void
}

export interface Answers {
  calls: CallAnswers
  watches: WatchAnswers
}

export interface Events {
  emit<N extends EventName>(name: N, value: OutputOf<N>): void
  subscribe(listener: (name: EventName, value: unknown) => void): () => void
}

/** Serves one channel until it closes; everything under way for it is then cancelled. */
export function serve(channel: EngineSide, answers: Answers, events: Events): void {
  const calls = new Map<number, AbortController>()
  const watches = new Map<number, () => void>()
  const fail = (id: number, error: unknown) => channel.send({ type: 'error', id, error: toPlainError(error) })

  const onCall = async (id: number, name: string, input: unknown) => {
    const controller = new AbortController()
    calls.set(id, controller)
    try {
      const answer = answers.calls[callName(name)] as (input: unknown, context: CallContext) => unknown
      const value = await answer(parseInput(name as Name, input), { signal: controller.signal })
      channel.send({ type: 'result', id, value })
    } catch (error) {
      fail(id, error)
    } finally {
      calls.delete(id)
    }
  }

  const onWatch = (id: number, name: string, input: unknown) => {
    try {
      const answer = answers.watches[watchName(name)] as (
        input: unknown,
        emit: (value: unknown) => void,
        fail: (error: unknown) => void,
      ) => () => void
      const paced = pace(value => channel.send({ type: 'value', id, value: typeof value === 'function' ? value() : value }))
      const end = answer(parseInput(name as Name, input), paced.emit, error => fail(id, error))
      watches.set(id, () => {
        paced.end()
        end()
      })
    } catch (error) {
      fail(id, error)
    }
  }

  channel.onMessage(message => {
    switch (message.type) {
      case 'call':
        void onCall(message.id, message.name, message.input)
        return
      case 'cancel':
        calls.get(message.id)?.abort(new AppError('cancelled', 'cancelled by the caller'))
        return
      case 'watch':
        onWatch(message.id, message.name, message.input)
        return
      case 'unwatch':
        watches.get(message.id)?.()
        watches.delete(message.id)
        return
      default:
        return
    }
  })
  const unsubscribe = events.subscribe((name, value) => channel.send({ type: 'event', name, value }))
  channel.onClose(() => {
    unsubscribe()
    for (const call of calls.values()) call.abort(new AppError('cancelled', 'the caller is gone'))
    for (const end of watches.values()) end()
    calls.clear()
    watches.clear()
  })
  channel.send({ type: 'ready' })
}

const PACE_MS = 100 // at most 10 values a second: more than an eye can use, less than a renderer can choke on

/** The first value at once, later ones at most every PACE_MS, and never without the last. */
function pace(send: (value: unknown) => void) {
  let timer: NodeJS.Timeout | null = null
  let waiting: { value: unknown } | null = null
  const flush = () => {
    timer = null
    if (!waiting) return
    send(waiting.value)
    waiting = null
    timer = setTimeout(flush, PACE_MS)
  }
  return {
    emit: (value: unknown) => {
      if (timer) {
        waiting = { value }
        return
      }
      send(value)
      timer = setTimeout(flush, PACE_MS)
    },
    end: () => {
      if (timer) clearTimeout(timer)
      timer = null
      waiting = null
    },
  }
}

function callName(name: string): CallName {
  if (Object.hasOwn(contract, name) && contract[name as Name].kind === 'call') return name as CallName
  throw new AppError('contract-violation', `there is no call ${name}`)
}

function watchName(name: string): WatchName {
  if (Object.hasOwn(contract, name) && contract[name as Name].kind === 'watch') return name as WatchName
  throw new AppError('contract-violation', `there is no watch ${name}`)
}

function parseInput(name: Name, input: unknown): unknown {
  const entry = contract[name]
  if (entry.kind === 'event') throw new AppError('contract-violation', `${name} takes no input`)
  const parsed = entry.input.safeParse(input)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new AppError('invalid-input', `${name}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`, {
    facts: { field: issue?.path.join('.') ?? '', problem: issue?.message ?? '' },
  })
}
