import { I18nProvider } from 'react-aria-components/I18nProvider'
import { useBoot } from '../state/useBoot.ts'
import { useRemembered } from '../state/useRemembered.ts'
import { useTheme } from '../state/useTheme.ts'
import { useView } from '../state/view.ts'
import { EngineBanner } from './EngineBanner.tsx'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import './app.css'
import { Router } from './Router.tsx'

const locales = { en: 'en-US', pl: 'pl-PL', de: 'de-DE', zh: 'zh-CN' }

export function App() {
  const language = useView(state => state.language)
  const { about, engine } = useBoot()
  useTheme()
  useRemembered()
  return (
    <I18nProvider locale={locales[language]}>
      <div className="app">
        <EngineBanner engine={engine} developmentRuntime={about?.developmentRuntime ?? false} />
        <ErrorBoundary>{about && <Router engine={engine} />}</ErrorBoundary>
      </div>
    </I18nProvider>
  )
}
