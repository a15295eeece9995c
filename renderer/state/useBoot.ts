import { useEffect, useState } from 'react'
import type { EngineState, ShellOutput } from '../../main/contract/shell.ts'
import { useDoors } from './engine.ts'
import { view } from './view.ts'

/** What the shell knows at the start (language, theme, runtime), and the engine's state from then on. */
export function useBoot(): { about: ShellOutput<'app.about'> | undefined; engine: EngineState | undefined } {
  const { shell } = useDoors()
  const [about, setAbout] = useState<ShellOutput<'app.about'>>()
  const [engine, setEngine] = useState<EngineState>()

  useEffect(() => {
    let there = true
    const end = shell.on('engine-state', setEngine)
    shell.call('app.about', {}).then(value => {
      if (!there) return
      view.setLanguage(value.language, value.systemLanguages)
      view.setTheme(value.theme)
      setAbout(value)
      setEngine(before => before ?? value.engine)
    })
    return () => {
      there = false
      end()
    }
  }, [shell])

  return { about, engine }
}
