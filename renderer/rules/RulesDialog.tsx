import { useState } from 'react'
import type { CaptureRules } from '../../main/contract/captureRules.ts'
import type { ArchiveSummary } from '../../main/contract/types.ts'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useCall } from '../state/useCall.ts'
import { useText } from '../state/useText.ts'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Segments } from '../ui/Segments.tsx'
import { Sheet } from '../ui/Sheet.tsx'
import { FolderRules } from './FolderRules.tsx'
import { LimitRules } from './LimitRules.tsx'
import { PauseRules } from './PauseRules.tsx'
import './rules.css'

type Section = 'folders' | 'limits' | 'pause'

/** How an account is captured: which folders, how fast, and whether now. */
export function RulesDialog({ archive, onClose }: { archive: ArchiveSummary; onClose(): void }) {
  const text = useText()
  const { t, format } = text
  const { engine } = useDoors()
  const [section, setSection] = useState<Section>('folders')
  const { value: state, error } = useCall('account.rules', { archive: archive.id })
  const save = useAction(async (change: Partial<CaptureRules>) => {
    await engine.call('account.setRules', { archive: archive.id, change })
    onClose()
  })
  const sections = (['folders', 'limits', 'pause'] as const).map(id => ({ id, label: t(`rules.sections.${id}`) }))
  return (
    <Sheet wide title={t('rules.title', { name: archive.name })} closeLabel={t('common.close')} onClose={onClose}>
      <div className="rules">
        <Segments label={t('rules.title', { name: archive.name })} options={sections} value={section} onChange={setSection} />
        {state?.refused && <p className="form-warning">{t('rules.refused', { time: format.moment(state.refused.at) })}</p>}
        {(error ?? save.error) && <ErrorNote error={error ?? save.error} text={text} />}
        {state && section === 'folders' && <FolderRules state={state} busy={save.busy} text={text} onSave={save.run} onCancel={onClose} />}
        {state && section === 'limits' && <LimitRules state={state} busy={save.busy} text={text} onSave={save.run} onCancel={onClose} />}
        {state && section === 'pause' && (
          <PauseRules state={state} busy={save.busy} text={text} onHold={hold => save.run({ hold })} onCancel={onClose} />
        )}
      </div>
    </Sheet>
  )
}
