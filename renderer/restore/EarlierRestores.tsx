import type { RestoreRecord } from '../../main/contract/restore.ts'
import { useCall } from '../state/useCall.ts'
import { view } from '../state/view.ts'
import type { Text } from '../text/text.ts'
import { Button } from '../ui/Button.tsx'

const FEW = 5

/** What was put back before, and the way to take it back; nothing where there was none. */
export function EarlierRestores({ archive, text }: { archive: string; text: Text }) {
  const { t, plural, format } = text
  const { value: records } = useCall('restores', { archive })
  const shown = (records ?? []).filter(({ added, state }) => added > 0 || state === 'unfinished').slice(0, FEW)
  if (shown.length === 0) return null
  return (
    <section className="restore-earlier">
      <h3>{t('restore.earlier')}</h3>
      <ul>
        {shown.map(record => (
          <li key={record.id}>
            <span>
              <time className="num">{format.moment(record.at)}</time> · {plural('restore.put', record.added)} · {record.target}
              {note(record, text)}
            </span>
            {record.undone < record.added && (
              <Button look="quiet" onPress={() => view.openDialog({ name: 'undoRestore', archive, restore: record.id })}>
                {t('restore.undoAction')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

const note = ({ state }: RestoreRecord, { t }: Text) =>
  state === 'done' ? '' : ` · ${t(state === 'undone' ? 'restore.stateUndone' : 'restore.stateUnfinished')}`
