import {
  Archive,
  ChevronRight,
  CircleDashed,
  Flag,
  Folder,
  FolderX,
  Inbox,
  Layers,
  type LucideIcon,
  PencilLine,
  Send,
  ShieldX,
  Star,
  Trash2,
} from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import type { Mailbox, MailboxRole } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'
import { leafName } from './tree.ts'

const icons: Record<MailboxRole, LucideIcon> = {
  inbox: Inbox,
  sent: Send,
  drafts: PencilLine,
  trash: Trash2,
  junk: ShieldX,
  archive: Archive,
  all: Layers,
  flagged: Flag,
  important: Star,
}

interface Props {
  mailbox: Mailbox
  level: number
  hasChildren: boolean
  expanded: boolean
  text: Text
}

/** A mailbox with a role is called what the person's language calls it; every other name is the server's own. The tooltip has the server's name always. */
export const mailboxName = (mailbox: Mailbox, { t }: Text) => (mailbox.role ? t(`mailbox.${mailbox.role}`) : leafName(mailbox))

export function MailboxLine({ mailbox, level, hasChildren, expanded, text }: Props) {
  const { t, format, plural } = text
  const absent = !mailbox.present && !mailbox.imported
  const Icon = absent ? FolderX : mailbox.role ? icons[mailbox.role] : Folder
  const title = [mailbox.name, plural('count.messages', mailbox.messages), absent && t('sidebar.absent'), mailbox.gaps > 0 && t('sidebar.gaps')]
  return (
    <span className="tree-line" style={{ paddingLeft: 8 + level * 12 }} data-absent={absent || undefined} title={title.filter(Boolean).join('\n')}>
      {hasChildren ? (
        <Button slot="chevron" className="chevron leading" data-expanded={expanded || undefined}>
          <ChevronRight className="icon" size={12} aria-hidden="true" />
        </Button>
      ) : null}
      <Icon className="icon" size={15} aria-hidden="true" />
      <span className="clip tree-name">{mailboxName(mailbox, text)}</span>
      {mailbox.gaps > 0 && <CircleDashed className="icon warn" size={13} aria-label={t('sidebar.gaps')} />}
      {mailbox.messages > 0 && <span className="tree-count num">{format.number(mailbox.messages)}</span>}
    </span>
  )
}
