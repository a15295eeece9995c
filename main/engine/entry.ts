/**
 * The engine as a process of its own, under Electron's utilityProcess or as a Node child process. `--profile=DIR` says where the profile is.
 * It ends when whoever started it is gone, so it never outlives the app.
 */
import { AppError, toPlainError } from '../contract/errors.ts'
import type { EngineSide, FromEngine, ToEngine } from '../contract/transport.ts'
import { missingPrimitive } from './base/primitives.ts'

interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
}

const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort
const transport = parentPort ? 'utilityProcess' : 'child_process'

const channel = parentPort ? overParentPort(parentPort) : overProcess()
const profileDir = process.argv.find(arg => arg.startsWith('--profile='))?.slice('--profile='.length)
if (!profileDir) throw new Error('entry: --profile=DIR is missing')

const missing = missingPrimitive()
if (missing) refuse(channel, missing)
else await start(profileDir)

async function start(dir: string) {
  // Imported late: on a runtime whose Node-API is too old the SQLite addon does not fail, it crashes the process.
  const { createEngine } = await import('./engine.ts')
  const engine = createEngine({ profileDir: dir, transport, watch: true })
  engine.serve(channel)
  channel.onClose(() => {
    void engine.close().finally(() => process.exit(0))
  })
}

/** Answers every question with the reason why nothing else can be done. */
function refuse(to: EngineSide, error: AppError) {
  to.onMessage(message => {
    if (message.type === 'call' || message.type === 'watch') to.send({ type: 'error', id: message.id, error: toPlainError(error) })
  })
  to.onClose(() => process.exit(0))
  to.send({ type: 'ready' })
}

function overProcess(): EngineSide {
  if (!process.send) throw new AppError('internal', 'entry: started without a channel')
  return {
    send: (message: FromEngine) => {
      if (process.connected) process.send?.(message)
    },
    onMessage: listener => {
      process.on('message', message => listener(message as ToEngine))
    },
    onClose: listener => {
      process.on('disconnect', listener)
      process.on('message', message => {
        if ((message as ToEngine).type === 'close') listener()
      })
    },
    close: () => process.disconnect?.(),
  }
}

function overParentPort(port: ParentPort): EngineSide {
  // utilityProcess ends this process together with the app; before that the shell says "close".
  return {
    send: message => port.postMessage(message),
    onMessage: listener => port.on('message', ({ data }) => listener(data as ToEngine)),
    onClose: listener =>
      port.on('message', ({ data }) => {
        if ((data as ToEngine).type === 'close') listener()
      }),
    close: () => {},
  }
}
