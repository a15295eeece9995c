import { CircleAlert } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { PlainError } from '../../main/contract/errors.ts'
import { asAppError } from '../state/asAppError.ts'
import { errorSentences, inARow } from '../text/errors/sentences.ts'
import type { Text } from '../text/text.ts'
import { Button } from './Button.tsx'
import './errorNote.css'

interface Props {
  error: PlainError | unknown
  text: Text
  /** One line, for rows of a list. */
  compact?: boolean
  onRetry?(): void
}

/** What happened, what is safe, what to do: three sentences, and the technical line for those who want it. */
export function ErrorNote({ error, text, compact, onRetry }: Props) {
  const plain = isPlain(error) ? error : asAppError(error)
  const { what, safe, act } = errorSentences(text.language, plain.code, plain.facts)
  const note = useRef<HTMLDivElement>(null)
  // At the end of a long form it would be out of sight.
  useEffect(() => {
    if (note.current?.closest('.sheet')) note.current.scrollIntoView({ block: 'nearest' })
  }, [])
  if (compact) return <p className="error-compact">{inARow(text.language, what, safe, act)}</p>
  return (
    <div ref={note} className="error-note" role="alert" data-code={plain.code}>
      <CircleAlert className="icon" size={17} aria-hidden="true" />
      <div>
        <p className="error-what">{what}</p>
        <p>{inARow(text.language, safe, act)}</p>
        {plain.message && (
          <details className="error-technical">
            <summary>{text.t('common.technical')}</summary>
            <p className="mono selectable">
              {plain.code}: {plain.message}
            </p>
          </details>
        )}
        {onRetry && (
          <div className="error-actions">
            <Button onPress={onRetry}>{text.t('common.retry')}</Button>
          </div>
        )}
      </div>
    </div>
  )
}

const isPlain = (error: unknown): error is PlainError => typeof error === 'object' && error !== null && 'code' in error && 'facts' in error
