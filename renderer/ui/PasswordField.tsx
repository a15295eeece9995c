import { Eye, EyeOff } from 'lucide-react'
import { useState } from 'react'
import { Button } from 'react-aria-components/Button'
import { Field, type FieldProps } from './Field.tsx'

interface Props extends Omit<FieldProps, 'type' | 'end'> {
  showLabel: string
  hideLabel: string
}

/** A password that can be looked at while it is typed. */
export function PasswordField({ showLabel, hideLabel, ...field }: Props) {
  const [shown, setShown] = useState(false)
  const Icon = shown ? EyeOff : Eye
  return (
    <Field
      {...field}
      type={shown ? 'text' : 'password'}
      end={
        <Button className="field-eye" aria-label={shown ? hideLabel : showLabel} onPress={() => setShown(!shown)} excludeFromTabOrder>
          <Icon className="icon" size={15} aria-hidden="true" />
        </Button>
      }
    />
  )
}
