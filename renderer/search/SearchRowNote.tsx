import type { Text } from '../text/text.ts'
import { MarkedText } from './MarkedText.tsx'
import type { RowWhy } from './useSearchWhy.ts'

interface Props {
  why: RowWhy
  /** Named where several are searched. */
  archive: string | null
  /** The row's own last line. */
  standard: string
  text: Text
}

/** The last line of a result: the text around what was found; where else it stands, unless the row shows it by itself. All of it under the pointer. */
export function SearchRowNote({ why, archive, standard, text }: Props) {
  const { t } = text
  const files = why.inside ?? []
  const name = (where: RowWhy['reasons'][number]['where']) =>
    where === 'attachment-text' && files.length > 0 ? files.map(file => file.name).join(', ') : t(`search.where.${where}`)
  const around = why.snippet.length > 0 ? why.snippet : (files[0]?.text ?? why.files[0] ?? why.people[0])
  const unseen = why.reasons.filter(
    ({ where }) =>
      where !== 'subject' &&
      !(where === 'body' && why.snippet.length > 0) &&
      // What stands elsewhere as well is seen there.
      (why.reasons.length === 1 || why.snippet.length === 0),
  )
  const all = why.reasons.map(({ where, words }) => `${name(where)}: ${words.join(', ')}`).join('\n')
  return (
    <span title={all}>
      {archive !== null && <span className="row-archive">{archive}</span>}
      {unseen.length > 0 && <span className="row-where">{unseen.map(({ where }) => name(where)).join(', ')}</span>}
      {around ? <MarkedText marked={around} /> : standard}
    </span>
  )
}
