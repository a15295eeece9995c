import { Check as CheckIcon } from 'lucide-react'
import { Checkbox } from 'react-aria-components/Checkbox'
import './field.css'

interface Props {
  label: string
  hint?: string
  checked: boolean
  disabled?: boolean
  onChange(checked: boolean): void
}

export function Check({ label, hint, checked, disabled, onChange }: Props) {
  return (
    <Checkbox className="check" isSelected={checked} isDisabled={disabled} onChange={onChange}>
      <span className="check-box" aria-hidden="true">
        <CheckIcon size={12} strokeWidth={3} />
      </span>
      <span className="check-text">
        {label}
        {hint && <small>{hint}</small>}
      </span>
    </Checkbox>
  )
}
