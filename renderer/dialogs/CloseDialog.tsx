import type { ArchiveSummary } from '../../main/contract/types.ts'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useText } from '../state/useText.ts'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Sheet } from '../ui/Sheet.tsx'
import { StepForm } from './StepForm.tsx'

/** Takes an archive out of the list, and says that nothing is deleted. */
export function CloseDialog({ archive, onClose }: { archive: ArchiveSummary; onClose(): void }) {
  const text = useText()
  const { t } = text
  const { engine } = useDoors()
  const remove = useAction(async () => {
    await engine.call('archive.close', { archive: archive.id })
    onClose()
  })
  return (
    <Sheet title={t('overview.closeTitle', { name: archive.name })} closeLabel={t('common.close')} onClose={onClose}>
      <StepForm submit={t('overview.closeAction')} cancel={t('common.cancel')} busy={remove.busy} onSubmit={remove.run} onCancel={onClose}>
        <p className="selectable">{t('overview.closeText', { dir: archive.dir })}</p>
        <p className="form-note">{t('overview.closeAgain')}</p>
        {remove.error && <ErrorNote error={remove.error} text={text} />}
      </StepForm>
    </Sheet>
  )
}
