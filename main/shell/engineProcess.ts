/** The engine as a process: one small interface, two ways to start it. */
import { fork } from 'node:child_process'
import { utilityProcess } from 'electron'
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

export function startUtilityProcess(entry: string, args: string[]): EngineProcess {
  const child = utilityProcess.fork(entry, args, { serviceName: 'Mailcoffer engine', stdio: 'inherit', env: cleanEnvironment() })
  return {
    get pid() {
      return child.pid
    },
    send: message => child.postMessage(message),
    onMessage: listener => void child.on('message', listener),
    onExit: listener => void child.once('exit', code => listener(`exit code ${code}`)),
    close: () => child.postMessage({ type: 'close' } satisfies ToEngine),
    kill: () => void child.kill(),
  }
}

export function startChildProcess(node: string, entry: string, args: string[]): EngineProcess {
  const child = fork(entry, args, {
    execPath: node,
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: cleanEnvironment(),
  })
  // A send to a process that has just died also reports here; the exit is what counts.
  let failed: Error | null = null
  child.on('error', error => {
    failed = error
  })
  return {
    get pid() {
      return child.pid
    },
    send: message => {
      if (child.connected) child.send(message)
    },
    onMessage: listener => void child.on('message', message => listener(message as FromEngine)),
    onExit: listener => {
      let told = false
      const tell = (how: string) => {
        if (told) return
        told = true
        listener(how)
      }
      child.once('exit', (code, signal) => tell(signal ? `signal ${signal}` : `exit code ${code}`))
      // A program that could not be started never exits.
      child.once('error', error => {
        if (child.pid === undefined) tell(error.message)
      })
      if (failed !== null && child.pid === undefined) tell(failed.message)
    },
    close: () => {
      if (child.connected) child.send({ type: 'close' } satisfies ToEngine)
    },
    kill: () => void child.kill('SIGKILL'),
  }
}

function cleanEnvironment(): NodeJS.ProcessEnv {
  const { ELECTRON_RUN_AS_NODE: _run, NODE_OPTIONS: _options, ...env } = process.env
  return env
}
