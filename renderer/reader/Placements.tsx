import { CloudOff, Folder } from 'lucide-react'
import type { MessageView, PlacementInfo } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'

/** Where the message is on the server, and where it was. */
export function Placements({ view, text }: { view: MessageView; text: Text }) {
  const { t, format } = text
  const here = view.placements.filter(placement => placement.gone === null)
  const gone = view.placements.filter(placement => placement.gone !== null)
  if (view.placements.length === 0) return null
  const lastGone = Math.max(...gone.map(placement => placement.gone ?? 0))
  return (
    <div className="placements">
      {here.length > 0 && (
        <p>
          <Folder className="icon" size={13} aria-hidden="true" />
          {t('reader.placements', { names: names(here) })}
        </p>
      )}
      {gone.length > 0 && (
        <p data-gone="true">
          <CloudOff className="icon" size={13} aria-hidden="true" />
          {here.length === 0
            ? t('reader.goneAll', { date: format.day(lastGone) })
            : t('reader.gonePlacements', { date: format.day(lastGone), names: names(gone) })}
        </p>
      )}
    </div>
  )
}

const names = (placements: readonly PlacementInfo[]) => [...new Set(placements.map(placement => placement.mailboxName))].join(', ')
