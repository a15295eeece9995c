import { X } from 'lucide-react'
import { useState } from 'react'
import type { ArchiveSummary } from '../../main/contract/types.ts'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useText } from '../state/useText.ts'
import { view } from '../state/view.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Field } from '../ui/Field.tsx'
import { Sheet } from '../ui/Sheet.tsx'
import { StepForm } from './StepForm.tsx'
import './import.css'

interface Props {
  archive: ArchiveSummary
  onClose(): void
}

/** Files and folders of other programs, and below which folder of the archive they go. */
export function ImportDialog({ archive, onClose }: Props) {
  const text = useText()
  const { t } = text
  const { engine, shell } = useDoors()
  const [paths, setPaths] = useState<readonly string[]>([])
  const [below, setBelow] = useState(archive.account ? 'Imported' : '')
  const add = (path: string | null) => path !== null && setPaths(before => [...new Set([...before, path])])
  const file = useAction(async () => void add((await shell.call('dialog.openFile', { title: t('import.file') })).path))
  const folder = useAction(async () => void add((await shell.call('dialog.openFolder', { title: t('import.folder') })).path))
  const start = useAction(async () => {
    await engine.call('job.import', { archive: archive.id, paths: [...paths], prefix: below })
    onClose()
    view.setActivity(true)
  })
  const error = start.error ?? file.error ?? folder.error
  return (
    <Sheet title={t('import.title', { name: archive.name })} lead={t('import.lead')} closeLabel={t('common.close')} onClose={onClose}>
      <StepForm
        submit={t('import.submit')}
        cancel={t('common.cancel')}
        busy={start.busy}
        disabled={paths.length === 0}
        onSubmit={start.run}
        onCancel={onClose}
      >
        <div className="field">
          <span className="label">{t('import.what')}</span>
          {paths.length === 0 && <p className="import-none">{t('import.none')}</p>}
          <ul className="import-paths">
            {paths.map(path => (
              <li key={path}>
                <span className="clip" title={path}>
                  {path}
                </span>
                <Button
                  look="quiet"
                  icon={X}
                  title={t('import.remove')}
                  aria-label={t('import.remove')}
                  onPress={() => setPaths(paths.filter(one => one !== path))}
                />
              </li>
            ))}
          </ul>
          <div className="import-add">
            <Button onPress={() => void file.run()}>{t('import.file')}</Button>
            <Button onPress={() => void folder.run()}>{t('import.folder')}</Button>
          </div>
        </div>
        <Field label={t('import.below')} hint={t('import.belowHint')} value={below} onChange={setBelow} />
        {error && <ErrorNote error={error} text={text} />}
      </StepForm>
    </Sheet>
  )
}
