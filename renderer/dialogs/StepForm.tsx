import type { ReactNode } from 'react'
import { Button } from '../ui/Button.tsx'
import './dialogs.css'

interface Props {
  children: ReactNode
  submit: string
  cancel?: string
  busy?: boolean
  disabled?: boolean
  /** Stands at the left of the buttons. */
  aside?: ReactNode
  onSubmit(): void
  onCancel?(): void
}

/** A form with its buttons at the end; Enter sends it. */
export function StepForm({ children, submit, cancel, busy, disabled, aside, onSubmit, onCancel }: Props) {
  return (
    <form
      className="form"
      noValidate
      onSubmit={event => {
        event.preventDefault()
        if (!busy && !disabled) onSubmit()
      }}
    >
      {children}
      <div className="form-buttons">
        {aside}
        <span className="spring" />
        {cancel && onCancel && <Button onPress={onCancel}>{cancel}</Button>}
        <Button look="primary" type="submit" busy={busy} isDisabled={disabled}>
          {submit}
        </Button>
      </div>
    </form>
  )
}
