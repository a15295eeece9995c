import { useCallback, useMemo, useRef, useState } from 'react'
import type { ListOrder } from '../../main/contract/order.ts'
import type { ArchiveSummary, Job, Mailbox, MessageSummary } from '../../main/contract/types.ts'
import { ListMenu } from '../list/ListMenu.tsx'
import { byDate, type ListLook } from '../list/look.ts'
import { mailboxSource } from '../list/rowSource.ts'
import type { Selection } from '../list/selection.ts'
import { withRange } from '../list/timeline.ts'
import { useMessageRun } from '../list/useMessageRun.ts'
import { createAskAhead } from '../search/askAhead.ts'
import { SearchBox } from '../search/SearchBox.tsx'
import { SearchHelp } from '../search/SearchHelp.tsx'
import { SearchScope } from '../search/SearchScope.tsx'
import { useSearches } from '../search/useSearches.ts'
import { mailboxName } from '../sidebar/MailboxLine.tsx'
import { useDoors } from '../state/engine.ts'
import { useText } from '../state/useText.ts'
import { useView, view } from '../state/view.ts'
import { Button } from '../ui/Button.tsx'
import { focusPane } from '../ui/focusPane.ts'
import { FolderMenu } from './FolderMenu.tsx'
import { ListEmpty } from './ListEmpty.tsx'
import { SearchResults } from './SearchResults.tsx'
import { SelectionBar } from './SelectionBar.tsx'
import { ShownList } from './ShownList.tsx'
import { TimeLinePane } from './TimeLinePane.tsx'

interface Props {
  archive: ArchiveSummary
  archives: readonly ArchiveSummary[]
  place: number | null | 'overview'
  mailboxes: readonly Mailbox[] | undefined
  /** How many the archive holds, once it is known. */
  messages: number | undefined
  jobs: readonly Job[]
}

