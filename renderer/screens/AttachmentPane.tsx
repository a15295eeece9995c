import { useState } from 'react'
import type { Attachment } from '../../main/contract/types.ts'
import { AttachmentSheet } from '../reader/AttachmentSheet.tsx'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useCall } from '../state/useCall.ts'
import { useText } from '../state/useText.ts'

type Shown = Pick<Attachment, 'index' | 'name' | 'type' | 'size'>

interface Props {
  message: { archive: string; message: string }
  attachment: Attachment
  onClose(): void
}

/** One attachment over the window: looked at, saved, or opened elsewhere. */
export function AttachmentPane({ message, attachment, onClose }: Props) {
  const { engine, shell } = useDoors()
  const text = useText()
  const { t } = text
  /** From the message's own attachment inwards, as far as a person has gone. */
  const [trail, setTrail] = useState<readonly Shown[]>([attachment])
  const shown = trail.at(-1)!
  const which = { ...message, index: attachment.index, ...(trail.length > 1 && { within: trail.slice(1).map(({ index }) => index) }) }
  const report = useCall('attachment.report', which)
  const preview = useCall('attachment.preview', which)
  const [said, setSaid] = useState('')

  const saving = useAction(async () => {
    const { path } = await shell.call('dialog.saveFile', { name: (report.value?.safeName ?? shown.name).slice(0, 200) || 'attachment' })
    if (path === null) return
    const saved = await engine.call('attachment.save', { ...which, to: path })
    setSaid(`${t('reader.saved')}: ${saved.path}`)
  })
  const opening = useAction(async () => {
    const { opened, refused } = await shell.call('attachment.open', which)
    setSaid(opened ? t('reading.attachment.opened') : refused ? t('reading.attachment.refused') : '')
  })

  const go = (to: readonly Shown[]) => {
    setTrail(to)
    setSaid('')
    saving.clear()
    opening.clear()
  }

  return (
    <AttachmentSheet
      // Another one is another sheet: nothing of the one before stays on the screen.
      key={trail.length}
      attachment={shown}
      preview={preview.value}
      report={report.value}
      error={saving.error ?? opening.error ?? report.error ?? preview.error}
      said={said}
      busy={opening.busy}
      text={text}
      onSave={() => saving.run()}
      onOpen={() => opening.run()}
      onInner={inner => go([...trail, inner])}
      onBack={trail.length > 1 ? () => go(trail.slice(0, -1)) : undefined}
      onClose={onClose}
    />
  )
}
