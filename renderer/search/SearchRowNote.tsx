import type { SearchWhy } from '../../main/contract/search.ts'
import type { Text } from '../text/text.ts'
import { MarkedText } from './MarkedText.tsx'

interface Props {
  why: SearchWhy
  /** Named where several are searched. */
  archive: string | null
  /** The row's own last line. */
  standard: string
  text: Text
}

/** The last line of a result: the text around what was found; where else it stands, unless the row shows it by itself. All of it under the pointer. */
export function SearchRowNote({ why, archive, standard, text }: Props) {
  const { t } = text
  const name = (where: SearchWhy['reasons'][number]['where']) => t(`search.where.${where}`)
  const around = why.snippet.length > 0 ? why.snippet : (why.files[0] ?? why.people[0])
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
