/** The renderer's two doors: the engine (mail) and the shell (desktop). Only screens and state use them; components get props. */
import { createContext, useContext } from 'react'
import { type Bridge, type ShellClient, shellClient } from '../../main/contract/bridge.ts'
import { clientOver } from '../../main/contract/client.ts'
import type { EngineClient } from '../../main/contract/contract.ts'

export interface Doors {
  engine: EngineClient
  shell: ShellClient
  platform: Bridge['platform']
}

/** Over the preload's bridge. The shell answers for an engine that is gone and resumes watches by itself, so this channel never closes. */
export function doorsOver(bridge: Bridge): Doors {
  const engine = clientOver({
    send: message => bridge.engine.send(message),
    onMessage: listener => void bridge.engine.onMessage(listener),
    onClose: () => {},
    close: () => {},
  })
  return { engine, shell: shellClient(bridge), platform: bridge.platform }
}

const Context = createContext<Doors | null>(null)
export const DoorsProvider = Context.Provider

export function useDoors(): Doors {
  const doors = useContext(Context)
  if (!doors) throw new Error('no doors: the tree must stand inside DoorsProvider')
  return doors
}
