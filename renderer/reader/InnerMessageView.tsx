import type { AttachmentPreview, InnerMessage } from '../../main/contract/reading.ts'
import type { Text } from '../text/text.ts'
import { visibleName } from './AttachmentStrip.tsx'
import { HtmlFrame } from './HtmlFrame.tsx'
import { useFrameLook } from './look.ts'
import { PlainText } from './PlainText.tsx'

interface Props {
  message: InnerMessage
  envelope: Extract<AttachmentPreview, { kind: 'message' }>['envelope']
  text: Text
}

/** A message that came within another one. */
export function InnerMessageView({ message, envelope, text }: Props) {
  const { t, format } = text
  const look = useFrameLook(text)
  const names = (people: InnerMessage['from']) => people.map(({ name, address }) => (name ? `${name} <${address}>` : address)).join(', ')
  return (
    <div className="inner">
      {envelope && <p className="form-note">{t(`unread.envelope.${envelope}`)}</p>}
      <dl className="inner-head selectable">
        <dt>{t('reader.from')}</dt>
        <dd>{names(message.from)}</dd>
        <dt>{t('reader.to')}</dt>
        <dd>{names([...message.to, ...message.cc])}</dd>
        {message.date !== null && (
          <>
            <dt>{t('reader.written')}</dt>
            <dd className="num">{format.fullDate(message.date)}</dd>
          </>
        )}
        {message.attachments.length > 0 && (
          <>
            <dt>{t('reading.attachment.attachments')}</dt>
            <dd>{message.attachments.map(({ name }) => visibleName(name)).join(', ')}</dd>
          </>
        )}
      </dl>
      <h2>{message.subject || t('list.noSubject')}</h2>
      {message.html === null ? (
        <PlainText body={message.text} empty={t('reader.noText')} quoted={t('reading.quoted')} zoom={1} onLink={() => {}} />
      ) : (
        <HtmlFrame html={message.html} title={t('reader.htmlFrame')} look={look} />
      )}
    </div>
  )
}
