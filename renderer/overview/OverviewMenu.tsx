import { Ellipsis, type LucideIcon } from 'lucide-react'
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import type { Text } from '../text/text.ts'
import { Button } from '../ui/Button.tsx'
import '../ui/menu.css'

interface Item {
  id: string
  label: string
  hint?: string
  icon?: LucideIcon
  disabled?: boolean
  run(): void
}

export function OverviewMenu({ items, text: { t } }: { items: readonly Item[]; text: Text }) {
  return (
    <MenuTrigger>
      <Button icon={Ellipsis} aria-label={t('overview.actions')} title={t('overview.actions')} />
      <Popover className="menu-popover" placement="bottom end">
        <Menu
          className="menu"
          disabledKeys={items.filter(item => item.disabled).map(item => item.id)}
          onAction={key => items.find(item => item.id === key)?.run()}
        >
          {items.map(item => (
            <MenuItem key={item.id} id={item.id} className="menu-item" textValue={item.label}>
              <span>
                {item.label}
                {item.hint && (
                  <>
                    <br />
                    <span className="menu-item-hint">{item.hint}</span>
                  </>
                )}
              </span>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
