import { MailOpen } from 'lucide-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Attachment, Mailbox } from '../../main/contract/types.ts'
import { dataUrl } from '../reader/dataUrl.ts'
import { fileNameOf } from '../reader/fileName.ts'
import { useFrameLook } from '../reader/look.ts'
import { MessageReader, type Mode } from '../reader/MessageReader.tsx'
import { paperDocument } from '../reader/paper.ts'
import { PutBack } from '../restore/PutBack.tsx'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useCall } from '../state/useCall.ts'
import { useHoveredLink } from '../state/useHoveredLink.ts'
import { useSource } from '../state/useSource.ts'
import { useText } from '../state/useText.ts'
import { useWatch } from '../state/useWatch.ts'
import { view as screen, useView } from '../state/view.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { AttachmentPane } from './AttachmentPane.tsx'
import { useShown } from './useShown.ts'

const ZOOM = { step: 1.15, least: 0.6, most: 3 }

interface Props {
  /** Of every open archive. */
  mailboxes: ReadonlyMap<string, readonly Mailbox[]>
}

/** The selected message. The one before stays until the next has come, so that walking through the list does not flicker. */
export function ReaderPane({ mailboxes }: Props) {
  const { engine, shell } = useDoors()
  const text = useText()
  const { t } = text
  const selected = useView(state => state.message)
  const { zoom, adapted } = useView(state => state.reading)
  const [mode, setMode] = useState<Mode>('html')
  const [saved, setSaved] = useState<{ path: string; text: string } | null>(null)
  const [attachment, setAttachment] = useState<Attachment | null>(null)
  const [images, setImages] = useState<readonly (string | null)[] | null>(null)
  const message = selected && { archive: selected.archive, message: selected.id }
  const shown = useShown(message)
  const headers = useCall('message.headers', mode === 'headers' ? message : null)
  const source = useSource(mode === 'source' ? message : null)
  const link = useHoveredLink(selected && `${selected.archive} ${selected.id} ${mode}`)
  const paperLook = useFrameLook(text, images ? { images } : {})
  const latest = useRef(shown.value)
  if (shown.value) latest.current = shown.value
  const held = latest.current

  const saving = useAction(async (all: boolean) => {
    if (!message || !held) return
    setSaved(null)
    if (all) {
      const { path } = await shell.call('dialog.openFolder', {})
      if (path === null) return
      const { saved: done, failed } = await engine.call('attachment.saveAll', { ...message, to: path })
      const lost = failed.length > 0 ? `, ${text.plural('reading.notSaved', failed.length)}` : ''
      return setSaved({ path, text: text.plural('reading.savedAll', done.length) + lost })
    }
    const { path } = await shell.call('dialog.saveFile', { name: nameOf('eml') })
    if (path !== null) setSaved({ ...(await engine.call('message.save', { ...message, to: path })), text: t('reader.saved') })
  })
  const loading = useAction(async () => {
    if (!message) return
    const fetched = await shell.call('message.images', message)
    setImages(await Promise.all(fetched.images.map(image => image && dataUrl(image.type, image.bytes))))
  })
  const printing = useAction(async (to: 'printer' | 'pdf') => {
    if (!held || !message) return
    setSaved(null)
    const whole = held.beginning ? await engine.call('message.show', message) : held
    const html = paperDocument(whole, mode === 'html' ? 'html' : 'text', paperLook, text)
    if (to === 'printer') return shell.call('paper.print', { html })
    const { path } = await shell.call('paper.pdf', { html, name: nameOf('pdf') })
    if (path !== null) setSaved({ path, text: t('reader.saved') })
  })
  const desktop = useAction((work: () => Promise<unknown>) => work())
  const { run: onDesktop } = desktop
  const openLink = useCallback((url: string) => void onDesktop(() => shell.call('link.open', { url })), [onDesktop, shell])
  const nameOf = (ending: string) => fileNameOf(held?.summary.subject ?? '', held?.summary.sortTime ?? 0).replace(/eml$/, ending)

  // biome-ignore lint/correctness/useExhaustiveDependencies: another message has nothing saved, loaded or opened yet
  useEffect(() => {
    setSaved(null)
    setImages(null)
    setAttachment(null)
    for (const action of [saving, loading, printing, desktop]) action.clear()
  }, [selected?.id])

  const account = useWatch('archives', {})?.find(({ id }) => id === selected?.archive)?.account
  const possible = account?.protocol === 'imap'
  const view = selected === null ? undefined : held
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
          view={view}
          mailboxes={mailboxes.get(view.summary.archive)}
          headers={headers.value?.headers}
          headersError={headers.error}
          source={source.value}
          sourceError={source.error}
          images={images}
          imagesLoading={loading.busy}
          link={link}
          mode={mode}
          zoom={zoom}
          adapted={adapted}
          text={text}
          saved={saved}
          saveError={saving.error ?? printing.error ?? loading.error ?? desktop.error}
          strip={<PutBack key={`strip ${view.summary.id}`} message={view} possible={possible} text={text} onChanged={shown.reload} />}
          onMode={setMode}
          onSave={() => saving.run(false)}
          onPutBack={() =>
            screen.openDialog({ name: 'restore', archive: view.summary.archive, preset: { which: 'all', messages: [view.summary.id] } })
          }
          onSaveAll={() => saving.run(true)}
          onPrint={() => printing.run('printer')}
          onPdf={() => printing.run('pdf')}
          onZoom={by => screen.setReading({ zoom: by === 0 ? 1 : Math.min(ZOOM.most, Math.max(ZOOM.least, zoom * ZOOM.step ** by)) })}
          onColours={() => screen.setReading({ adapted: !adapted })}
          onAttachment={setAttachment}
          onMessage={({ archive, id, cursor }) => screen.openMessage({ archive, id, cursor })}
          onImages={() => loading.run()}
          onReveal={path => desktop.run(() => shell.call('path.reveal', { path }))}
          onLink={openLink}
          onCopy={copied => desktop.run(() => shell.call('clipboard.write', { text: copied }))}
        />
      )}
      {message && attachment && <AttachmentPane message={message} attachment={attachment} onClose={() => setAttachment(null)} />}
    </section>
  )
}
