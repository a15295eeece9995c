/**
 * Keeps the engine running: starts it, starts it again after a crash (but not for ever), gives it back what it had asked to be kept
 * (the open profile and the jobs under way), and says how it is.
 */
import { performance } from 'node:perf_hooks'
import { AppError, type PlainError, toPlainError } from '../contract/errors.ts'
import type { EngineState } from '../contract/shell.ts'
import type { EngineProcess, Transport } from './engineProcess.ts'
import { type Connection, createRelay } from './relay.ts'

export interface EngineHost {
  connect(...args: Parameters<ReturnType<typeof createRelay>['connect']>): Connection
  state(): EngineState
  /** Returns the function that ends listening. */
  onState(listener: (state: EngineState) => void): () => void
  /** For the day a person says "try again" after `failed`; otherwise does nothing. */
  start(): void
  /** Ends the engine: asks first, and does not wait longer than a few seconds. */
  close(): Promise<void>
  readonly pid: number | undefined
}

export interface EngineHostOptions {
  transport: Transport
  start(): EngineProcess
  /** Known before anything is started: this runtime cannot run the engine. */
  unable?: AppError | null
  log?: (line: string) => void
  limits?: Partial<typeof defaultLimits>
}

const defaultLimits = {
  /** More crashes than this within `crashWindow` ms, and it stays down until a person asks. */
  crashes: 3,
  crashWindow: 60_000,
  /** Before the first new start, ms; doubled for each further crash within the window. */
  pause: 200,
  /** An engine that has said nothing by then, ms, is taken for dead. Opening is quick; a cold disk is not. */
  silence: 60_000,
  /** How long a closing engine may take, ms, to end its writes. What it could not end is repaired at the next opening. */
  closing: 8_000,
}

export function createEngineHost({ transport, start, unable = null, log = () => {}, limits: given = {} }: EngineHostOptions): EngineHost {
  const limits = { ...defaultLimits, ...given }
  const relay = createRelay()
  const listeners = new Set<(state: EngineState) => void>()
  let state: EngineState = { state: 'starting', transport, restarts: 0 }
  let engine: EngineProcess | null = null
  let session = ''
  let crashes: number[] = []
  let closing = false
  let timer: NodeJS.Timeout | undefined

  const say = (next: EngineState['state'], error?: PlainError) => {
    state = { state: next, transport, restarts: state.restarts, ...(error ? { error } : {}) }
    for (const listener of listeners) listener(state)
  }

  const begin = () => {
    if (unable) return fail(toPlainError(unable))
    let running: EngineProcess
    try {
      running = start()
    } catch (error) {
      return fail(toPlainError(error))
    }
    engine = running
    let heard = false
    timer = setTimeout(() => running.kill(), limits.silence)
    running.onMessage(message => {
      if (engine !== running) return
      if (message.type === 'session') {
        session = message.state
        return
      }
      if (message.type === 'ready' && !heard) {
        heard = true
        clearTimeout(timer)
        // Before any question: they expect the profile to be as open as it was.
        if (session !== '') running.send({ type: 'session', state: session })
        relay.up(running.send)
        say(state.restarts > 0 ? 'restarted' : 'ready')
        return
      }
      relay.deliver(message)
    })
    running.onExit(how => {
      if (engine !== running) return
      clearTimeout(timer)
      engine = null
      if (!closing) crashed(how)
    })
  }

  const crashed = (how: string) => {
    log(`the engine ended: ${how}`)
    const now = performance.now()
    crashes = [...crashes.filter(at => now - at < limits.crashWindow), now]
    const error = toPlainError(new AppError('engine-crashed', `the engine ended: ${how}`))
    if (crashes.length > limits.crashes) return fail(error)
    relay.down()
    say('crashed', error)
    timer = setTimeout(
      () => {
        state = { ...state, restarts: state.restarts + 1 }
        begin()
      },
      limits.pause * 2 ** (crashes.length - 1),
    )
  }

  const fail = (error: PlainError) => {
    relay.failed(error)
    say('failed', error)
  }

  begin()

  return {
    connect: send => relay.connect(send),
    state: () => state,
    onState(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    start() {
      if (state.state !== 'failed' || closing) return
      crashes = []
      state = { ...state, restarts: state.restarts + 1 }
      relay.down()
      say('starting')
      begin()
    },
    async close() {
      closing = true
      clearTimeout(timer)
      const last = engine
      if (last === null) return
      await new Promise<void>(resolve => {
        const late = setTimeout(() => {
          last.kill()
          resolve()
        }, limits.closing)
        last.onExit(() => {
          clearTimeout(late)
          resolve()
        })
        last.close()
      })
    },
    get pid() {
      return engine?.pid
    },
  }
}
