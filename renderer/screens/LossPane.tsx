import { CloudOff, X } from 'lucide-react'
import { useCallback, useMemo, useRef, useState } from 'react'
import type { ArchiveSummary, MessageSummary } from '../../main/contract/types.ts'
import { byDate } from '../list/look.ts'
import { lossSource } from '../list/rowSource.ts'
import type { Selection } from '../list/selection.ts'
import { useMessageRun } from '../list/useMessageRun.ts'
import { LossNote } from '../standing/LossNote.tsx'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useCall } from '../state/useCall.ts'
import { useText } from '../state/useText.ts'
import { useView, view } from '../state/view.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { focusPane } from '../ui/focusPane.ts'
import { SelectionBar } from './SelectionBar.tsx'
import { ShownList } from './ShownList.tsx'

/** What disappeared from the server in one loss, as a list like any other. */
export function LossPane({ archive, loss }: { archive: ArchiveSummary; loss: number }) {
  const { engine } = useDoors()
  const text = useText()
  const { t, plural, format } = text
  const { value, reload } = useCall('archive.losses', { archive: archive.id })
  const found = value?.losses.find(one => one.loss === loss)
  const source = useMemo(() => lossSource(engine, archive.id, loss), [engine, archive.id, loss])
  const look = useView(state => state.look)
  const [selection, setSelection] = useState<Selection | null>(null)
  const shiftRef = useRef<(rows: number) => void>(() => {})
  const [run, list] = useMessageRun(source, archive.id, found?.messages ?? 0, rows => shiftRef.current(rows))
  const select = useCallback((row: MessageSummary) => view.openMessage({ archive: row.archive, id: row.id, cursor: row.cursor }), [])
  const answer = useAction(async (chosen: 'seen' | 'intended') => {
    await engine.call('archive.answerLoss', { archive: archive.id, loss, answer: chosen })
    reload()
  })
  const title = found ? t('standing.loss.title', { time: format.moment(found.at) }) : t('standing.loss.label')

  return (
    <section className="pane-list" aria-label={t('list.label')} data-pane="list">
      <header className="list-head">
        <div className="list-title loss-title">
          <h2 className="clip">{title}</h2>
          <span className="num">{list.total > 0 ? plural('count.messages', list.total) : ''}</span>
          <Button look="quiet" icon={X} aria-label={t('common.close')} onPress={() => view.go(archive.id, 'overview')} />
        </div>
      </header>
      {found?.answer === 'seen' && (
        <LossNote
          loss={found}
          archiveName={archive.name}
          text={text}
          busy={answer.busy}
          error={answer.error}
          shown
          onShow={() => {}}
          onRestore={() => view.openDialog({ name: 'restore', archive: archive.id, preset: { which: 'gone', loss } })}
          onAnswer={chosen => void answer.run(chosen)}
        />
      )}
      {selection && (
        <SelectionBar
          source={source}
          selection={selection}
          order={byDate}
          total={list.total}
          archive={archive}
          whole={{ loss }}
          onClear={() => setSelection(null)}
        />
      )}
      <ShownList
        view={list}
        listKey={source.key}
        label={title}
        outgoing={false}
        text={text}
        look={look}
        order={byDate}
        selection={selection}
        empty={<EmptyState icon={CloudOff} title={t('list.empty')} />}
        onWant={run.want}
        onSelect={select}
        onSelection={setSelection}
        onLook={view.setLook}
        onOpen={() => focusPane('reader')}
        onExpect={view.expect}
        onRetry={run.retry}
        shiftRef={shiftRef}
      />
    </section>
  )
}
