import { Bookmark } from 'lucide-react'
import { type FormEvent, memo, useState } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog'
import { Popover } from 'react-aria-components/Popover'
import type { SavedSearch } from '../../main/contract/search.ts'
import type { Text } from '../text/text.ts'
import { Button } from '../ui/Button.tsx'

interface Props {
  query: string
  saved: readonly SavedSearch[]
  text: Text
  onSave(name: string, query: string): void
  onForget(name: string): void
}

/** Keeps a search under a name, or no longer. */
export const SaveSearch = memo(function SaveSearch({ query, saved, text, onSave, onForget }: Props) {
  const { t } = text
  const known = saved.find(one => one.query === query)
  const [name, setName] = useState<string | null>(null)
  if (known)
    return (
      <AriaButton className="search-save" data-kept="true" aria-label={`${t('search.forget')}: ${known.name}`} onPress={() => onForget(known.name)}>
        <Bookmark className="icon" size={14} aria-hidden="true" />
        {known.name}
      </AriaButton>
    )
  return (
    <DialogTrigger onOpenChange={() => setName(null)}>
      <AriaButton className="search-save" aria-label={t('search.save')}>
        <Bookmark className="icon" size={14} aria-hidden="true" />
      </AriaButton>
      <Popover className="search-save-popover" placement="bottom end">
        <Dialog aria-label={t('search.save')}>
          {({ close }) => (
            <form
              className="search-save-form"
              onSubmit={(event: FormEvent) => {
                event.preventDefault()
                const wanted = (name ?? query).trim()
                if (wanted === '') return
                onSave(wanted.slice(0, 200), query)
                close()
              }}
            >
              <label>
                <span className="label">{t('search.saveAs')}</span>
                <input
                  className="input"
                  autoFocus
                  value={name ?? query}
                  onChange={event => setName(event.target.value)}
                  onFocus={event => event.target.select()}
                />
              </label>
              <Button look="primary" type="submit">
                {t('common.save')}
              </Button>
            </form>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
})
