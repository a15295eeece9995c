import { Copy, Printer, Save } from 'lucide-react'
import { useState } from 'react'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useText } from '../state/useText.ts'
import { Button } from '../ui/Button.tsx'
import { Check } from '../ui/Check.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { groupsOf } from './recoveryGroups.ts'
import { StepForm } from './StepForm.tsx'

interface Props {
  name: string
  code: string
  onDone(): void
}

/** Shows the code, once. It lives in this component only, and is gone with it. */
export function RecoveryStep({ name, code, onDone }: Props) {
  const text = useText()
  const { t, format } = text
  const { shell } = useDoors()
  const [kept, setKept] = useState(false)
  const [copied, setCopied] = useState(false)
  const desktop = useAction((work: () => Promise<unknown>) => work())
  const save = () => {
    const file = t('recovery.fileText', { name, code, date: format.day(Date.now()) })
    return shell.call('file.saveText', { name: t('recovery.fileName'), text: file })
  }

  return (
    <StepForm submit={t('common.continue')} disabled={!kept} onSubmit={onDone}>
      <p className="lead no-print">{t('recovery.lead')}</p>
      <div className="print-only">
        <h1>Mailcoffer</h1>
        <p>
          {name} · {format.day(Date.now())}
        </p>
      </div>
      <div className="code-sheet selectable">
        <ol className="code-groups" aria-label={t('recovery.title')}>
          {groupsOf(code).map((group, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the groups of one code never move
            <li key={index}>
              <i>{index + 1}</i>
              <b>{group}</b>
            </li>
          ))}
        </ol>
      </div>
      <p className="form-note">{t('recovery.sheetNote')}</p>
      <div className="form-buttons no-print">
        <Button icon={Printer} onPress={() => desktop.run(() => shell.call('page.print', {}))}>
          {t('recovery.print')}
        </Button>
        <Button icon={Save} onPress={() => desktop.run(save)}>
          {t('recovery.save')}
        </Button>
        <Button
          icon={Copy}
          onPress={() =>
            desktop.run(async () => {
              await shell.call('clipboard.write', { text: code })
              setCopied(true)
            })
          }
        >
          {copied ? t('common.copied') : t('common.copy')}
        </Button>
      </div>
      <div className="no-print">
        <Check label={t('recovery.kept')} checked={kept} onChange={setKept} />
      </div>
      {desktop.error && <ErrorNote error={desktop.error} text={text} />}
    </StepForm>
  )
}
