import { MessagesSquare } from 'lucide-react'
import { useState } from 'react'
import type { MessageSummary } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'

interface Props {
  messages: readonly MessageSummary[]
  current: string
  text: Text
  onSelect(message: MessageSummary): void
}

/** The other messages of the conversation, wherever in the archive they are; the oldest first. */
export function Conversation({ messages, current, text, onSelect }: Props) {
  const [open, setOpen] = useState(false)
  if (messages.length < 2) return null
  return (
    <div className="conversation">
      <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>
        <MessagesSquare className="icon" size={13} aria-hidden="true" />
        {text.plural('reading.conversation', messages.length)}
      </button>
      {open && (
        <ol>
          {messages.map(message => (
            <li key={message.id}>
              <button type="button" aria-current={message.id === current} disabled={message.id === current} onClick={() => onSelect(message)}>
                <b className="clip">{message.from[0]?.name || message.from[0]?.address || text.t('list.noSender')}</b>
                <span className="clip">{message.snippet || message.subject}</span>
                <span className="num">{message.id === current ? text.t('reading.conversationThis') : text.format.listDate(message.sortTime)}</span>
              </button>
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}
