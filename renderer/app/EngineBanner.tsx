import { CircleAlert, CircleCheck, FlaskConical, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { EngineState } from '../../main/contract/shell.ts'
import { useText } from '../state/useText.ts'
import { Button } from '../ui/Button.tsx'
import './banner.css'

interface Props {
  engine: EngineState | undefined
  developmentRuntime: boolean
}

/** Says that the engine stopped and came back. What it says stays until it is closed; it is news about a person's mail. */
export function EngineBanner({ engine, developmentRuntime }: Props) {
  const { t } = useText()
  const [seen, setSeen] = useState(0)
  const [noticeClosed, setNoticeClosed] = useState(false)
  const restarts = engine?.restarts ?? 0
  const state = engine?.state

  useEffect(() => {
    if (restarts < seen) setSeen(restarts)
  }, [restarts, seen])

  if (state === 'crashed')
    return (
      <p className="banner" data-look="warn" role="status">
        <CircleAlert className="icon" size={15} aria-hidden="true" />
        {t('engine.crashed')}
      </p>
    )
  if ((state === 'restarted' || state === 'ready') && restarts > seen)
    return (
      <div className="banner" role="status">
        <CircleCheck className="icon" size={15} aria-hidden="true" />
        <p>{t('engine.restarted')}</p>
        <Button look="quiet" icon={X} aria-label={t('common.close')} onPress={() => setSeen(restarts)} />
      </div>
    )
  if (developmentRuntime && !noticeClosed)
    return (
      <div className="banner" data-look="plain" role="status">
        <FlaskConical className="icon" size={14} aria-hidden="true" />
        <p>{t('engine.developmentRuntime')}</p>
        <Button look="quiet" icon={X} aria-label={t('common.close')} onPress={() => setNoticeClosed(true)} />
      </div>
    )
  return null
}