/** The list of one mailbox or of all mail, and the search over it. */
export function ListPane({ archive, archives, place, mailboxes, messages, jobs }: Props) {
  const { engine } = useDoors()
  const text = useText()
  const { t } = text
  const query = useView(state => state.query)
  const mailboxId = place === 'overview' ? null : place
  const mailbox = mailboxes?.find(one => one.id === mailboxId)
  const count = (mailboxId === null ? messages : mailbox?.messages) ?? 0
  const look = useView(state => state.look)
  const outgoing = mailbox?.role === 'sent' || mailbox?.role === 'drafts'
  const order = useOrder(look, outgoing)
  const source = useMemo(
    () => mailboxSource(engine, archive.id, mailboxId, order, look.conversations),
    [engine, archive.id, mailboxId, order, look.conversations],
  )
  const goRef = useRef<(index: number) => void>(() => {})
  const [selection, setSelection] = useState<Selection | null>(null)
  /** To the newest message of that day, or, where the oldest are first, to its first. */
  const jump = useCallback(
    async (from: number, until: number) => {
      const { older, newer } = await engine.call('message.position', { archive: archive.id, mailbox: mailboxId, time: order.reverse ? from : until })
      goRef.current(order.reverse ? older : newer)
    },
    [engine, archive.id, mailboxId, order],
  )
  const shiftRef = useRef<(rows: number) => void>(() => {})
  const [run, list] = useMessageRun(source, archive.id, count, rows => shiftRef.current(rows))
  const title = mailbox ? mailboxName(mailbox, text) : t('sidebar.allMail')
  const select = useCallback((row: MessageSummary) => view.openMessage({ archive: row.archive, id: row.id, cursor: row.cursor }), [])
  const searching = query.trim() !== ''
  const open = archives.filter(one => one.state === 'open').map(one => one.id)
  const several = open.length > 1
  const scope = useView(state => state.scope)
  const where = scope === 'all' && several ? 'all' : scope === 'mailbox' && mailboxId !== null ? 'mailbox' : 'archive'
  const openKey = open.join(' ')
  const asked = useMemo(
    () => ({
      archives: where === 'all' ? openKey.split(' ') : [archive.id],
      query,
      mailbox: where === 'mailbox' ? mailboxId : null,
      locale: text.locale,
    }),
    [where, openKey, archive.id, query, mailboxId, text.locale],
  )
  const searches = useSearches(asked.archives)
  const ahead = useMemo(() => createAskAhead(engine), [engine])
  const latest = useRef(asked)
  latest.current = asked
  const search = useCallback(
    (query: string) => {
      ahead.begin({ ...latest.current, query })
      view.search(query)
    },
    [ahead],
  )

  // The same element as before is not drawn again: typing changes nothing of it.
  const menu = useMemo(
    () => (
      <ListMenu
        look={look}
        sortable={!searching}
        outgoing={outgoing}
        text={text}
        onLook={view.setLook}
        onJump={!searching && order.by === 'date' ? day => void jump(day, new Date(day).setDate(new Date(day).getDate() + 1)) : undefined}
      />
    ),
    [look, searching, outgoing, text, order, jump],
  )

  return (
    <section className="pane-list" aria-label={t('list.label')} data-pane="list">
      <header className="list-head">
        <SearchBox
          value={query}
          placeholder={where === 'all' ? t('search.placeholderAll') : t('list.searchPlaceholder', { name: archive.name })}
          text={text}
          onChange={search}
          onSubmit={searches.remember}
          propose={searches.propose}
        >
          <SearchHelp operators={searches.operators} text={text} onTry={search} />
        </SearchBox>
        {searching && <SearchScope value={where} folder={mailboxId !== null} several={several} text={text} onChange={view.setScope} />}
        {!searching && (
          <div className="list-title">
            <h2 className="clip">{title}</h2>
            <span className="num">{list.total > 0 ? text.plural('count.messages', list.total) : ''}</span>
            {menu}
            {archive.state === 'open' && <FolderMenu archive={archive} mailbox={mailbox} text={text} />}
          </div>
        )}
        {!searching && mailbox && mailbox.gone > 0 && archive.account?.protocol === 'imap' && (
          <div className="list-gone">
            <Button
              look="quiet"
              onPress={() => view.openDialog({ name: 'restore', archive: archive.id, preset: { which: 'gone', mailbox: mailbox.id } })}
            >
              {text.plural('restore.goneIn', mailbox.gone)}
            </Button>
          </div>
        )}
      </header>
      {searching ? (
        <SearchResults asked={asked} ahead={ahead} archives={archives} searches={searches} menu={menu} onQuery={search} onSelect={select} />
      ) : (
        <>
          {look.timeline && (
            <TimeLinePane
              archive={archive.id}
              mailbox={mailboxId}
              list={list}
              order={order}
              onJump={(from, until) => void jump(from, until)}
              onRange={range => {
                view.setScope(mailboxId === null ? 'archive' : 'mailbox')
                view.search(withRange('', range))
              }}
            />
          )}
          {selection && (
            <SelectionBar
              source={source}
              selection={selection}
              order={order}
              total={count}
              archive={archive}
              whole={mailboxId === null ? {} : { mailbox: mailboxId }}
              onClear={() => setSelection(null)}
            />
          )}
          <ShownList
            view={list}
            listKey={source.key}
            label={title}
            outgoing={outgoing}
            text={text}
            look={look}
            order={order}
            sortable
            selection={selection}
            empty={<ListEmpty archive={archive} whole={mailboxId === null || (mailboxes?.every(one => one.messages === 0) ?? true)} jobs={jobs} />}
            onWant={run.want}
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
      )}
    </section>
  )
}

/** The senders of what one sent are all one: such a list stands by date then. */
function useOrder({ order }: ListLook, outgoing: boolean): ListOrder {
  const { by, reverse = false } = outgoing && order.by === 'sender' ? byDate : order
  return useMemo(() => ({ by, reverse }), [by, reverse])
}
