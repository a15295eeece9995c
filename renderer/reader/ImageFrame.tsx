import { useEffect, useState } from 'react'
import { dataUrl } from './dataUrl.ts'
import { FRAME_CSP } from './frame.ts'

/** An image, decoded in a frame that can do nothing. An SVG is only ever an image there: no script runs in it, and nothing is fetched for it. */
export function ImageFrame({ type, bytes, title }: { type: string; bytes: Uint8Array; title: string }) {
  const [url, setUrl] = useState('')
  useEffect(() => {
    let wanted = true
    void dataUrl(type, bytes).then(made => wanted && setUrl(made))
    return () => {
      wanted = false
    }
  }, [type, bytes])
  if (url === '') return null
  const document = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${FRAME_CSP}"><style>html,body{height:100%;margin:0}body{display:grid;place-items:center;background:repeating-conic-gradient(#f3f4f4 0 25%,#fff 0 50%) 0 0/20px 20px}img{max-width:100%;max-height:100%}</style><img alt="" src="${url}">`
  return <iframe className="preview-frame" title={title} sandbox="" srcDoc={document} />
}
