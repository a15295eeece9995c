import { Label } from 'react-aria-components/Label'
import { Text } from 'react-aria-components/Text'
import { TextArea as Area } from 'react-aria-components/TextArea'
import { TextField } from 'react-aria-components/TextField'
import './field.css'

interface Props {
  label: string
  hint?: string
  value: string
  rows?: number
  onChange(value: string): void
}

/** Several short lines. */
export function TextArea({ label, hint, value, rows = 3, onChange }: Props) {
  return (
    <TextField className="field" value={value} onChange={onChange} spellCheck="false">
      <Label className="label">{label}</Label>
      <Area className="input area" rows={rows} />
      {hint && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
    </TextField>
  )
}
