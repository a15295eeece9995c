import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import './empty.css'

interface Props {
  icon: LucideIcon
  title: string
  hint?: string
  children?: ReactNode
}

/** What stands where nothing is: what it is, why, and what can be done. */
export function EmptyState({ icon: Icon, title, hint, children }: Props) {
  return (
    <div className="empty">
      <span className="empty-icon">
        <Icon className="icon" size={22} aria-hidden="true" />
      </span>
      <p className="empty-title">{title}</p>
      {hint && <p className="empty-hint">{hint}</p>}
      {children && <div className="empty-actions">{children}</div>}
    </div>
  )
}
