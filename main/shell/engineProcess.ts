/** The engine as a process: one small interface; utilityProcess.ts and nodeProcess.ts are the two ways to start it. */
import type { FromEngine, ToEngine } from '../contract/transport.ts'

export type Transport = 'utilityProcess' | 'child_process'

export interface EngineProcess {
  readonly pid: number | undefined
  send(message: ToEngine): void
  onMessage(listener: (message: FromEngine) => void): void
  /** Once, however it ended; `how` is for the log. */
  onExit(listener: (how: string) => void): void
  /** Asks it to close everything and end. */
  close(): void
  /** Ends it at once. */
  kill(): void
}

/** The SQLite driver needs this; below it it does not fail, it crashes the process. Node 22.14 and Electron 36 have it. */
export const nodeApiNeeded = 10

/** utilityProcess wherever Electron's own Node is new enough, and always in a packaged app; else a Node beside it (development only). */
export function chooseTransport(runtime: { nodeApi: number; packaged: boolean }): Transport {
  return runtime.packaged || runtime.nodeApi >= nodeApiNeeded ? 'utilityProcess' : 'child_process'
}

/**
 * As the command line starts its engine (scripts/engineFlags.mjs says why). Electron gives V8's options to no process of its own: under utilityProcess
 * the engine's main thread has Chromium's heap, and only its workers have ours.
 */
export const engineFlags = ['--initial-heap-size=24', '--max-semi-space-size=2', '--v8-pool-size=1']

/** Without what would make the child another program, or one with options of somebody else's; with what keeps the C library from hoarding freed memory. */
export function engineEnvironment(): NodeJS.ProcessEnv {
  const { ELECTRON_RUN_AS_NODE: _run, NODE_OPTIONS: _options, ...env } = process.env
  return process.platform === 'linux' ? { ...allocator, ...env } : env
}

export const allocator = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '262144' }
