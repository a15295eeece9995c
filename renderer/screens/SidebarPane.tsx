import type { Problem } from '../../main/contract/problems.ts'
import type { ArchiveSummary, Mailbox } from '../../main/contract/types.ts'
import { Sidebar } from '../sidebar/Sidebar.tsx'
import { useText } from '../state/useText.ts'
import { useView, view } from '../state/view.ts'

interface Props {
  archives: readonly ArchiveSummary[]
  problems: readonly Problem[]
  mailboxes: ReadonlyMap<string, readonly Mailbox[]>
  canLock: boolean
  onLock(): void
  onDemo(): void
}

export function SidebarPane({ archives, problems, mailboxes, canLock, onLock, onDemo }: Props) {
  const text = useText()
  const archive = useView(state => state.archive)
  const place = useView(state => state.place)
  const loss = useView(state => state.loss)
  const collapsed = useView(state => state.collapsed)

  return (
    <Sidebar
      archives={archives}
      mailboxes={mailboxes}
      selected={archive === null || loss !== null ? null : { archive, place }}
      troubled={problems.filter(({ urgent }) => urgent).map(problem => problem.archive)}
      collapsed={collapsed}
      text={text}
      canLock={canLock}
      onSelect={selected => view.go(selected.archive, selected.place)}
      onCollapse={view.setCollapsed}
      onAdd={choice => (choice === 'demo' ? onDemo() : view.openDialog({ name: choice }))}
      onSettings={() => view.openDialog({ name: 'settings' })}
      onLock={onLock}
    />
  )
}
