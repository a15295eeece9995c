import { MailOpen } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Attachment } from '../../main/contract/types.ts'
import { fileNameOf } from '../reader/fileName.ts'
import { MessageReader, type Mode } from '../reader/MessageReader.tsx'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useCall } from '../state/useCall.ts'
import { useText } from '../state/useText.ts'
import { useView } from '../state/view.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'

/** The selected message. The one before stays until the next has come, so that walking through the list does not flicker. */
export function ReaderPane() {
  const { engine, shell } = useDoors()
  const text = useText()
  const { t } = text
  const selected = useView(state => state.message)
  const [mode, setMode] = useState<Mode>('html')
  const [saved, setSaved] = useState<{ path: string } | null>(null)
  const message = selected && { archive: selected.archive, message: selected.id }
  const shown = useCall('message.show', message)
  const headers = useCall('message.headers', mode === 'headers' ? message : null)
  const [held, setHeld] = useState(shown.value)

  useEffect(() => {
    if (shown.value) setHeld(shown.value)
  }, [shown.value])

  const saving = useAction(async (attachment: Attachment | null) => {
    if (!message || !held) return
    setSaved(null)
    const name = attachment ? attachment.name : fileNameOf(held.summary.subject, held.summary.sortTime)
    const { path } = await shell.call('dialog.saveFile', { name: name.slice(0, 200) || 'attachment' })
    if (path === null) return
    setSaved(
      attachment
        ? await engine.call('attachment.save', { ...message, index: attachment.index, to: path })
        : await engine.call('message.save', { ...message, to: path }),
    )
  })
  const desktop = useAction((work: () => Promise<unknown>) => work())

  // biome-ignore lint/correctness/useExhaustiveDependencies: another message has nothing saved yet
  useEffect(() => {
    setSaved(null)
    saving.clear()
    desktop.clear()
  }, [selected?.id])

  const view = selected === null ? undefined : (shown.value ?? held)
  return (
    <section className="pane-reader" aria-label={t('reader.label')} data-pane="reader">
      {selected === null && <EmptyState icon={MailOpen} title={t('reader.empty')} hint={t('reader.emptyHint')} />}
      {selected !== null && shown.error && (
        <div className="reader-strip">
          <ErrorNote error={shown.error} text={text} onRetry={shown.reload} />
        </div>
      )}
      {selected !== null && !shown.error && view && (
        <MessageReader
          key={view.summary.id}
          view={view}
          headers={headers.value?.headers}
          headersError={headers.error}
          mode={mode}
          text={text}
          saved={saved}
          saveError={saving.error ?? desktop.error}
          onMode={setMode}
          onSave={() => saving.run(null)}
          onSaveAttachment={attachment => saving.run(attachment)}
          onReveal={path => desktop.run(() => shell.call('path.reveal', { path }))}
          onLink={url => desktop.run(() => shell.call('link.open', { url }))}
          onCopy={copied => desktop.run(() => shell.call('clipboard.write', { text: copied }))}
        />
      )}
    </section>
  )
}
