import { useEffect, useRef, useState } from 'react'
import type { Text } from '../text/text.ts'

/** What the frame says (renderer/pdf/frame.ts). */
type FromFrame = { pdf: 'ready' } | { pdf: 'shown'; pages: number } | { pdf: 'failed' }

const PATIENCE_MS = 30_000

/**
 * A PDF, drawn by pdf.js in a page of its own that has no origin, no bridge to the engine, and no network: a mistake in the drawing program gives an attacker
 * an empty room. It gets the bytes by a message, and answers with nothing but a number of pages.
 */
export function PdfFrame({ bytes, text }: { bytes: Uint8Array; text: Text }) {
  const frame = useRef<HTMLIFrameElement>(null)
  const [state, setState] = useState<'waiting' | 'failed' | number>('waiting')

  useEffect(() => {
    const patience = setTimeout(() => setState(before => (before === 'waiting' ? 'failed' : before)), PATIENCE_MS)
    const onMessage = ({ source, data }: MessageEvent<FromFrame>) => {
      if (!frame.current || source !== frame.current.contentWindow) return
      // The frame has no origin that could be named; nothing secret to it is in the bytes, and nobody else can be in it.
      if (data?.pdf === 'ready') frame.current.contentWindow?.postMessage({ bytes }, '*')
      else if (data?.pdf === 'shown' && Number.isSafeInteger(data.pages)) setState(data.pages)
      else if (data?.pdf === 'failed') setState('failed')
    }
    addEventListener('message', onMessage)
    return () => {
      clearTimeout(patience)
      removeEventListener('message', onMessage)
    }
  }, [bytes])

  if (state === 'failed') return <p className="preview-nothing">{text.t('reading.attachment.pdfFailed')}</p>
  return (
    <>
      <iframe
        ref={frame}
        className="preview-frame"
        title={text.t('reading.attachment.attachments')}
        sandbox="allow-scripts"
        src="app://pdf/index.html"
      />
      {typeof state === 'number' && <p className="preview-none num">{text.plural('reading.attachment.pages', state)}</p>}
    </>
  )
}
