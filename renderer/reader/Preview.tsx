import type { AttachmentPreview } from '../../main/contract/reading.ts'
import type { Text } from '../text/text.ts'
import { ContactCards } from './ContactCards.tsx'
import { EventCard } from './EventCard.tsx'
import { ImageFrame } from './ImageFrame.tsx'
import { InnerMessageView, type OnInner } from './InnerMessageView.tsx'
import { PdfFrame } from './PdfFrame.tsx'

/** What an attachment looks like. Images and PDFs are decoded in frames of their own, without an origin, a network, or a way to the engine. */
export function Preview({ preview, text, onInner }: { preview: AttachmentPreview; text: Text; onInner: OnInner }) {
  const { t } = text
  switch (preview.kind) {
    case 'image':
      return <ImageFrame type={preview.type} bytes={preview.bytes} title={t('reading.attachment.attachments')} />
    case 'pdf':
      return <PdfFrame bytes={preview.bytes} text={text} />
    case 'text':
      return (
        <>
          <pre className="preview-text selectable mono">{preview.text}</pre>
          {preview.truncated && <p className="preview-none">{t('reading.attachment.cut')}</p>}
        </>
      )
    case 'events':
      // biome-ignore lint/suspicious/noArrayIndexKey: events of one file never move
      return preview.events.map((event, at) => <EventCard key={at} event={event} text={text} />)
    case 'contacts':
      return <ContactCards contacts={preview.contacts} text={text} />
    case 'message':
      return <InnerMessageView message={preview.message} envelope={preview.envelope} text={text} onInner={onInner} />
    case 'none':
      return <p className="preview-nothing">{t(`reading.attachment.${preview.why === 'too-large' ? 'tooLarge' : preview.why}`)}</p>
  }
}
