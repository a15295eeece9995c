import type { ArchiveSummary } from '../../main/contract/types.ts'
import { StepForm } from '../dialogs/StepForm.tsx'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useText } from '../state/useText.ts'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Sheet } from '../ui/Sheet.tsx'

/** Makes the archive of a copy, and says when not to. */
export function TakeOverDialog({ archive, onClose }: { archive: ArchiveSummary; onClose(): void }) {
  const text = useText()
  const { t } = text
  const { engine } = useDoors()
  const take = useAction(async () => {
    await engine.call('archive.takeOver', { archive: archive.id })
    onClose()
  })
  return (
    <Sheet title={t('copies.takeOverTitle', { name: archive.name })} closeLabel={t('common.close')} onClose={onClose}>
      <StepForm submit={t('copies.takeOverSubmit')} cancel={t('common.cancel')} busy={take.busy} onSubmit={take.run} onCancel={onClose}>
        <p className="selectable">{t('copies.takeOverText', { dir: archive.dir })}</p>
        <p className="form-note">{t('copies.takeOverSafe')}</p>
        {take.error && <ErrorNote error={take.error} text={text} />}
      </StepForm>
    </Sheet>
  )
}
