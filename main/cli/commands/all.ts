/** Every command, in the order of the help. */
import type { Command } from '../command.ts'
import { accountAdd, accountChange, accountList, accountTest } from './account.ts'
import { archiveClose, archiveCreate, archiveList, archiveOpen, archiveStatus } from './archive.ts'
import { copies, copy } from './copies.ts'
import { archiveLosses, archiveRetry } from './losses.ts'
import { list, mailboxes, show } from './reading.ts'
import { jobs, restore } from './restore.ts'
import { search } from './search.ts'
import { searches } from './searches.ts'
import { sync } from './sync.ts'
import { exportCommand, rebuild, verify } from './work.ts'

export const commands: readonly Command[] = [
  archiveCreate,
  archiveOpen,
  archiveList,
  archiveStatus,
  archiveLosses,
  archiveRetry,
  archiveClose,
  accountAdd,
  accountTest,
  accountChange,
  accountList,
  sync,
  mailboxes,
  list,
  show,
  search,
  searches,
  copy,
  copies,
  exportCommand,
  restore,
  jobs,
  verify,
  rebuild,
]
