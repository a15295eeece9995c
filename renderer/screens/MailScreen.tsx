import { useEffect } from 'react'
import type { Problem } from '../../main/contract/problems.ts'
import type { ArchiveSummary, Job } from '../../main/contract/types.ts'
import { WarmFrame } from '../reader/HtmlFrame.tsx'
import { placeKey } from '../sidebar/tree.ts'
import { useMailboxes } from '../state/useMailboxes.ts'
import { useText } from '../state/useText.ts'
import { useView, view } from '../state/view.ts'
import { Splitter } from '../ui/Splitter.tsx'
import { ListPane } from './ListPane.tsx'
import { LossPane } from './LossPane.tsx'
import './mail.css'
import { OverviewPane } from './OverviewPane.tsx'
import { ReaderPane } from './ReaderPane.tsx'
import { SidebarPane } from './SidebarPane.tsx'

interface Props {
  archives: readonly ArchiveSummary[]
  jobs: readonly Job[]
  /** What stands in the way of each archive. */
  problems: readonly Problem[]
  /** How many the selected archive holds, once it is known. */
  messages: number | undefined
  canLock: boolean
  onLock(): void
  onDemo(): void
}

/** The three panes. */
export function MailScreen({ archives, jobs, problems, messages, canLock, onLock, onDemo }: Props) {
  const { t } = useText()
  const panes = useView(state => state.panes)
  const selectedArchive = useView(state => state.archive)
  const place = useView(state => state.place)
  const loss = useView(state => state.loss)
  // Asking opens it: an archive that is still closed opens now; one whose folder is not there would only fail.
  const open = archives.filter(one => one.state !== 'missing' && one.state !== 'problem').map(one => one.id)
  const mailboxes = useMailboxes(open)
  const archive = archives.find(one => one.id === selectedArchive)

  // The selected archive was closed, or nothing was selected yet: the first one that can be read.
  useEffect(() => {
    if (archive || archives.length === 0) return
    const first = archives.find(one => one.state === 'open') ?? archives[0]!
    view.go(first.id, null)
  }, [archive, archives])

  const overview = place === 'overview' || archive?.state === 'missing' || archive?.state === 'problem'
  // A small window leaves the message its share.
  const sidebar = `min(${panes.sidebar}px, 22vw)`
  const list = `min(${panes.list}px, 33vw)`
  return (
    <main className="mail" style={{ gridTemplateColumns: `${sidebar} ${overview ? '0' : list} minmax(0, 1fr)` }}>
      <SidebarPane archives={archives} problems={problems} mailboxes={mailboxes} canLock={canLock} onLock={onLock} onDemo={onDemo} />
      <Splitter label={t('panes.sidebar')} at={panes.sidebar} least={176} most={380} left={sidebar} onMove={sidebar => view.setPanes({ sidebar })} />
      {archive && overview && (
        <OverviewPane key={archive.id} archive={archive} mailboxes={mailboxes.get(archive.id)} jobs={jobs} problems={problems} />
      )}
      <WarmFrame title={t('reader.htmlFrame')} />
      {archive && !overview && (
        <>
          {loss === null ? (
            <ListPane archive={archive} archives={archives} place={place} mailboxes={mailboxes.get(archive.id)} messages={messages} jobs={jobs} />
          ) : (
            <LossPane archive={archive} loss={loss} />
          )}
          <Splitter
            label={t('panes.list')}
            at={panes.list}
            least={280}
            most={620}
            left={`calc(${sidebar} + ${list})`}
            onMove={list => view.setPanes({ list })}
          />
          <ReaderPane key={placeKey({ archive: archive.id, place })} mailboxes={mailboxes} />
        </>
      )}
    </main>
  )
}
