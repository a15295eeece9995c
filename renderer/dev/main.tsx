/** The window with a fake engine: /dev/?profile=open&archives=1&lang=pl&theme=dark&jobs=1&delay=3 */
import { createRoot } from 'react-dom/client'
import type { Language, Theme } from '../../main/contract/shell.ts'
import { App } from '../app/App.tsx'
import { DoorsProvider } from '../state/engine.ts'
import '../ui/tokens.css'
import '../ui/base.css'
import { createFakeEngine, type Scene } from './fakeEngine.ts'
import { createFakeShell } from './fakeShell.ts'

const asked = new URLSearchParams(location.search)
const engine = createFakeEngine({
  profile: (asked.get('profile') ?? 'open') as Scene['profile'],
  archives: asked.get('archives') !== '0',
  state: (asked.get('state') ?? 'open') as Scene['state'],
  jobs: asked.has('jobs'),
  delay: Number(asked.get('delay') ?? 2),
})
const restarts = Number(asked.get('restarts') ?? 0)
const shell = createFakeShell((asked.get('lang') ?? 'en') as Language, (asked.get('theme') ?? 'light') as Theme, {
  restarts,
  ...(asked.has('failed') && { state: 'failed', error: { code: 'runtime-too-old', message: 'Node-API 9', facts: {} } }),
})
Object.assign(window, { fakeEngine: engine })
createRoot(document.getElementById('root')!).render(
  <DoorsProvider value={{ engine, shell, platform: 'linux' }}>
    <App />
  </DoorsProvider>,
)
