import { Search, SearchX } from 'lucide-react'
import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react'
import type { ArchiveSummary, MessageSummary } from '../../main/contract/types.ts'
import { byDate } from '../list/look.ts'
import type { RowNote } from '../list/MessageRow.tsx'
import type { Selection } from '../list/selection.ts'
import type { AskAhead } from '../search/askAhead.ts'
import { MarkedText } from '../search/MarkedText.tsx'
import { SaveSearch } from '../search/SaveSearch.tsx'
import { SearchRowNote } from '../search/SearchRowNote.tsx'
import { SearchTerms } from '../search/SearchTerms.tsx'
import { type Asked, askedKey } from '../search/searchSource.ts'
import { useSearch } from '../search/useSearch.ts'
import type { useSearches } from '../search/useSearches.ts'
import { useSearchWhy } from '../search/useSearchWhy.ts'
import { useText } from '../state/useText.ts'
import { useView, view } from '../state/view.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { focusPane } from '../ui/focusPane.ts'
import { SelectionBar } from './SelectionBar.tsx'
import { ShownList } from './ShownList.tsx'
import { TimeLinePane } from './TimeLinePane.tsx'

interface Props {
  asked: Asked
  ahead: AskAhead
  archives: readonly ArchiveSummary[]
  searches: ReturnType<typeof useSearches>
  /** How the list is shown. */
  menu: ReactNode
  onQuery(query: string): void
  onSelect(row: MessageSummary): void
}

/** What was found, how the query was understood, and in each visible row why it is there. */
export function SearchResults({ asked, ahead, archives, searches, menu, onQuery, onSelect }: Props) {
  const text = useText()
  const { t, plural } = text
  const shiftRef = useRef<(rows: number) => void>(() => {})
  const goRef = useRef<(index: number) => void>(() => {})
  const look = useView(state => state.look)
  const [selection, setSelection] = useState<Selection | null>(null)
  const { run, source, list, shown, count, counting, countAll, terms, understood } = useSearch(asked, ahead, rows => shiftRef.current(rows))
  const [why, onVisible] = useSearchWhy(shown, asked, list)
  const several = asked.archives.length > 1
  const names = useMemo(() => new Map(archives.map(({ id, name }) => [id, name])), [archives])
  const title = count === null ? t('list.searching') : plural(count.more ? 'count.resultsMore' : 'count.results', count.count)
  const want = useCallback(
    (first: number, last: number) => {
      run.want(first, last)
      onVisible(first, last)
    },
    [run, onVisible],
  )
  const { remember } = searches
  const query = useRef(asked.query)
  query.current = asked.query
  const select = useCallback(
    (row: MessageSummary) => {
      remember(query.current)
      onSelect(row)
    },
    [remember, onSelect],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: made anew whenever what a note says may be another
  const notes = useMemo(() => new Map<string, RowNote | null>(), [why, names, several, text])
  const noteOf = (row: MessageSummary) => {
    const key = `${row.archive} ${row.id}`
    if (!notes.has(key)) notes.set(key, makeNote(row))
    return notes.get(key) ?? null
  }
  const makeNote = (row: MessageSummary): RowNote | null => {
    const found = why.get(row.id)
    const archive = several ? (names.get(row.archive) ?? null) : null
    if (!found) return archive === null ? null : { subject: null, note: <span className="row-archive">{archive}</span> }
    return {
      subject: found.subject.some(({ hit }) => hit) ? <MarkedText marked={found.subject} /> : null,
      note: found.reasons.length > 0 || archive !== null ? <SearchRowNote why={found} archive={archive} standard={row.snippet} text={text} /> : null,
    }
  }

  return (
    <>
      <div className="search-line">
        <div className="search-said">
          <span className="num" role="status">
            {title}
          </span>
          {count?.more && (
            <button type="button" className="search-count" disabled={counting} onClick={countAll}>
              {t(counting ? 'search.counting' : 'search.countAll')}
            </button>
          )}
          {!several && count !== null && count.count > 0 && (
            <button
              type="button"
              className="search-count"
              onClick={() => view.openDialog({ name: 'restore', archive: asked.archives[0]!, preset: { which: 'all', query: asked.query } })}
            >
              {t('restore.action')}
            </button>
          )}
          {!several && count !== null && count.count > 0 && (
            <button
              type="button"
              className="search-count"
              onClick={() => view.openDialog({ name: 'export', archive: asked.archives[0]!, preset: { query: asked.query } })}
            >
              {t('overview.export')}
            </button>
          )}
        </div>
        <SaveSearch query={asked.query.trim()} saved={searches.list.saved} text={text} onSave={searches.save} onForget={searches.forget} />
        {menu}
      </div>
      <SearchTerms terms={terms} text={text} onChange={onQuery} />
      {look.timeline && <TimeLinePane asked={asked} list={list} order={byDate} onQuery={onQuery} goRef={goRef} />}
      {selection && (
        <SelectionBar
          source={source}
          selection={selection}
          order={byDate}
          total={Math.max(list.total, count?.count ?? 0)}
          archive={several ? null : (archives.find(one => one.id === asked.archives[0]) ?? null)}
          whole={{ query: asked.query.trim() }}
          onClear={() => setSelection(null)}
        />
      )}
      <ShownList
        view={list}
        listKey={askedKey(shown)}
        label={title}
        outgoing={false}
        text={text}
        look={look}
        order={byDate}
        selection={selection}
        empty={
          !understood ? null : terms.length > 0 ? (
            <EmptyState icon={SearchX} title={t('list.noResults')} hint={t('search.noResultsHint')} />
          ) : (
            <EmptyState icon={Search} title={t('search.nothingYet')} hint={t('search.helpNote')} />
          )
        }
        noteOf={noteOf}
        onWant={want}
        onSelect={select}
        onSelection={setSelection}
        onLook={view.setLook}
        onOpen={() => focusPane('reader')}
        onExpect={view.expect}
        onRetry={run.retry}
        shiftRef={shiftRef}
        goRef={goRef}
      />
    </>
  )
}
