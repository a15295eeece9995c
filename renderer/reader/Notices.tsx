import { ImageDown, ImageOff, Link2Off, Radar, ShieldAlert } from 'lucide-react'
import type { MessageView } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'
import { Button } from '../ui/Button.tsx'
import { doubts } from './doubts.ts'

interface Props {
  view: MessageView
  text: Text
  /** Null: not asked for; the images themselves, or null each, once they are there. */
  images: readonly (string | null)[] | null
  loading: boolean
  onImages(): void
}

/** What a reader should know before believing a message: what was left out, which links lie, what the server doubts. */
export function Notices({ view, text, images, loading, onImages }: Props) {
  const { t, plural } = text
  const { links, trackers } = view
  const missing = images?.filter(image => image === null).length ?? 0
  const doubted = doubts(view.authentication)
  return (
    <>
      {doubted !== '' && (
        <p className="reader-notice" data-warn>
          <ShieldAlert className="icon" size={15} aria-hidden="true" />
          <span>{t('reading.authentication.failed', { what: doubted })}</span>
        </p>
      )}
      {links.mismatched > 0 && (
        <p className="reader-notice" data-warn>
          <Link2Off className="icon" size={15} aria-hidden="true" />
          <span>{plural('reading.mismatched', links.mismatched)}</span>
        </p>
      )}
      {links.lookalike > 0 && (
        <p className="reader-notice" data-warn>
          <Link2Off className="icon" size={15} aria-hidden="true" />
          <span>{plural('reading.lookalike', links.lookalike)}</span>
        </p>
      )}
      {view.remoteContentBlocked && images === null && (
        <div className="reader-notice">
          <ImageOff className="icon" size={15} aria-hidden="true" />
          <span>{t('reader.blocked')}</span>
          <span className="spring" />
          {view.remoteImages.length > 0 && (
            <Button look="quiet" icon={ImageDown} busy={loading} title={t('reading.images.hint')} onPress={onImages}>
              {t(loading ? 'reading.images.showing' : 'reading.images.show')}
            </Button>
          )}
        </div>
      )}
      {missing > 0 && (
        <p className="reader-notice">
          <ImageOff className="icon" size={15} aria-hidden="true" />
          <span>{plural('reading.images.missing', missing)}</span>
        </p>
      )}
      {trackers > 0 && (
        <p className="reader-notice">
          <Radar className="icon" size={15} aria-hidden="true" />
          <span>{plural('reading.trackers', trackers)}</span>
        </p>
      )}
    </>
  )
}
