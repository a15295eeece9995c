import { Download, File, FileArchive, FileImage, FileSpreadsheet, FileText, type LucideIcon, Mail } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import type { Attachment } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'

interface Props {
  attachments: readonly Attachment[]
  text: Text
  onSave(attachment: Attachment): void
}

export function AttachmentStrip({ attachments, text, onSave }: Props) {
  return (
    <ul className="attachments" aria-label={text.plural('count.attachments', attachments.length)}>
      {attachments.map(attachment => {
        const Icon = iconOf(attachment.type)
        const label = text.t('reader.saveAttachment', { name: attachment.name })
        return (
          <li key={attachment.index} title={label}>
            <Button className="attachment" aria-label={label} onPress={() => onSave(attachment)}>
              <Icon className="icon" size={17} aria-hidden="true" />
              <span className="clip attachment-name">{attachment.name}</span>
              <span className="attachment-size num">{text.format.bytes(attachment.size)}</span>
              <Download className="icon attachment-save" size={14} aria-hidden="true" />
            </Button>
          </li>
        )
      })}
    </ul>
  )
}

function iconOf(type: string): LucideIcon {
  if (type.startsWith('image/')) return FileImage
  if (type === 'message/rfc822') return Mail
  if (/zip|tar|compressed|7z|rar/.test(type)) return FileArchive
  if (/sheet|excel|csv/.test(type)) return FileSpreadsheet
  if (/pdf|text|word|document/.test(type)) return FileText
  return File
}
