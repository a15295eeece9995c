import type { ComponentProps } from 'react'
import { MessageList } from '../list/MessageList.tsx'
import { useView } from '../state/view.ts'

type Props = Omit<ComponentProps<typeof MessageList>, 'selectedKey'>

/** A list with the open message marked in it. It alone is drawn anew when another one is opened, and not the search field and the menus around it. */
export function ShownList(props: Props) {
  const selected = useView(state => state.message)
  return <MessageList {...props} selectedKey={selected && `${selected.id}:${selected.cursor.placement}`} />
}
