import { SearchX } from 'lucide-react'
import { useMemo, useRef } from 'react'
import type { ArchiveSummary, MessageSummary } from '../../main/contract/types.ts'
import { MessageList } from '../list/MessageList.tsx'
import { useSearch } from '../state/useSearch.ts'
import { useText } from '../state/useText.ts'
import type { Selected } from '../state/view.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { focusPane } from '../ui/focusPane.ts'

interface Props {
  archive: ArchiveSummary
  query: string
  selected: Selected | null
  onSelect(row: MessageSummary): void
}

export function SearchResults({ archive, query, selected, onSelect }: Props) {
  const text = useText()
  const { t, plural, format } = text
  const archives = useMemo(() => [archive.id], [archive.id])
  const { rows, count, searching, cut, error, more, retry } = useSearch(archives, query)
  const shiftRef = useRef<(rows: number) => void>(() => {})
  const total = count === null ? rows.length : count.more ? Math.max(count.count, rows.length) : count.count
  const list = useMemo(() => ({ base: 0, rows, total: rows.length, loaded: !searching, error }), [rows, searching, error])
  const title = count === null ? t('list.searching') : plural(count.more ? 'count.resultsMore' : 'count.results', total)

  return (
    <>
      <p className="search-line num" role="status">
        {title}
      </p>
      <MessageList
        view={list}
        listKey={`search ${query}`}
        label={title}
        selectedKey={selected && `${selected.id}:${selected.cursor.placement}`}
        outgoing={false}
        text={text}
        empty={<EmptyState icon={SearchX} title={t('list.noResults')} hint={t('list.noResultsHint')} />}
        foot={cut ? <p className="list-foot">{t('list.cut', { shown: format.number(rows.length) })}</p> : undefined}
        onWant={more}
        onSelect={onSelect}
        onOpen={() => focusPane('reader')}
        onRetry={retry}
        shiftRef={shiftRef}
      />
    </>
  )
}
