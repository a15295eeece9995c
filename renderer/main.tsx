import { createRoot } from 'react-dom/client'
import type { Bridge } from '../main/contract/bridge.ts'
import { App } from './app/App.tsx'
import { DoorsProvider, doorsOver } from './state/engine.ts'
import './ui/tokens.css'
import './ui/base.css'
import './ui/forcedColors.css'

declare global {
  interface Window {
    readonly mailcoffer: Bridge
  }
}

const doors = doorsOver(window.mailcoffer)
createRoot(document.getElementById('root')!).render(
  <DoorsProvider value={doors}>
    <App />
  </DoorsProvider>,
)
