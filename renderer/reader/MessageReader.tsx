import { CloudUpload, Download, Info, TriangleAlert } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { DialogTrigger } from 'react-aria-components/Dialog'
import type { ShellEvent } from '../../main/contract/shell.ts'
import type { Attachment, Mailbox, MessageSummary, MessageView } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Segments } from '../ui/Segments.tsx'
import { AttachmentStrip } from './AttachmentStrip.tsx'
import { ContactCards } from './ContactCards.tsx'
import { Conversation } from './Conversation.tsx'
import { DetailsPopover } from './DetailsPopover.tsx'
import { EventCard } from './EventCard.tsx'
import { HtmlFrame } from './HtmlFrame.tsx'
import { LinkStatus } from './LinkStatus.tsx'
import { useDark, useFrameLook } from './look.ts'
import { Notices } from './Notices.tsx'
import { People } from './People.tsx'
import { Placements } from './Placements.tsx'
import { PlainText } from './PlainText.tsx'
import { type ReaderCommands, ReaderMenu } from './ReaderMenu.tsx'
import './reader.css'

export type Mode = 'html' | 'text' | 'headers' | 'source'

interface Props extends ReaderCommands {
  view: MessageView
  /** Of its archive. */
  mailboxes: readonly Mailbox[] | undefined
  /** Undefined until asked for and there. */
  headers: string | undefined
  headersError: unknown
  /** The bytes as they came, as far as they are shown; undefined until asked for and there. */
  source: { text: string; cut: boolean } | undefined
  sourceError: unknown
  /** Null: not asked for. */
  images: readonly (string | null)[] | null
  imagesLoading: boolean
  link: ShellEvent<'link-hover'> | null
  zoom: number
  /** In the dark: the message's colours turned dark too. */
  adapted: boolean
  mode: Mode
  text: Text
  /** The last save of this message, said where it was asked for. */
  saved: { path: string; text: string } | null
  saveError: unknown
  /** Between the head and the message. */
  strip?: ReactNode
  onMode(mode: Mode): void
  onSave(): void
  onPutBack(): void
  onAttachment(attachment: Attachment): void
  onMessage(message: MessageSummary): void
  onImages(): void
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
    { id: 'source', label: t('reading.source') },
  ]
  const shown: Mode = mode === 'html' && view.html === null ? 'text' : mode
  const look = useFrameLook(text, { adapted: props.adapted, zoom: props.zoom, ...(props.images && { images: props.images }) })
  const dark = useDark()
  const shows = shown === 'html' || shown === 'text'
  // biome-ignore lint/correctness/useExhaustiveDependencies: the details of another message are not asked for yet
  useEffect(() => setDetailsOpen(false), [summary.id])
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
        <Button look="quiet" icon={CloudUpload} aria-label={t('restore.one')} title={t('restore.one')} onPress={props.onPutBack} />
        <Button look="quiet" icon={Download} aria-label={t('reader.save')} title={t('reader.save')} onPress={props.onSave} />
        <ReaderMenu
          text={text}
          several={view.attachments.length > 1}
          adapted={dark ? props.adapted : null}
          onPrint={props.onPrint}
          onPdf={props.onPdf}
          onSaveAll={props.onSaveAll}
          onZoom={props.onZoom}
          onColours={props.onColours}
        />
      </div>
      <header key={`head ${summary.id}`} className="reader-head selectable">
        <h1>{summary.subject || t('list.noSubject')}</h1>
        <People view={view} text={text} />
        <time className="reader-date num">{format.fullDate(summary.date ?? summary.sortTime)}</time>
        <Placements view={view} mailboxes={props.mailboxes} text={text} />
        <Conversation messages={view.conversation} current={summary.id} text={text} onSelect={props.onMessage} />
      </header>
      {props.strip}
      {(props.saved || props.saveError !== undefined) && (
        <div className="reader-strip" aria-live="polite">
          {props.saveError !== undefined ? (
            <ErrorNote error={props.saveError} text={text} />
          ) : (
            props.saved && (
              <p className="reader-saved">
                <span className="clip">
                  {props.saved.text}: {props.saved.path}
                </span>
                <Button look="quiet" onPress={() => props.onReveal(props.saved!.path)}>
                  {t('reader.showSaved')}
                </Button>
              </p>
            )
          )}
        </div>
      )}
      {listed.length > 0 && <AttachmentStrip attachments={listed} text={text} onOpen={props.onAttachment} />}
      {view.problem && (
        <div className="reader-strip">
          <ErrorNote error={view.problem} text={text} />
        </div>
      )}
      {shown === 'html' && <Notices view={view} text={text} images={props.images} loading={props.imagesLoading} onImages={props.onImages} />}
      {shows && (view.events.length > 0 || view.contacts.length > 0) && (
        <div className="mail-cards">
          {view.events.map((event, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: events of one message never move
            <EventCard key={at} event={event} text={text} />
          ))}
          <ContactCards contacts={view.contacts} text={text} />
        </div>
      )}
      {view.truncated && shows && (
        <p className="reader-notice">
          <TriangleAlert className="icon" size={15} aria-hidden="true" />
          {t('reader.truncated')}
        </p>
      )}
      <HtmlFrame
        html={shown === 'html' ? (view.html ?? '') : null}
        id={summary.id}
        beginning={view.beginning === true}
        title={t('reader.htmlFrame')}
        look={look}
      />
      {shown === 'text' && (
        <PlainText
          key={`text ${summary.id}`}
          body={view.text}
          label={t('reader.text')}
          empty={t('reader.noText')}
          quoted={t('reading.quoted')}
          zoom={props.zoom}
          onLink={props.onLink}
        />
      )}
      {shown === 'headers' && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text that the keyboard must be able to scroll
        <section key={`${summary.id} headers`} className="reader-body selectable" tabIndex={0} aria-label={t('reader.headers')}>
          {props.headersError ? <ErrorNote error={props.headersError} text={text} /> : <pre className="headers mono">{props.headers ?? ''}</pre>}
        </section>
      )}
      {shown === 'source' && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text that the keyboard must be able to scroll
        <section key={`${summary.id} source`} className="reader-body selectable" tabIndex={0} aria-label={t('reading.source')}>
          {props.sourceError ? <ErrorNote error={props.sourceError} text={text} /> : <pre className="headers mono">{props.source?.text ?? ''}</pre>}
          {props.source?.cut && <p className="reader-none">{t('reading.sourceCut')}</p>}
        </section>
      )}
      <LinkStatus link={props.link} text={text} />
    </article>
  )
}
