import { Languages } from 'lucide-react'
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import type { Language } from '../../main/contract/shell.ts'
import { useDoors } from '../state/engine.ts'
import { useView, view } from '../state/view.ts'
import { languageNames, languageOrder } from '../text/text.ts'
import { Button } from './Button.tsx'
import './menu.css'

/** Before anything is set up, the language must already be a choice. */
export function LanguageMenu() {
  const { shell } = useDoors()
  const language = useView(state => state.language)
  return (
    <div className="language-menu">
      <MenuTrigger>
        <Button look="quiet" icon={Languages}>
          {languageNames[language]}
        </Button>
        <Popover className="menu-popover" placement="top end">
          <Menu
            className="menu"
            onAction={key => {
              view.setLanguage(key as Language)
              // The window has changed; whether it is remembered is the shell's concern.
              shell.call('app.setLanguage', { language: key as Language }).catch(() => {})
            }}
          >
            {languageOrder.map(id => (
              <MenuItem key={id} id={id} className="menu-item">
                {languageNames[id]}
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
    </div>
  )
}
