import { Ellipsis } from 'lucide-react'
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import type { Text } from '../text/text.ts'
import { Button } from '../ui/Button.tsx'
import '../ui/menu.css'

interface Item {
  id: string
  label: string
  hint?: string
  disabled?: boolean
  run(): void
}

interface Props {
  items: readonly Item[]
  text: Text
  /** What it is of, where that is not plain from its place. */
  label?: string
  quiet?: boolean
}

export function OverviewMenu({ items, text: { t }, label = t('overview.actions'), quiet }: Props) {
  return (
    <MenuTrigger>
      <Button {...(quiet && { look: 'quiet' as const })} icon={Ellipsis} aria-label={label} title={label} />
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
