import { useMemo } from 'react'
import { type FrameLook, frameDocument, hasColours } from './frame.ts'

interface Props {
  html: string
  title: string
  look: FrameLook
}

/**
 * A message's HTML in a frame that can do nothing. A clicked link asks for a window (allow-popups), which the shell never gives: it asks the person
 * instead. The frame has an origin of its own, which nobody else has.
 */
export function HtmlFrame({ html, title, look }: Props) {
  const document = useMemo(() => frameDocument(html, look), [html, look])
  const turned = look.dark && hasColours(html)
  return (
    <div className="reader-frame">
      <iframe
        title={title}
        sandbox="allow-popups"
        srcDoc={document}
        referrerPolicy="no-referrer"
        data-turned={turned || undefined}
        data-dark={look.dark || undefined}
      />
    </div>
  )
}
