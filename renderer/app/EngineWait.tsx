import type { EngineState } from '../../main/contract/shell.ts'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useText } from '../state/useText.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Mark } from '../ui/Mark.tsx'
import './wait.css'

interface Props {
  engine: EngineState | undefined
  error: unknown
  onRetry(): void
}

/** Before the engine answers, and where it cannot be started. */
export function EngineWait({ engine, error, onRetry }: Props) {
  const text = useText()
  const { t } = text
  const { shell } = useDoors()
  const start = useAction(() => shell.call('engine.start', {}))
  const failed = engine?.state === 'failed'
  return (
    <main className="wait">
      <Mark size={56} />
      {failed ? (
        <div className="wait-failed">
          <h1>{t('engine.failed')}</h1>
          {engine.error && <ErrorNote error={engine.error} text={text} />}
          {start.error && <ErrorNote error={start.error} text={text} />}
          <Button look="primary" busy={start.busy} onPress={() => start.run()}>
            {t('engine.start')}
          </Button>
        </div>
      ) : error ? (
        <div className="wait-failed">
          <ErrorNote error={error} text={text} onRetry={onRetry} />
        </div>
      ) : (
        <p className="wait-line">{t('engine.starting')}</p>
      )}
    </main>
  )
}
