import { Check } from 'lucide-react'
import './steps.css'

/** Where one is in a row of steps. */
export function Steps({ names, at }: { names: readonly string[]; at: number }) {
  return (
    <ol className="steps">
      {names.map((name, index) => (
        <li key={name} data-state={index < at ? 'done' : index === at ? 'now' : 'next'} aria-current={index === at ? 'step' : undefined}>
          <span className="step-mark" aria-hidden="true">
            {index < at ? <Check size={11} strokeWidth={3} /> : index + 1}
          </span>
          {name}
        </li>
      ))}
    </ol>
  )
}
