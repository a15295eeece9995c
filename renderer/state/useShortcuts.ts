import { useEffect, useRef } from 'react'
import type { MenuCommand } from '../../main/contract/shell.ts'
import { nextPane } from '../ui/focusPane.ts'
import { useDoors } from './engine.ts'
import { view } from './view.ts'

type Given = Partial<Record<MenuCommand, () => void>>

/** Keys of the window, and what the menu of the shell says: / or Ctrl+F searches, F6 walks through the panes. */
export function useShortcuts(given: Given): void {
  const { shell } = useDoors()
  const latest = useRef(given)
  latest.current = given

  useEffect(() => shell.on('menu', ({ command }) => run(command, latest.current)), [shell])
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.closest('input, textarea, [role="dialog"]') !== null
      if ((event.key === 'f' && (event.ctrlKey || event.metaKey)) || (event.key === '/' && !typing)) {
        if (document.querySelector('[role="dialog"]')) return
        event.preventDefault()
        focusSearch()
      } else if (event.key === 'F6') {
        event.preventDefault()
        nextPane(event.shiftKey)
      }
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [])
}

function run(command: MenuCommand, given: Given) {
  const standard: Given = {
    search: focusSearch,
    settings: () => view.openDialog({ name: 'settings' }),
    about: () => view.openDialog({ name: 'settings' }),
    'next-pane': () => nextPane(false),
    'previous-pane': () => nextPane(true),
    'add-archive': () => view.openDialog({ name: 'create' }),
    'open-archive': () => view.openDialog({ name: 'open' }),
  }
  ;(given[command] ?? standard[command])?.()
}

function focusSearch() {
  const input = document.querySelector<HTMLInputElement>('[data-search]')
  input?.focus()
  input?.select()
}
