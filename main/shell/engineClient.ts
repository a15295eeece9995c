/** The shell's own questions to the engine, beside those of the windows: for the tray and the notices. */
import { type ChannelClient, clientOver } from '../contract/client.ts'
import type { FromEngine } from '../contract/transport.ts'
import type { EngineHost } from './engineHost.ts'

/** Its watches go on by themselves after a crash of the engine, as those of a window do. */
export function engineClient(engine: Pick<EngineHost, 'connect'>): ChannelClient {
  let listener: (message: FromEngine) => void = () => {}
  const connection = engine.connect(message => listener(message))
  return clientOver({
    send: message => connection.receive(message),
    onMessage: heard => {
      listener = heard
    },
    onClose: () => {}, // it lives as long as the app
    close: () => connection.close(),
  })
}
