import { Sparkles, X } from 'lucide-react'
import { useState } from 'react'
import type { ArchiveSummary } from '../../main/contract/types.ts'
import { useText } from '../state/useText.ts'
import { view } from '../state/view.ts'
import { Button } from '../ui/Button.tsx'

/** While there is only the sample: what it is, and the way on. */
export function DemoBanner({ archives }: { archives: readonly ArchiveSummary[] }) {
  const { t } = useText()
  const [closed, setClosed] = useState(false)
  if (closed || !archives.every(archive => archive.demo)) return null
  return (
    <div className="banner" role="status">
      <Sparkles className="icon" size={15} aria-hidden="true" />
      <p>{t('demo.banner')}</p>
      <Button look="quiet" onPress={() => view.openDialog({ name: 'create' })}>
        {t('demo.action')}
      </Button>
      <Button look="quiet" icon={X} aria-label={t('common.close')} onPress={() => setClosed(true)} />
    </div>
  )
}
