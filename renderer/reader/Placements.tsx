import { CloudOff, Folder } from 'lucide-react'
import type { MessageView } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'
import { placementWords } from './placementWords.ts'

/** Where the message is on the server, and where it was. */
export function Placements({ view, text }: { view: MessageView; text: Text }) {
  const said = placementWords(view.placements, text)
  if (!said) return null
  const Icon = said.gone ? CloudOff : Folder
  return (
    <div className="placements">
      <p data-gone={said.gone || undefined}>
        <Icon className="icon" size={13} aria-hidden="true" />
        {said.words}
      </p>
    </div>
  )
}
