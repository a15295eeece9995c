import { ChevronRight, CircleAlert, HardDrive, Sparkles } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import type { ArchiveSummary } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'

interface Props {
  archive: ArchiveSummary
  /** Something stands in its way that a person should look at. */
  troubled: boolean
  expanded: boolean
  text: Text
}

export function ArchiveLine({ archive, troubled, expanded, text: { t } }: Props) {
  const unreadable = archive.state === 'missing' || archive.state === 'problem'
  const trouble = unreadable || troubled
  const Icon = archive.demo ? Sparkles : HardDrive
  return (
    <span className="tree-line archive-line" title={archive.dir}>
      {trouble ? (
        <CircleAlert className="icon warn" size={15} aria-label={t('standing.problems.title')} />
      ) : (
        <Icon className="icon archive-icon" size={15} aria-hidden="true" />
      )}
      <span className="clip tree-name">{archive.name}</span>
      {archive.state !== 'open' ? (
        <span className="badge" data-warn={unreadable || undefined}>
          {t(`sidebar.state.${archive.state}`)}
        </span>
      ) : (
        !archive.writable && <span className="badge">{t('sidebar.state.readOnly')}</span>
      )}
      <Button slot="chevron" className="chevron" data-expanded={expanded || undefined}>
        <ChevronRight className="icon" size={14} aria-hidden="true" />
      </Button>
    </span>
  )
}
