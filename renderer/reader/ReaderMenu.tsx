import { Ellipsis } from 'lucide-react'
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import type { Text } from '../text/text.ts'
import { Button } from '../ui/Button.tsx'
import '../ui/menu.css'

export interface ReaderCommands {
  onPrint(): void
  onPdf(): void
  onSaveAll(): void
  onZoom(by: 1 | 0 | -1): void
  onColours(): void
}

interface Props extends ReaderCommands {
  text: Text
  /** Has attachments to be saved at once. */
  several: boolean
  /** In the dark: whether the colours are ours now. Null: it is light, and there is nothing to choose. */
  adapted: boolean | null
}

/** What is wanted now and then. */
export function ReaderMenu({ text, several, adapted, onPrint, onPdf, onSaveAll, onZoom, onColours }: Props) {
  const { t } = text
  return (
    <MenuTrigger>
      <Button look="quiet" icon={Ellipsis} aria-label={t('reading.more')} title={t('reading.more')} />
      <Popover className="menu-popover" placement="bottom end">
        <Menu className="menu" aria-label={t('reading.more')}>
          <MenuItem className="menu-item" onAction={onPrint}>
            {t('reading.print')}
          </MenuItem>
          <MenuItem className="menu-item" onAction={onPdf}>
            {t('reading.pdf')}
          </MenuItem>
          {several && (
            <MenuItem className="menu-item" onAction={onSaveAll}>
              {t('reading.saveAll')}
            </MenuItem>
          )}
          <MenuItem className="menu-item" onAction={() => onZoom(1)}>
            {t('reading.larger')}
          </MenuItem>
          <MenuItem className="menu-item" onAction={() => onZoom(-1)}>
            {t('reading.smaller')}
          </MenuItem>
          <MenuItem className="menu-item" onAction={() => onZoom(0)}>
            {t('reading.normalSize')}
          </MenuItem>
          {adapted !== null && (
            <MenuItem className="menu-item" onAction={onColours}>
              {t(adapted ? 'reading.original' : 'reading.adapted')}
            </MenuItem>
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
