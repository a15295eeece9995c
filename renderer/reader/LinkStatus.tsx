import { TriangleAlert } from 'lucide-react'
import type { ShellEvent } from '../../main/contract/shell.ts'
import type { Text } from '../text/text.ts'

/** Where the link under the pointer leads, the host first and in its own letters. */
export function LinkStatus({ link, text }: { link: ShellEvent<'link-hover'> | null; text: Text }) {
  if (!link || link.url === '') return null
  return (
    <p className="link-status" data-warn={link.lookalike || undefined}>
      {link.lookalike && <TriangleAlert className="icon" size={13} aria-label={text.t('reading.linkLookalike')} />}
      {link.host !== '' && <b>{link.host}</b>}
      <span className="clip" dir="ltr">
        {link.url}
      </span>
    </p>
  )
}
