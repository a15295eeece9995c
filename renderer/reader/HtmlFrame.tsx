import { useMemo } from 'react'
import { frameDocument } from './frame.ts'

/** A message's HTML in a frame that can do nothing: links in it are caught by the shell, which asks before it opens one. */
export function HtmlFrame({ html, language, title }: { html: string; language: string; title: string }) {
  const document = useMemo(() => frameDocument(html, language), [html, language])
  return (
    <div className="reader-frame">
      <iframe title={title} sandbox="" srcDoc={document} referrerPolicy="no-referrer" />
    </div>
  )
}
