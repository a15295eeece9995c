import { X } from 'lucide-react'
import { memo } from 'react'
import { Button } from 'react-aria-components/Button'
import type { SearchTerm } from '../../main/contract/search.ts'
import type { Text } from '../text/text.ts'
import { termText } from './termText.ts'

interface Props {
  terms: readonly SearchTerm[]
  text: Text
  onChange(query: string): void
}

/** What the query was understood as, one chip for each condition; each can be taken out. */
export const SearchTerms = memo(function SearchTerms({ terms, text, onChange }: Props) {
  const { t } = text
  if (terms.length === 0) return null
  return (
    <ul className="terms" aria-label={t('search.understood')}>
      {terms.map((term, at) => {
        const said = termText(term, text)
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same condition may stand there twice
          <li key={at} className="term" data-kind={term.kind} data-not={term.not || undefined}>
            <span className="clip" title={said}>
              {said}
            </span>
            <Button className="term-out" aria-label={t('search.take', { what: said })} onPress={() => onChange(term.rest)}>
              <X className="icon" size={11} aria-hidden="true" />
            </Button>
          </li>
        )
      })}
    </ul>
  )
})
