/** Every command, in the order of the help. */
import type { Command } from '../command.ts'
import { accountAdd, accountChange, accountList, accountTest } from './account.ts'
import { accountFind, accountLeaveOut, accountLimits, accountPause, accountProviders, accountResume, accountTakeIn } from './accountRules.ts'
import { archiveClose, archiveCreate, archiveList, archiveOpen, archiveStatus } from './archive.ts'
import { attachments } from './attachments.ts'
import { copies, copiesRepair, copy, takeOver } from './copies.ts'
import { archiveLosses, archiveRetry } from './losses.ts'
import { archiveProblems, archiveWeek } from './problems.ts'
import { list, mailboxes, show } from './reading.ts'
import { jobs, restore } from './restore.ts'
import { search } from './search.ts'
import { searches } from './searches.ts'
import { signInList, signInRemove, signInSet } from './signIn.ts'
import { sync } from './sync.ts'
import { read as attachmentsRead, unread as attachmentsUnread } from './unread.ts'
import { exportCommand, importCommand, rebuild, verify } from './work.ts'

export const commands: readonly Command[] = [
  archiveCreate,
  archiveOpen,
  archiveList,
  archiveStatus,
  archiveLosses,
  archiveRetry,
  archiveProblems,
  archiveWeek,
  archiveClose,
  accountAdd,
  accountTest,
  accountChange,
  accountList,
  accountProviders,
  accountFind,
  accountLimits,
  accountLeaveOut,
  accountTakeIn,
  accountPause,
  accountResume,
  signInSet,
  signInList,
  signInRemove,
  sync,
  mailboxes,
  list,
  show,
  attachments,
  attachmentsUnread,
  attachmentsRead,
  search,
  searches,
  copy,
  copiesRepair,
  takeOver,
  copies,
  exportCommand,
  importCommand,
  restore,
  jobs,
  verify,
  rebuild,
]
