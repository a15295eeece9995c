import { ToggleButton } from 'react-aria-components/ToggleButton'
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup'
import './segments.css'

interface Props<T extends string> {
  label: string
  options: readonly { id: T; label: string }[]
  value: T
  onChange(value: NoInfer<T>): void
}

/** One of a few, side by side. */
export function Segments<T extends string>({ label, options, value, onChange }: Props<T>) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      className="segments"
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={keys => {
        const [key] = keys
        if (key !== undefined) onChange(key as T)
      }}
    >
      {options.map(option => (
        <ToggleButton key={option.id} id={option.id} className="segment">
          {option.label}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}
