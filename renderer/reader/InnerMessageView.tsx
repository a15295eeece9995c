import type { AttachmentPreview, InnerMessage } from '../../main/contract/reading.ts'
import type { Attachment } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'
import { AttachmentStrip } from './AttachmentStrip.tsx'
import { HtmlFrame } from './HtmlFrame.tsx'
import { useFrameLook } from './look.ts'
import { PlainText } from './PlainText.tsx'

interface Props {
  message: InnerMessage
  envelope: Extract<AttachmentPreview, { kind: 'message' }>['envelope']
  text: Text
  onInner: OnInner
}

/** One of its attachments was chosen. */
export type OnInner = (attachment: Pick<Attachment, 'index' | 'name' | 'type' | 'size'>) => void

/** A message that came within another one. */
export function InnerMessageView({ message, envelope, text, onInner }: Props) {
  const { t, format } = text
  const look = useFrameLook(text)
  const listed = message.attachments.map((one, index) => ({ ...one, index })).filter(({ inline }) => !inline || message.html === null)
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
      </dl>
      {listed.length > 0 && <AttachmentStrip attachments={listed} text={text} onOpen={onInner} />}
      <h2>{message.subject || t('list.noSubject')}</h2>
      {message.html === null ? (
        <PlainText body={message.text} label={t('reader.text')} empty={t('reader.noText')} quoted={t('reading.quoted')} zoom={1} onLink={() => {}} />
      ) : (
        <HtmlFrame html={message.html} title={t('reader.htmlFrame')} look={look} />
      )}
    </div>
  )
}
