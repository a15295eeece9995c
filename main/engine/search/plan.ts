/** A query's tree as conditions on one archive: its own name and its mailboxes' names are known here. */
import type { Mailbox } from '../../contract/types.ts'
import { attachmentMark, imageMark, linkMark, listMarks, messageIdMark, typeMark } from '../index/marks.ts'
import { NOTHING, type Wanted } from '../index/wanted.ts'
import type { HasValue } from './fields.ts'
import type { Leaf } from './leaf.ts'
import { tokens } from './normalise.ts'
import type { Tree } from './query.ts'

export interface Place {
  /** What "account:" is compared with. */
  name: string
  user: string
  mailboxes: readonly Pick<Mailbox, 'id' | 'name' | 'role'>[]
}

export function plan(tree: Tree, place: Place): Wanted {
  switch (tree.kind) {
    case 'leaf':
      return condition(tree.leaf, place)
    case 'any':
      return { kind: 'any', of: tree.of.map(one => plan(one, place)) }
    case 'all':
      return { kind: 'all', of: tree.of.map(one => plan(one, place)), without: tree.without.map(one => plan(one, place)) }
  }
}

const EVERYTHING: Wanted = { kind: 'all', of: [], without: [] }
const marks: Record<HasValue, string> = { attachment: attachmentMark, image: imageMark, link: linkMark }

function condition(leaf: Leaf, place: Place): Wanted {
  switch (leaf.kind) {
    case 'words': {
      const spellings = leaf.spellings.map(
        ({ tokens, columns }): Wanted => ({ kind: 'words', tokens, prefix: leaf.prefix, ...(columns && { columns }) }),
      )
      return spellings.length === 1 ? spellings[0]! : { kind: 'any', of: spellings }
    }
    case 'list':
      return mark(listMarks(leaf.text), leaf.prefix)
    case 'message-id':
      return mark([messageIdMark(leaf.text)])
    case 'type':
      return { kind: 'any', of: leaf.kinds.map(kind => mark([typeMark(kind)], leaf.prefix)) }
    case 'has':
      return mark([marks[leaf.what]])
    case 'is':
      return leaf.what === 'read' ? { kind: 'all', of: [], without: [{ kind: 'is', state: 'unread' }] } : { kind: 'is', state: leaf.what }
    case 'in':
      return { kind: 'in', mailboxes: mailboxesNamed(leaf, place) }
    case 'account':
      return isNamed(place.name, leaf) || isNamed(place.user, leaf) ? EVERYTHING : NOTHING
    case 'time':
    case 'size':
      return leaf
  }
}

const mark = (tokens: readonly string[], prefix = false): Wanted => ({ kind: 'words', tokens, prefix, columns: ['marks'] })

/** Those of this role and those of exactly this name; where there are none, those with these words in their name. */
function mailboxesNamed(leaf: Extract<Leaf, { kind: 'in' }>, { mailboxes }: Place): number[] {
  const wanted = tokens(leaf.text).join(' ')
  const exact = mailboxes.filter(({ name, role }) => (leaf.role !== null && role === leaf.role) || tokens(name).join(' ') === wanted)
  const found = exact.length > 0 ? exact : mailboxes.filter(({ name }) => isNamed(name, leaf))
  return found.map(({ id }) => id)
}

/** All words asked for stand together in the name; the last may be a beginning. */
export function isNamed(name: string, { text, prefix }: { text: string; prefix: boolean }): boolean {
  const wanted = ` ${tokens(text).join(' ')}${prefix ? '' : ' '}`
  return ` ${tokens(name).join(' ')} `.includes(wanted)
}
