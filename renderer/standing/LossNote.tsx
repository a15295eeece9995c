import { CloudOff } from 'lucide-react'
import type { LossSummary } from '../../main/contract/losses.ts'
import type { Text } from '../text/text.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { leftOutNames, lossSentence } from './lossText.ts'
import './standing.css'

interface Props {
  loss: LossSummary
  archiveName: string
  text: Text
  busy: boolean
  error: unknown
  /** Its messages are on the screen already. */
  shown: boolean
  onShow(): void
  onRestore(): void
  onAnswer(answer: 'seen' | 'intended'): void
}

/** Much disappeared from the server. Stays until a person has said something of it. */
export function LossNote({ loss, archiveName, text, busy, error, shown, onShow, onRestore, onAnswer }: Props) {
  const { t, format } = text
  return (
    <section className="loss-note" role="alert" aria-label={t('standing.loss.label')}>
      <CloudOff className="icon" size={18} aria-hidden="true" />
      <div className="loss-words">
        <b>{lossSentence(loss, archiveName, text)}</b>
        <p>
          {format.moment(loss.at)} · {t('standing.loss.safe')} {loss.returned > 0 && t('standing.loss.back', { n: format.number(loss.returned) })}
        </p>
        {loss.leftOut && <p>{t('standing.loss.leftOut', { where: leftOutNames(loss.leftOut, text) })}</p>}
        {error !== undefined && <ErrorNote error={error} text={text} />}
      </div>
      <div className="loss-actions">
        {!shown && (
          <Button look="primary" onPress={onShow}>
            {t('standing.loss.show')}
          </Button>
        )}
        <Button onPress={onRestore}>{t('standing.loss.restore')}</Button>
        <Button title={t('standing.loss.intendedHint')} isDisabled={busy} onPress={() => onAnswer('intended')}>
          {t('standing.loss.intended')}
        </Button>
        {loss.answer === null && (
          <Button look="quiet" title={t('standing.loss.seenHint')} isDisabled={busy} onPress={() => onAnswer('seen')}>
            {t('standing.loss.seen')}
          </Button>
        )}
      </div>
    </section>
  )
}
