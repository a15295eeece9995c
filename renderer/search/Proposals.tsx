import { Bookmark, ChevronRight, Clock, Database, Folder, User } from 'lucide-react'
import type { SearchProposal } from '../../main/contract/search.ts'
import type { Text } from '../text/text.ts'

interface Props {
  id: string
  proposals: readonly SearchProposal[]
  active: number
  text: Text
  onTake(proposal: SearchProposal): void
}

const icons = {
  operator: ChevronRight,
  value: ChevronRight,
  person: User,
  mailbox: Folder,
  account: Database,
  saved: Bookmark,
  recent: Clock,
} as const

/** What could stand at the end of the query. The field keeps the focus. */
export function Proposals({ id, proposals, active, text, onTake }: Props) {
  const { t } = text
  return (
    <div id={id} className="proposals" role="listbox" aria-label={t('search.proposals')}>
      {proposals.map((proposal, at) => {
        const Icon = icons[proposal.kind]
        const detail = proposal.operator ? t(`search.operator.${proposal.operator}`) : proposal.detail
        return (
          <div
            key={proposal.kind + proposal.query}
            id={`${id}-${at}`}
            role="option"
            tabIndex={-1}
            aria-selected={at === active}
            className="proposal"
            data-active={at === active || undefined}
            onMouseDown={event => {
              event.preventDefault()
              onTake(proposal)
            }}
          >
            <Icon className="icon" size={14} aria-label={t(`search.kind.${proposal.kind}`)} />
            <span className="proposal-label clip">{proposal.label}</span>
            {detail !== '' && <span className="proposal-detail clip">{detail}</span>}
          </div>
        )
      })}
    </div>
  )
}
