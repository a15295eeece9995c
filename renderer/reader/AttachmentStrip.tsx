import { File, FileArchive, FileImage, FileSpreadsheet, FileText, type LucideIcon, Mail, TriangleAlert } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import { nameDangers } from '../../main/contract/attachmentNames.ts'
import type { Attachment } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'

interface Props<A> {
  attachments: readonly A[]
  text: Text
  onOpen(attachment: A): void
}

/** What came with the message. Choosing one shows it; what its name alone gives away is marked here already. */
export function AttachmentStrip<A extends Pick<Attachment, 'index' | 'name' | 'type' | 'size'>>({ attachments, text, onOpen }: Props<A>) {
  return (
    <ul className="attachments" aria-label={text.plural('count.attachments', attachments.length)}>
      {attachments.map(attachment => {
        const dangers = nameDangers(attachment.name)
        const Icon = dangers.length > 0 ? TriangleAlert : iconOf(attachment.type)
        const warnings = dangers.map(danger => text.t(`reading.attachment.danger.${danger}`))
        const preview = text.t('reading.attachment.preview', { name: attachment.name })
        return (
          <li key={attachment.index} title={[preview, ...warnings].join('\n')}>
            <Button className="attachment" data-warn={dangers.length > 0 || undefined} onPress={() => onOpen(attachment)}>
              <Icon
                className="icon"
                size={17}
                {...(warnings.length > 0 ? { role: 'img', 'aria-label': warnings.join(' ') } : { 'aria-hidden': true })}
              />
              <bdi className="clip attachment-name">{visibleName(attachment.name)}</bdi>
              <span className="attachment-size num">{text.format.bytes(attachment.size)}</span>
            </Button>
          </li>
        )
      })}
    </ul>
  )
}

/** Controls that turn the direction of writing are shown as what they are, so that no name reads as another one. */
export const visibleName = (name: string): string => name.replace(/\p{Bidi_Control}/gu, '�').replace(/\s+/g, ' ')

function iconOf(type: string): LucideIcon {
  if (type.startsWith('image/')) return FileImage
  if (type === 'message/rfc822') return Mail
  if (/zip|tar|compressed|7z|rar/.test(type)) return FileArchive
  if (/sheet|excel|csv/.test(type)) return FileSpreadsheet
  if (/pdf|text|word|document/.test(type)) return FileText
  return File
}
