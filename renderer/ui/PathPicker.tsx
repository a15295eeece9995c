import { FolderOpen } from 'lucide-react'
import { Button } from './Button.tsx'
import './field.css'

interface Props {
  label: string
  path: string | null
  /** What stands there while nothing is chosen. */
  none: string
  hint?: string
  choose: string
  /** Offered when a chosen folder may be given up again. */
  reset?: string
  onChoose(): void
  onReset?(): void
}

/** A folder, chosen in the system's dialog. */
export function PathPicker({ label, path, none, hint, choose, reset, onChoose, onReset }: Props) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is a block of its own layout
    <div className="field" role="group" aria-label={label}>
      <span className="label">{label}</span>
      <div className="picker">
        <span className="picker-value clip" title={path ?? undefined}>
          {path ?? none}
        </span>
        <Button icon={FolderOpen} onPress={onChoose}>
          {choose}
        </Button>
      </div>
      {hint && <span className="hint">{hint}</span>}
      {path !== null && reset && (
        <span>
          <button type="button" className="link" style={{ marginLeft: 0, marginTop: 5 }} onClick={onReset}>
            {reset}
          </button>
        </span>
      )}
    </div>
  )
}
