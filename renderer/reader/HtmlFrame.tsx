import { useEffect, useMemo, useState } from 'react'
import { type FrameLook, frameDocument, hasColours } from './frame.ts'

interface Props {
  /** Null: nothing for now; the frame stays, out of sight, for the next message. */
  html: string | null
  /** Which message it is. */
  id?: string
  /** The rest of it is still to come. */
  beginning?: boolean
  title: string
  look: FrameLook
}

/** A loaded document is on the screen a little later: until then the beginning stays in front of it. */
const PAINTED_MS = 120

/** What every frame of a message may: a clicked link asks for a window, which the shell never gives; it asks the person instead. No script, no origin. */
const SANDBOX = 'allow-popups'

/** One iframe: it lives as long as its key, and gets one document after the other. */
interface Frame {
  key: number
  id: string
  html: string
  beginning: boolean
  turned: boolean
}

/**
 * A message's HTML in a frame that can do nothing. Each document has an origin of its own, which nobody else has.
 * The frame stays from message to message, because to make a new one takes longer than to load most messages.
 * Of a long message the beginning is shown at once, alone; the whole of it is laid out in a second frame behind, which takes its place.
 */
export function HtmlFrame({ html, id = '', beginning = false, title, look }: Props) {
  const [{ front, behind }, setFrames] = useState<{ front: Frame | null; behind: Frame | null }>({ front: null, behind: null })
  const [loaded, setLoaded] = useState(-1)

  if (html !== null) {
    const turned = look.dark && hasColours(html)
    const whole = front?.id === id && front.beginning && !beginning
    const latest = whole ? behind : front
    if (!latest || latest.id !== id || latest.html !== html || latest.turned !== turned) {
      // The colours of a frame are turned from outside: what stands in it must not be seen in those of the next.
      const stays = latest?.turned === turned
      const next = { key: latest && stays ? latest.key : newKey(), id, html, beginning, turned }
      setFrames(whole ? { front, behind: next } : { front: next, behind: null })
    }
  }

  useEffect(() => {
    if (!behind || loaded !== behind.key) return
    const timer = setTimeout(() => setFrames({ front: behind, behind: null }), PAINTED_MS)
    return () => clearTimeout(timer)
  }, [behind, loaded])

  return (
    <div className={html === null ? 'resting-frame' : 'reader-frame'}>
      {[behind, front].map(
        frame => frame && <MessageFrame key={frame.key} {...{ frame, title, look }} behind={frame === behind} onLoad={() => setLoaded(frame.key)} />,
      )}
    </div>
  )
}

let keys = 0
const newKey = () => ++keys

interface FrameProps {
  frame: Frame
  title: string
  look: FrameLook
  behind: boolean
  onLoad(): void
}

function MessageFrame({ frame: { html, turned }, title, look, behind, onLoad }: FrameProps) {
  const document = useMemo(() => frameDocument(html, look), [html, look])
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
