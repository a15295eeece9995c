import { isErrorCode } from '../../main/contract/errors.ts'
import type { ArchiveStatus } from '../../main/contract/types.ts'
import { errorSentences } from '../text/errors/sentences.ts'
import type { Text } from '../text/text.ts'
import { Button } from '../ui/Button.tsx'
import './standing.css'

type Row = ArchiveStatus['mailboxes'][number]

const MOST = 100

/** The gaps of one mailbox, each with its reason, when it was tried last, when it will be next, and the way to try it now. */
export function GapList({ row, text, busy, onRetry }: { row: Row; text: Text; busy: boolean; onRetry?: ((uid?: number) => void) | undefined }) {
  const { t, plural, format } = text
  const shown = row.gaps.slice(0, MOST)
  return (
    <div className="gaps">
      <ul>
        {shown.map(gap => (
          <li key={gap.uid}>
            <b className="num">{t('standing.gap.uid', { uid: gap.uid })}</b>
            <span>
              {reason(gap.reason, text)}
              <small>
                {[
                  gap.lastTry !== null && t('standing.gap.lastTry', { time: format.moment(gap.lastTry) }),
                  gap.nextTry === null ? t('standing.gap.noTry') : t('standing.gap.nextTry', { time: format.moment(gap.nextTry) }),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </small>
            </span>
            {onRetry && (
              <Button look="quiet" isDisabled={busy} onPress={() => onRetry(gap.uid)}>
                {t('standing.gap.tryNow')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {row.gapCount > shown.length && <p>{plural('standing.gap.more', row.gapCount - shown.length)}</p>}
      {onRetry && row.gapCount > 1 && (
        <Button isDisabled={busy} onPress={() => onRetry()}>
          {t('standing.gap.tryAll')}
        </Button>
      )}
    </div>
  )
}

const reason = (code: string, { language }: Text) => (isErrorCode(code) ? errorSentences(language, code).what : code)
