import { ChevronDown } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import { Label } from 'react-aria-components/Label'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { Select, SelectValue } from 'react-aria-components/Select'
import './field.css'
import './menu.css'

interface Props<T extends string> {
  label: string
  value: T
  options: readonly { id: T; label: string }[]
  onChange(value: NoInfer<T>): void
}

/** One of several, from a list that opens. */
export function Picker<T extends string>({ label, value, options, onChange }: Props<T>) {
  return (
    <Select className="field" selectedKey={value} onSelectionChange={key => key !== null && onChange(key as T)}>
      <Label className="label">{label}</Label>
      <Button className="select-button">
        <SelectValue className="clip" />
        <ChevronDown className="icon" size={15} aria-hidden="true" />
      </Button>
      <Popover className="menu-popover">
        <ListBox className="menu" items={options}>
          {option => (
            <ListBoxItem id={option.id} className="menu-item" textValue={option.label}>
              {option.label}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  )
}
