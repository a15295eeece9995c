import { useEffect } from 'react'
import { useView } from './view.ts'

/** Marks the document dark or light: as the person chose, else as the system says, also when it changes its mind. */
export function useTheme(): void {
  const theme = useView(state => state.theme)
  const language = useView(state => state.language)

  useEffect(() => {
    const system = matchMedia('(prefers-color-scheme: dark)')
    const apply = () => document.documentElement.toggleAttribute('data-dark', theme === 'dark' || (theme === 'system' && system.matches))
    apply()
    system.addEventListener('change', apply)
    return () => system.removeEventListener('change', apply)
  }, [theme])

  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : language
  }, [language])
}
