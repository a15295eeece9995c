import { useEffect, useMemo, useState } from 'react'
import { type FrameLook, frameDocument, hasColours } from './frame.ts'

interface Props {
  html: string
  /** The rest of it is still to come. */
  beginning?: boolean
  title: string
  look: FrameLook
}

/** A loaded document is on the screen a little later: until then the beginning stays in front of it. */
const PAINTED_MS = 120

/** What every frame of a message may: a clicked link asks for a window, which the shell never gives; it asks the person instead. No script, no origin. */
const SANDBOX = 'allow-popups'

/**
 * A message's HTML in a frame that can do nothing. The frame has an origin of its own, which nobody else has.
 * Of a long message the beginning is shown at once, alone; the whole of it is laid out behind, and takes its place.
 */
export function HtmlFrame({ html, beginning = false, title, look }: Props) {
  const [first] = useState(beginning ? html : null)
  const [loaded, setLoaded] = useState(false)
  const [over, setOver] = useState(first === null)

  useEffect(() => {
    if (over || !loaded) return
    const timer = setTimeout(() => setOver(true), PAINTED_MS)
    return () => clearTimeout(timer)
  }, [over, loaded])

  return (
    <div className="reader-frame">
      {!beginning && <MessageFrame key="whole" {...{ html, title, look }} behind={!over} onLoad={() => setLoaded(true)} />}
      {!over && first !== null && <MessageFrame key="first" {...{ html: first, title, look }} />}
    </div>
  )
}

interface FrameProps extends Props {
  behind?: boolean
  onLoad?: () => void
}

function MessageFrame({ html, title, look, behind, onLoad }: FrameProps) {
  const document = useMemo(() => frameDocument(html, look), [html, look])
  const turned = look.dark && hasColours(html)
  return (
    <iframe
      title={title}
      sandbox={SANDBOX}
      srcDoc={document}
      referrerPolicy="no-referrer"
      data-turned={turned || undefined}
      data-dark={look.dark || undefined}
      inert={behind}
      onLoad={onLoad}
    />
  )
}

/** An empty frame of the same kind: while it is there, so is the process that all of them share, and the next message has not to wait for a new one. */
export function WarmFrame({ title }: { title: string }) {
  return <iframe className="warm-frame" title={title} aria-hidden="true" tabIndex={-1} sandbox={SANDBOX} srcDoc="<!doctype html>" />
}
