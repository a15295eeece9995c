import { ProgressBar } from 'react-aria-components/ProgressBar'
import './progress.css'

/** Null: under way, nobody knows how far. */
export function Progress({ label, fraction, paused }: { label: string; fraction: number | null; paused?: boolean }) {
  return (
    <ProgressBar
      aria-label={label}
      className="progress"
      data-paused={paused || undefined}
      isIndeterminate={fraction === null}
      value={fraction ?? 0}
      minValue={0}
      maxValue={1}
    >
      {({ percentage, isIndeterminate }) => <span className="progress-fill" style={{ width: isIndeterminate ? '30%' : `${percentage}%` }} />}
    </ProgressBar>
  )
}
