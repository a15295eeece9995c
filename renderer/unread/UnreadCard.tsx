import type { ArchiveStatus } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'
import { Button } from '../ui/Button.tsx'

interface Props {
  status: ArchiveStatus
  text: Text
  onShow(): void
}

/** What searches cannot look into, by reason; nothing where there is nothing to say. */
export function UnreadCard({ status: { attachmentsWaiting, attachmentsUnread }, text, onShow }: Props) {
  const { t, plural } = text
  if (attachmentsWaiting === 0 && attachmentsUnread.length === 0) return null
  return (
    <section className="week">
      <h2>{t('unread.title')}</h2>
      {attachmentsWaiting > 0 && <p>{plural('unread.waiting', attachmentsWaiting)}</p>}
      {attachmentsUnread.length > 0 && (
        <>
          <p>{t('unread.intro')}</p>
          <ul className="num">
            {attachmentsUnread.map(({ reason, count }) => (
              <li key={reason}>{plural(`unread.why.${reason}`, count)}</li>
            ))}
          </ul>
          <Button onPress={onShow}>{t('unread.show')}</Button>
        </>
      )}
    </section>
  )
}
