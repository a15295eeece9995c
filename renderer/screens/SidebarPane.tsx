import type { ArchiveSummary, Mailbox } from '../../main/contract/types.ts'
import { Sidebar } from '../sidebar/Sidebar.tsx'
import { useDoors } from '../state/engine.ts'
import { useText } from '../state/useText.ts'
import { useView, view } from '../state/view.ts'

interface Props {
  archives: readonly ArchiveSummary[]
  mailboxes: ReadonlyMap<string, readonly Mailbox[]>
  canLock: boolean
  onLock(): void
}

export function SidebarPane({ archives, mailboxes, canLock, onLock }: Props) {
  const text = useText()
  const { engine } = useDoors()
  const archive = useView(state => state.archive)
  const place = useView(state => state.place)
  const collapsed = useView(state => state.collapsed)

  return (
    <Sidebar
      archives={archives}
      mailboxes={mailboxes}
      selected={archive === null ? null : { archive, place }}
      collapsed={collapsed}
      text={text}
      canLock={canLock}
      onSelect={selected => view.go(selected.archive, selected.place)}
      onCollapse={view.setCollapsed}
      onAdd={choice => {
        if (choice !== 'demo') return view.openDialog({ name: choice })
        // Its progress, and its failure, show in the status bar like those of every job.
        view.setActivity(true)
        engine.call('job.demo', {}).catch(() => {})
      }}
      onSettings={() => view.openDialog({ name: 'settings' })}
      onLock={onLock}
    />
  )
}
