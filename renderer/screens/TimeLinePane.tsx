import { useMemo, useRef } from 'react'
import type { ListOrder } from '../../main/contract/order.ts'
import type { RunView } from '../list/messageRun.ts'
import { TimeLine } from '../list/TimeLine.tsx'
import { rangeIn, withRange } from '../list/timeline.ts'
import { useMonths } from '../list/useMonths.ts'
import { type Asked, askedKey, inputOf } from '../search/searchSource.ts'
import { useDoors } from '../state/engine.ts'
import { useText } from '../state/useText.ts'

type Range = { from: number; until: number }
interface Common {
  list: RunView
  order: ListOrder
}
type Props = Common &
  (
    | { archive: string; mailbox: number | null; onJump(from: number, until: number): void; onRange(range: Range | null): void }
    | { asked: Asked; onQuery(query: string): void; goRef: { current: (index: number) => void } }
  )

/** The months of a mailbox, or of what a search finds at any time. */
export function TimeLinePane(props: Props) {
  const { engine } = useDoors()
  const text = useText()
  const searching = 'asked' in props
  // What was chosen in the picture does not change the picture.
  const anyTime = searching ? { ...props.asked, query: withRange(props.asked.query, null) } : null
  const key = anyTime ? askedKey(anyTime) : searching ? '' : `${props.archive}/${props.mailbox}`
  const months = useMonths(key, searching ? props.asked.archives : [props.archive], signal =>
    anyTime && anyTime.query !== ''
      ? engine.call('search.months', inputOf(anyTime), { signal })
      : engine.call(
          'message.months',
          searching ? { archive: props.asked.archives[0]!, mailbox: props.asked.mailbox } : { archive: props.archive, mailbox: props.mailbox },
          { signal },
        ),
  )
  const visible = useVisible(props.list, props.order)
  return (
    <TimeLine
      months={months}
      visible={visible}
      range={searching ? rangeIn(props.asked.query) : null}
      text={text}
      onJump={(from, until) => (searching ? props.onQuery(withRange(props.asked.query, { from, until })) : props.onJump(from, until))}
      onRange={range => (searching ? props.onQuery(withRange(props.asked.query, range)) : props.onRange(range))}
    />
  )
}

/** About what is on the screen: of the rows in memory the middle. Only in lists by date. */
function useVisible({ rows }: RunView, { by }: ListOrder): Range | null {
  const last = useRef<Range | null>(null)
  return useMemo(() => {
    if (by !== 'date' || rows.length === 0) return null
    const times = [rows[Math.floor(rows.length / 3)]!.sortTime, rows[Math.floor((rows.length * 2) / 3)]!.sortTime]
    last.current = { from: Math.min(...times), until: Math.max(...times) }
    return last.current
  }, [rows, by])
}
