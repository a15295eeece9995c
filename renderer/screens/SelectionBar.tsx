import { Download, FileDown, FileText, Undo2, X } from 'lucide-react'
import { useState } from 'react'
import type { ListOrder } from '../../main/contract/order.ts'
import type { ArchiveSummary, MessageSummary } from '../../main/contract/types.ts'
import { messageFileName } from '../list/fileNames.ts'
import type { RowSource } from '../list/rowSource.ts'
import { countOf, messagesOf, type Selection } from '../list/selection.ts'
import { useFrameLook } from '../reader/look.ts'
import { paperDocument } from '../reader/paper.ts'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useText } from '../state/useText.ts'
import { view } from '../state/view.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'

interface Whole {
  mailbox?: number
  query?: string
  loss?: number
}

interface Props {
  source: RowSource
  selection: Selection
  order: ListOrder
  total: number
  /** Null where rows of several archives are in the list. */
  archive: ArchiveSummary | null
  /** What "everything" of this list is, for a restore and an export. */
  whole: Whole
  onClear(): void
}

/** The contract's bound for messages that are named one by one. */
const MOST = 10_000
/** Each PDF is laid out for itself, a third of a second. */
const MOST_SAVED = { eml: MOST, pdf: 500 }
const SAVE_AS = { eml: 'listing.saveEml', pdf: 'listing.savePdf' } as const

/** What can be done with the chosen messages. */
export function SelectionBar({ source, selection, order, total, archive, whole, onClear }: Props) {
  const text = useText()
  const { t, plural } = text
  const { engine, shell } = useDoors()
  const [note, setNote] = useState<string | null>(null)
  const count = countOf(selection, total)
  const entire = selection.all && selection.without.size === 0

  /** An export knows no losses. As names, or as the whole list where that is what was chosen. */
  const preset = async (losses = true): Promise<(Whole & { messages?: string[] }) | null> => {
    setNote(null)
    if (entire && (losses || whole.loss === undefined)) return whole
    const found = await messagesOf(source, selection, order, MOST)
    if (!found) setNote(t('listing.tooMany', { count: text.format.number(MOST) }))
    return found && { messages: found.map(({ id }) => id) }
  }
  const putBack = useAction(async () => {
    const chosen = await preset()
    if (chosen && archive) view.openDialog({ name: 'restore', archive: archive.id, preset: { which: 'all', ...chosen } })
  })
  const exportThem = useAction(async () => {
    const chosen = await preset(false)
    if (chosen && archive) view.openDialog({ name: 'export', archive: archive.id, preset: chosen })
  })
  const look = useFrameLook(text)
  const savers: Record<'eml' | 'pdf', (row: MessageSummary, folder: string) => Promise<unknown>> = {
    eml: (row, folder) => engine.call('message.save', { archive: row.archive, message: row.id, to: `${folder}/${messageFileName(row)}` }),
    pdf: async (row, folder) => {
      const shown = await engine.call('message.show', { archive: row.archive, message: row.id })
      const html = paperDocument(shown, shown.html === null ? 'text' : 'html', look, text)
      return shell.call('paper.pdf', { html, folder, name: messageFileName(row, 'pdf') })
    },
  }
  const save = useAction(async (as: 'eml' | 'pdf') => {
    setNote(null)
    const most = MOST_SAVED[as]
    const found = await messagesOf(source, selection, order, most)
    if (!found) return setNote(t('listing.tooMany', { count: text.format.number(most) }))
    const { path } = await shell.call('dialog.openFolder', { title: t(SAVE_AS[as]) })
    if (path === null) return
    let saved = 0
    for (const row of found) {
      await savers[as](row, path)
      setNote(plural('listing.saved', ++saved))
    }
  })
  const error = putBack.error ?? exportThem.error ?? save.error

  return (
    <div className="selection-bar">
      <div className="selection-line">
        <Button look="quiet" icon={X} aria-label={t('listing.clear')} onPress={onClear} />
        <span className="num" role="status">
          {note ?? plural('listing.chosen', count)}
        </span>
        {archive?.account?.protocol === 'imap' && (
          <Button look="quiet" icon={Undo2} busy={putBack.busy} onPress={() => void putBack.run()}>
            {t('listing.putBack')}
          </Button>
        )}
        {archive && (
          <Button look="quiet" icon={Download} busy={exportThem.busy} onPress={() => void exportThem.run()}>
            {t('listing.export')}
          </Button>
        )}
        {(['eml', 'pdf'] as const).map(as => (
          <Button key={as} look="quiet" icon={as === 'pdf' ? FileText : FileDown} busy={save.busy} onPress={() => void save.run(as)}>
            {t(SAVE_AS[as])}
          </Button>
        ))}
      </div>
      {error && <ErrorNote error={error} text={text} />}
    </div>
  )
}
