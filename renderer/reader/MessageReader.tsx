import { Download, ImageOff, Info, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { DialogTrigger } from 'react-aria-components/Dialog'
import type { Attachment, MessageView } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Segments } from '../ui/Segments.tsx'
import { AttachmentStrip } from './AttachmentStrip.tsx'
import { DetailsPopover } from './DetailsPopover.tsx'
import { HtmlFrame } from './HtmlFrame.tsx'
import { People } from './People.tsx'
import { Placements } from './Placements.tsx'
import { PlainText } from './PlainText.tsx'
import './reader.css'

export type Mode = 'html' | 'text' | 'headers'

interface Props {
  view: MessageView
  /** Undefined until asked for and there. */
  headers: string | undefined
  headersError: unknown
  mode: Mode
  text: Text
  /** The last save of this message, said where it was asked for. */
  saved: { path: string } | null
  saveError: unknown
  onMode(mode: Mode): void
  onSave(): void
  onSaveAttachment(attachment: Attachment): void
  onReveal(path: string): void
  onLink(url: string): void
  onCopy(text: string): void
}

export function MessageReader(props: Props) {
  const { view, text, mode, onMode } = props
  const { t, format } = text
  const { summary } = view
  const [detailsOpen, setDetailsOpen] = useState(false)
  const modes: { id: Mode; label: string }[] = [
    ...(view.html === null ? [] : [{ id: 'html' as const, label: t('reader.html') }]),
    { id: 'text', label: t('reader.text') },
    { id: 'headers', label: t('reader.headers') },
  ]
  const shown: Mode = mode === 'html' && view.html === null ? 'text' : mode
  const listed = view.attachments.filter(attachment => !attachment.inline || shown === 'text')

  return (
    <article className="reader" aria-label={summary.subject || t('list.noSubject')}>
      <div className="reader-bar">
        <Segments label={t('reader.view')} options={modes} value={shown} onChange={onMode} />
        <span className="spring" />
        <DialogTrigger isOpen={detailsOpen} onOpenChange={setDetailsOpen}>
          <Button look="quiet" icon={Info} aria-label={t('reader.details')} title={t('reader.details')} />
          <DetailsPopover view={view} text={text} onCopy={props.onCopy} />
        </DialogTrigger>
        <Button look="quiet" icon={Download} aria-label={t('reader.save')} title={t('reader.save')} onPress={props.onSave} />
      </div>
      <header className="reader-head selectable">
        <h1>{summary.subject || t('list.noSubject')}</h1>
        <People view={view} text={text} />
        <time className="reader-date num">{format.fullDate(summary.date ?? summary.sortTime)}</time>
        <Placements view={view} text={text} />
      </header>
      {(props.saved || props.saveError !== undefined) && (
        <div className="reader-strip" aria-live="polite">
          {props.saveError !== undefined ? (
            <ErrorNote error={props.saveError} text={text} />
          ) : (
            props.saved && (
              <p className="reader-saved">
                <span className="clip">
                  {t('reader.saved')}: {props.saved.path}
                </span>
                <Button look="quiet" onPress={() => props.onReveal(props.saved!.path)}>
                  {t('reader.showSaved')}
                </Button>
              </p>
            )
          )}
        </div>
      )}
      {listed.length > 0 && <AttachmentStrip attachments={listed} text={text} onSave={props.onSaveAttachment} />}
      {view.problem && (
        <div className="reader-strip">
          <ErrorNote error={view.problem} text={text} />
        </div>
      )}
      {shown === 'html' && view.remoteContentBlocked && (
        <p className="reader-notice">
          <ImageOff className="icon" size={15} aria-hidden="true" />
          {t('reader.blocked')}
        </p>
      )}
      {view.truncated && shown !== 'headers' && (
        <p className="reader-notice">
          <TriangleAlert className="icon" size={15} aria-hidden="true" />
          {t('reader.truncated')}
        </p>
      )}
      {shown === 'html' && <HtmlFrame html={view.html ?? ''} language={text.language} title={t('reader.htmlFrame')} />}
      {shown === 'text' && <PlainText body={view.text} empty={t('reader.noText')} onLink={props.onLink} />}
      {shown === 'headers' && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text that the keyboard must be able to scroll
        <section className="reader-body selectable" tabIndex={0} aria-label={t('reader.headers')}>
          {props.headersError ? <ErrorNote error={props.headersError} text={text} /> : <pre className="headers mono">{props.headers ?? ''}</pre>}
        </section>
      )}
    </article>
  )
}
