import { CloudOff, Folder } from 'lucide-react'
import type { Mailbox, MessageView } from '../../main/contract/types.ts'
import { wholeName } from '../sidebar/wholeName.ts'
import type { Text } from '../text/text.ts'
import { placementWords } from './placementWords.ts'

/** Where the message is on the server, and where it was. */
export function Placements({ view, mailboxes, text }: { view: MessageView; mailboxes: readonly Mailbox[] | undefined; text: Text }) {
  const named = view.placements.map(one => ({ ...one, mailboxName: wholeName(mailboxes, one.mailbox, one.mailboxName, text) }))
  const said = placementWords(named, text)
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
