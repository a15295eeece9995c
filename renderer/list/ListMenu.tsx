import { SlidersHorizontal } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog'
import { Popover } from 'react-aria-components/Popover'
import type { OrderBy } from '../../main/contract/order.ts'
import type { Text } from '../text/text.ts'
import { Check } from '../ui/Check.tsx'
import { Segments } from '../ui/Segments.tsx'
import { JumpField } from './JumpField.tsx'
import { columns, isHideable, type ListLook } from './look.ts'

interface Props {
  look: ListLook
  /** Of search results, the order is that of time. */
  sortable: boolean
  outgoing: boolean
  text: Text
  onLook(change: Partial<ListLook>): void
  /** The first moment of the chosen day. */
  onJump?: ((time: number) => void) | undefined
}

/** Order, density, columns, conversations, time line, and the way to a date. */
export function ListMenu({ look, sortable, outgoing, text, onLook, onJump }: Props) {
  const { t } = text
  const { order } = look
  return (
    <DialogTrigger>
      <Button className="list-tool" aria-label={t('listing.menu')}>
        <SlidersHorizontal className="icon" size={14} aria-hidden="true" />
      </Button>
      <Popover className="list-menu-popover" placement="bottom end">
        <Dialog className="list-menu" aria-label={t('listing.menu')}>
          {({ close }) => (
            <>
              {sortable && (
                <>
                  <span className="label">{t('listing.sortBy')}</span>
                  <Segments<OrderBy>
                    label={t('listing.sortBy')}
                    options={(outgoing ? (['date', 'subject', 'size'] as const) : (['date', 'sender', 'subject', 'size'] as const)).map(id => ({
                      id,
                      label: t(`listing.${id}`),
                    }))}
                    value={order.by}
                    onChange={by => onLook({ order: { by } })}
                  />
                  <Check
                    label={t('listing.reverse')}
                    checked={order.reverse === true}
                    onChange={reverse => onLook({ order: { by: order.by, reverse } })}
                  />
                  <Check
                    label={t('listing.conversations')}
                    hint={t(order.by === 'date' ? 'listing.conversationsHint' : 'listing.byDateOnly')}
                    checked={look.conversations}
                    disabled={order.by !== 'date'}
                    onChange={conversations => onLook({ conversations })}
                  />
                </>
              )}
              <span className="label">{t('listing.density')}</span>
              <Segments
                label={t('listing.density')}
                options={(['comfortable', 'compact'] as const).map(id => ({ id, label: t(`listing.${id}`) }))}
                value={look.density}
                onChange={density => onLook({ density })}
              />
              {look.density === 'compact' && (
                <div className="list-menu-columns">
                  {columns.filter(isHideable).map(column => (
                    <Check
                      key={column}
                      label={t(column === 'who' ? (outgoing ? 'listing.recipient' : 'listing.sender') : `listing.${column}`)}
                      checked={!look.hidden.includes(column)}
                      onChange={shown => onLook({ hidden: shown ? look.hidden.filter(one => one !== column) : [...look.hidden, column] })}
                    />
                  ))}
                </div>
              )}
              <Check label={t('listing.timeline')} checked={look.timeline} onChange={timeline => onLook({ timeline })} />
              {onJump && (
                <JumpField
                  text={text}
                  onJump={time => {
                    close()
                    onJump(time)
                  }}
                />
              )}
            </>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}
