import { useEffect, useMemo, useState } from 'react'
import { type FrameLook, firstPart, frameDocument, hasColours } from './frame.ts'

interface Props {
  html: string
  title: string
  look: FrameLook
}

/** Who walks through the list has gone on by then, and the frames' process is not kept busy with what nobody sees. */
const WHOLE_AFTER_MS = 250
/** A loaded document is on the screen a little later: until then the beginning stays in front of it. */
const PAINTED_MS = 120

/** What every frame of a message may: a clicked link asks for a window, which the shell never gives; it asks the person instead. No script, no origin. */
const SANDBOX = 'allow-popups'

/**
 * A message's HTML in a frame that can do nothing. The frame has an origin of its own, which nobody else has.
 * Of a long message the beginning is shown at once, alone; the whole of it is laid out behind, and takes its place.
 */
export function HtmlFrame({ html, title, look }: Props) {
  const beginning = useMemo(() => firstPart(html), [html])
  const [stage, setStage] = useState<'beginning' | 'both' | 'whole'>(beginning === null ? 'whole' : 'beginning')
  const [loaded, setLoaded] = useState<'beginning' | 'whole' | null>(null)
  const colours = useMemo(() => hasColours(html), [html])
  const turned = look.dark && colours

  useEffect(() => {
    if (stage === 'whole' || loaded !== (stage === 'both' ? 'whole' : 'beginning')) return
    const timer = setTimeout(() => setStage(stage === 'both' ? 'whole' : 'both'), stage === 'both' ? PAINTED_MS : WHOLE_AFTER_MS)
    return () => clearTimeout(timer)
  }, [loaded, stage])

  const frame = (key: string, content: string, onLoad: () => void, behind = false) => (
    <MessageFrame key={key} {...{ title, look, turned, behind, onLoad }} html={content} colours={colours} />
  )
  return (
    <div className="reader-frame">
      {stage !== 'beginning' && frame('whole', html, () => setLoaded('whole'), stage === 'both')}
      {beginning !== null && stage !== 'whole' && frame('beginning', beginning, () => setLoaded(before => before ?? 'beginning'))}
    </div>
  )
}

interface FrameProps extends Props {
  colours: boolean
  turned: boolean
  behind: boolean
  onLoad(): void
}

function MessageFrame({ html, title, look, colours, turned, behind, onLoad }: FrameProps) {
  const document = useMemo(() => frameDocument(html, look, colours), [html, look, colours])
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
