import type { HTMLInputTypeAttribute, ReactNode } from 'react'
import { FieldError } from 'react-aria-components/FieldError'
import { Input } from 'react-aria-components/Input'
import { Label } from 'react-aria-components/Label'
import { Text } from 'react-aria-components/Text'
import { TextField } from 'react-aria-components/TextField'
import './field.css'

export interface FieldProps {
  label: string
  value: string
  onChange(value: string): void
  onBlur?(): void
  type?: HTMLInputTypeAttribute
  hint?: ReactNode
  /** Said under the field; also marks it. */
  error?: string | null
  placeholder?: string
  autoFocus?: boolean
  required?: boolean
  disabled?: boolean
  readOnly?: boolean
  autoComplete?: string
  mono?: boolean
  name?: string
  /** Inside the frame, at the end. */
  end?: ReactNode
  inputMode?: 'numeric' | 'text' | 'email'
}

export function Field({ label, hint, error, placeholder, end, mono, inputMode, disabled, readOnly, required, ...rest }: FieldProps) {
  return (
    <TextField
      {...rest}
      className="field"
      isDisabled={disabled}
      isReadOnly={readOnly}
      isRequired={required}
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      spellCheck="false"
    >
      <Label className="label">{label}</Label>
      <div className="field-frame">
        <Input className={mono ? 'input mono' : 'input'} placeholder={placeholder} inputMode={inputMode} />
        {end}
      </div>
      {hint && !error && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError className="field-error">{error}</FieldError>
    </TextField>
  )
}
