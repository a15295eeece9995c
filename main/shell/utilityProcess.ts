/** The engine under Electron's utilityProcess: what users run. */
import { utilityProcess } from 'electron'
import type { ToEngine } from '../contract/transport.ts'
import { type EngineProcess, engineEnvironment } from './engineProcess.ts'

export function startUtilityProcess(entry: string, args: string[]): EngineProcess {
  const child = utilityProcess.fork(entry, args, { serviceName: 'Mailcoffer engine', stdio: 'inherit', env: engineEnvironment() })
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
