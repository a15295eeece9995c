import type { LucideIcon } from 'lucide-react'
import { Button as AriaButton, type ButtonProps } from 'react-aria-components/Button'
import './button.css'

export interface Props extends Omit<ButtonProps, 'className' | 'children' | 'style'> {
  /** primary: the one thing to do here; plain: everything else; quiet: without a frame, for toolbars; danger: takes something away. */
  look?: 'primary' | 'plain' | 'quiet' | 'danger'
  icon?: LucideIcon
  children?: React.ReactNode
  /** Shown to a hovering pointer. */
  title?: string
  busy?: boolean
}

export function Button({ look = 'plain', icon: Icon, children, title, busy, ...rest }: Props) {
  return (
    <span title={title} className="button-frame">
      <AriaButton {...rest} isPending={busy} className="button" data-look={look} data-icon-only={children === undefined || undefined}>
        {busy ? (
          <span className="spinner" aria-hidden="true" />
        ) : (
          Icon && <Icon className="icon" size={look === 'quiet' ? 17 : 15} aria-hidden="true" />
        )}
        {children}
      </AriaButton>
    </span>
  )
}
