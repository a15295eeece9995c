import { ArrowLeft, TriangleAlert } from 'lucide-react'
import type { AttachmentPreview, AttachmentReport } from '../../main/contract/reading.ts'
import type { Attachment } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Sheet } from '../ui/Sheet.tsx'
import { visibleName } from './AttachmentStrip.tsx'
import { Preview } from './Preview.tsx'
import './attachment.css'

interface Props {
  attachment: Pick<Attachment, 'name' | 'type' | 'size'>
  preview: AttachmentPreview | undefined
  report: AttachmentReport | undefined
  /** Of looking at it, of saving it, of opening it. */
  error: unknown
  /** What came of the last thing done with it. */
  said: string
  busy: boolean
  text: Text
  onSave(): void
  onOpen(): void
  /** One that came in the message that this one is. */
  onInner(attachment: Pick<Attachment, 'index' | 'name' | 'type' | 'size'>): void
  /** To what this one came in; undefined where that is the message itself. */
  onBack: (() => void) | undefined
  onClose(): void
}

/** One attachment, shown as far as that is safe, with what is dangerous about it. */
export function AttachmentSheet({ attachment, preview, report, error, said, busy, text, onSave, onOpen, onInner, onBack, onClose }: Props) {
  const { t, format } = text
  const dangers = report?.dangers ?? []
  return (
    <Sheet
      title={visibleName(attachment.name)}
      lead={`${report?.really ?? attachment.type}, ${format.bytes(attachment.size)}`}
      closeLabel={t('common.close')}
      wide
      onClose={onClose}
      footer={
        <>
          {onBack && (
            <Button look="quiet" icon={ArrowLeft} onPress={onBack}>
              {t('common.back')}
            </Button>
          )}
          <span className="attachment-said" aria-live="polite">
            {said}
          </span>
          {!dangers.includes('executable') && report && (
            <Button onPress={onOpen} busy={busy}>
              {t('reading.attachment.open')}
            </Button>
          )}
          <Button look="primary" onPress={onSave}>
            {t('reading.attachment.save')}
          </Button>
        </>
      }
    >
      <div className="attachment-room" aria-busy={!preview && error === undefined}>
        {dangers.length > 0 && (
          <ul className="dangers">
            {dangers.map(danger => (
              <li key={danger}>
                <TriangleAlert className="icon" size={15} aria-hidden="true" />
                {t(`reading.attachment.danger.${danger}`)}
              </li>
            ))}
            {dangers.includes('executable') && <li>{t('reading.attachment.refused')}</li>}
          </ul>
        )}
        {error !== undefined && <ErrorNote error={error} text={text} />}
        {preview && <Preview preview={preview} text={text} onInner={onInner} />}
      </div>
    </Sheet>
  )
}
