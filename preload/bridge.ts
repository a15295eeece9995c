/** The bridge, and nothing but the bridge: puts `window.mailcoffer` (contract/bridge.ts) in front of the renderer. One file that imports only electron. */
import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron'
import type { Bridge } from '../main/contract/bridge.ts'

const bridge: Bridge = {
  engine: {
    send: message => ipcRenderer.send('engine', message),
    onMessage: listener => listen('engine', listener as (value: unknown) => void),
  },
  shell: {
    call: (name, input) => ipcRenderer.invoke('shell', name, input),
    on: (name, listener) => listen(`shell:${name}`, listener),
  },
  platform: process.platform as Bridge['platform'],
}

function listen(channel: string, listener: (value: unknown) => void): () => void {
  // The event itself, with its ports and its sender, stays on this side.
  const onEvent = (_event: IpcRendererEvent, value: unknown) => listener(value)
  ipcRenderer.on(channel, onEvent)
  return () => {
    ipcRenderer.removeListener(channel, onEvent)
  }
}

// A page that was loaded again starts to number its questions from one: what the old page asked is over.
ipcRenderer.send('engine:new-page')
contextBridge.exposeInMainWorld('mailcoffer', bridge)
