/** The engine under a Node beside Electron: for development on an Electron whose own Node is too old. */
import { fork } from 'node:child_process'
import type { FromEngine, ToEngine } from '../contract/transport.ts'
import { type EngineProcess, engineEnvironment, engineFlags } from './engineProcess.ts'

export function startChildProcess(node: string, entry: string, args: string[]): EngineProcess {
  const child = fork(entry, args, {
    execPath: node,
    execArgv: engineFlags,
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: engineEnvironment(),
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
