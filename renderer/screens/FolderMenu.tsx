import type { ArchiveSummary, Mailbox } from '../../main/contract/types.ts'
import { OverviewMenu } from '../overview/OverviewMenu.tsx'
import { view } from '../state/view.ts'
import type { Text } from '../text/text.ts'

/** What can be done with the folder that is shown, or with all mail. */
export function FolderMenu({ archive, mailbox, text }: { archive: ArchiveSummary; mailbox: Mailbox | undefined; text: Text }) {
  const { t } = text
  const preset = mailbox ? { mailbox: mailbox.id } : {}
  const items = [
    {
      id: 'export',
      label: t(mailbox ? 'list.exportFolder' : 'list.exportAll'),
      run: () => view.openDialog({ name: 'export', archive: archive.id, preset }),
    },
    {
      id: 'restore',
      label: t('restore.one'),
      run: () => view.openDialog({ name: 'restore', archive: archive.id, preset: { which: 'all', ...preset } }),
    },
    ...(archive.writable ? [{ id: 'import', label: t('list.importHere'), run: () => view.openDialog({ name: 'import', archive: archive.id }) }] : []),
    ...(archive.account && !archive.demo
      ? [{ id: 'rules', label: t('rules.open'), run: () => view.openDialog({ name: 'rules', archive: archive.id }) }]
      : []),
  ]
  return <OverviewMenu items={items} text={text} label={t('list.folderMenu')} quiet />
}
