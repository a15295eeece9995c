import { useCallback, useMemo, useRef } from 'react'
import type { ArchiveSummary, Job, Mailbox, MessageSummary } from '../../main/contract/types.ts'
import { MessageList } from '../list/MessageList.tsx'
import { mailboxSource } from '../list/rowSource.ts'
import { SearchBox } from '../list/SearchBox.tsx'
import { useMessageRun } from '../list/useMessageRun.ts'
import { mailboxName } from '../sidebar/MailboxLine.tsx'
import { useDoors } from '../state/engine.ts'
import { useText } from '../state/useText.ts'
import { useView, view } from '../state/view.ts'
import { focusPane } from '../ui/focusPane.ts'
import { ListEmpty } from './ListEmpty.tsx'
import { SearchResults } from './SearchResults.tsx'

interface Props {
  archive: ArchiveSummary
  place: number | null | 'overview'
  mailboxes: readonly Mailbox[] | undefined
  /** How many the archive holds, once it is known. */
  messages: number | undefined
  jobs: readonly Job[]
}

/** The list of one mailbox or of all mail, and the search over it. */
export function ListPane({ archive, place, mailboxes, messages, jobs }: Props) {
  const { engine } = useDoors()
  const text = useText()
  const { t } = text
  const query = useView(state => state.query)
  const selected = useView(state => state.message)
  const mailboxId = place === 'overview' ? null : place
  const mailbox = mailboxes?.find(one => one.id === mailboxId)
  const count = (mailboxId === null ? messages : mailbox?.messages) ?? 0
  const source = useMemo(() => mailboxSource(engine, archive.id, mailboxId), [engine, archive.id, mailboxId])
  const shiftRef = useRef<(rows: number) => void>(() => {})
  const [run, list] = useMessageRun(source, archive.id, count, rows => shiftRef.current(rows))
  const title = mailbox ? mailboxName(mailbox, text) : t('sidebar.allMail')
  const select = useCallback((row: MessageSummary) => view.openMessage({ archive: row.archive, id: row.id, cursor: row.cursor }), [])
  const searching = query.trim() !== ''

  return (
    <section className="pane-list" aria-label={t('list.label')} data-pane="list">
      <header className="list-head">
        <SearchBox value={query} placeholder={t('list.searchPlaceholder', { name: archive.name })} label={t('list.search')} onChange={view.search} />
        {!searching && (
          <div className="list-title">
            <h2 className="clip">{title}</h2>
            <span className="num">{list.total > 0 ? text.plural('count.messages', list.total) : ''}</span>
          </div>
        )}
      </header>
      {searching ? (
        <SearchResults archive={archive} query={query} selected={selected} onSelect={select} />
      ) : (
        <MessageList
          view={list}
          listKey={source.key}
          label={title}
          selectedKey={selected && `${selected.id}:${selected.cursor.placement}`}
          outgoing={mailbox?.role === 'sent' || mailbox?.role === 'drafts'}
          text={text}
          empty={<ListEmpty archive={archive} whole={mailboxId === null || (mailboxes?.every(one => one.messages === 0) ?? true)} jobs={jobs} />}
          onWant={run.want}
          onSelect={select}
          onOpen={() => focusPane('reader')}
          onRetry={run.retry}
          shiftRef={shiftRef}
        />
      )}
    </section>
  )
}
