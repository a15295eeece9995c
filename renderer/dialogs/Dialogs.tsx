import type { ArchiveSummary, ProfileStatus } from '../../main/contract/types.ts'
import { CopyDialog } from '../copies/CopyDialog.tsx'
import { TakeOverDialog } from '../copies/TakeOverDialog.tsx'
import { RestoreDialog } from '../restore/RestoreDialog.tsx'
import { UndoDialog } from '../restore/UndoDialog.tsx'
import { RulesDialog } from '../rules/RulesDialog.tsx'
import { useView, view } from '../state/view.ts'
import { AccountDialog } from './AccountDialog.tsx'
import { CloseDialog } from './CloseDialog.tsx'
import { CreateDialog } from './CreateDialog.tsx'
import { ExportDialog } from './ExportDialog.tsx'
import { ImportDialog } from './ImportDialog.tsx'
import { OpenDialog } from './OpenDialog.tsx'
import { RecoveryDialog } from './RecoveryDialog.tsx'
import { RenameDialog } from './RenameDialog.tsx'
import { SettingsDialog } from './SettingsDialog.tsx'

interface Props {
  profile: ProfileStatus
  archives: readonly ArchiveSummary[]
  onProfile(status: ProfileStatus): void
}

/** The one open dialog. It stands beside the screens, so that it survives when the first archive changes the screen behind it. */
export function Dialogs({ profile, archives, onProfile }: Props) {
  const dialog = useView(state => state.dialog)
  if (dialog === null) return null
  const close = view.closeDialog
  if (dialog.name === 'create') return <CreateDialog profile={profile} onProfile={onProfile} onClose={close} />
  if (dialog.name === 'open') return <OpenDialog profile={profile} onProfile={onProfile} onClose={close} />
  if (dialog.name === 'settings') return <SettingsDialog profile={profile} onProfile={onProfile} onClose={close} />

  const archive = archives.find(one => one.id === dialog.archive)
  if (!archive) return null
  switch (dialog.name) {
    case 'account':
      return <AccountDialog archive={archive} onClose={close} />
    case 'rules':
      return <RulesDialog archive={archive} onClose={close} />
    case 'export':
      return <ExportDialog archive={archive} preset={dialog.preset} onClose={close} />
    case 'import':
      return <ImportDialog archive={archive} onClose={close} />
    case 'restore':
      return <RestoreDialog archive={archive} archives={archives} preset={dialog.preset} onClose={close} />
    case 'undoRestore':
      return <UndoDialog archive={archive} restore={dialog.restore} onClose={close} />
    case 'copy':
      return <CopyDialog archive={archive} onClose={close} />
    case 'takeOver':
      return <TakeOverDialog archive={archive} onClose={close} />
    case 'rename':
      return <RenameDialog archive={archive} onClose={close} />
    case 'close':
      return <CloseDialog archive={archive} onClose={close} />
    case 'recovery':
      return <RecoveryDialog archive={archive} onClose={close} />
  }
}

/** A profile of the person's own; the one of a sample mailbox goes away by itself and protects nothing. */
export const hasOwnProfile = (profile: ProfileStatus) => profile.exists && profile.temporary !== true
