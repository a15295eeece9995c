import type { Problem } from '../../main/contract/problems.ts'
import type { ArchiveSummary } from '../../main/contract/types.ts'
import { LossNote } from '../standing/LossNote.tsx'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useCall } from '../state/useCall.ts'
import { useText } from '../state/useText.ts'
import { useView, view } from '../state/view.ts'

/** Every loss that nobody has answered yet, above everything else in the window. */
export function LossBanners({ archives, problems }: { archives: readonly ArchiveSummary[]; problems: readonly Problem[] }) {
  return archives.map(archive => {
    const open = problems.filter(({ kind, urgent, archive: of }) => kind === 'loss' && urgent && of === archive.id)
    // Asked for again when there is another loss, or one has grown.
    const key = `${archive.id} ${open.map(problem => `${problem.key}:${problem.count}`).join()}`
    return open.length > 0 && <Banners key={key} archive={archive} />
  })
}

function Banners({ archive }: { archive: ArchiveSummary }) {
  const text = useText()
  const { engine } = useDoors()
  const shown = useView(state => (state.archive === archive.id ? state.loss : null))
  const { value } = useCall('archive.losses', { archive: archive.id })
  const answer = useAction((loss: number, answer: 'seen' | 'intended') => engine.call('archive.answerLoss', { archive: archive.id, loss, answer }))
  const open = value?.losses.filter(loss => loss.answer === null) ?? []
  return open.map(loss => (
    <LossNote
      key={loss.loss}
      loss={loss}
      archiveName={archive.name}
      text={text}
      busy={answer.busy}
      error={answer.error}
      shown={shown === loss.loss}
      onShow={() => view.showLoss(archive.id, loss.loss)}
      onRestore={() => view.openDialog({ name: 'restore', archive: archive.id, preset: { which: 'gone', loss: loss.loss } })}
      onAnswer={chosen => void answer.run(loss.loss, chosen)}
    />
  ))
}
