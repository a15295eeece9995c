import { CircleHelp } from 'lucide-react'
import { memo } from 'react'
import { Button } from 'react-aria-components/Button'
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog'
import { Popover } from 'react-aria-components/Popover'
import type { SearchOperator } from '../../main/contract/search.ts'
import type { Text } from '../text/text.ts'

interface Props {
  operators: readonly SearchOperator[]
  text: Text
  onTry(query: string): void
}

const lines = ['words', 'phrase', 'prefix', 'or', 'not', 'group'] as const

/** What can be typed; each example can be tried. */
export const SearchHelp = memo(function SearchHelp({ operators, text, onTry }: Props) {
  const { t } = text
  return (
    <DialogTrigger>
      <Button className="search-button" aria-label={t('search.help')}>
        <CircleHelp className="icon" size={14} aria-hidden="true" />
      </Button>
      <Popover className="search-help-popover" placement="bottom end">
        <Dialog className="search-help" aria-label={t('search.help')}>
          {({ close }) => (
            <>
              <h3>{t('search.helpWords')}</h3>
              <dl>
                {lines.map(line => {
                  const example = t(`search.examples.${line}`)
                  return (
                    <div key={line}>
                      <dt>
                        <Button
                          className="search-example"
                          onPress={() => {
                            close()
                            onTry(example)
                          }}
                        >
                          {example}
                        </Button>
                      </dt>
                      <dd>{t(`search.helpLines.${line}`)}</dd>
                    </div>
                  )
                })}
              </dl>
              <h3>{t('search.helpOperators')}</h3>
              <dl className="search-operators">
                {operators.map(({ operator, name }) => (
                  <div key={operator}>
                    <dt className="mono">{name}:</dt>
                    <dd>{t(`search.operator.${operator}`)}</dd>
                  </div>
                ))}
              </dl>
              <p>{t('search.helpNote')}</p>
            </>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
})
