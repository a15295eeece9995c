import { memo } from 'react'
import type { View } from '../state/view.ts'
import type { Text } from '../text/text.ts'
import { Segments } from '../ui/Segments.tsx'

interface Props {
  value: View['scope']
  /** A folder is open that could be searched by itself. */
  folder: boolean
  several: boolean
  text: Text
  onChange(scope: View['scope']): void
}

/** Where to search; nothing to choose where there is one archive and no folder. */
export const SearchScope = memo(function SearchScope({ value, folder, several, text, onChange }: Props) {
  const { t } = text
  if (!folder && !several) return null
  const options: { id: View['scope']; label: string }[] = [{ id: 'archive', label: t('search.scopeArchive') }]
  if (folder) options.unshift({ id: 'mailbox', label: t('search.scopeMailbox') })
  if (several) options.push({ id: 'all', label: t('search.scopeAll') })
  return (
    <div className="list-scope">
      <Segments label={t('search.scope')} options={options} value={value} onChange={onChange} />
    </div>
  )
})
