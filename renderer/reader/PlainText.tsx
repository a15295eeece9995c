import { memo } from 'react'
import { type Line, lastQuote, plainLines } from './plainParts.ts'

/** More lines than this as separate elements would be slow; the rest is shown as one piece. */
const MOST_LINES = 3000
/** What is not in sight is not laid out, a block at a time. */
const BLOCK = 40

interface Props {
  body: string
  /** What it is, for who does not see it. */
  label: string
  empty: string
  /** What stands on the folded quotation. */
  quoted: string
  zoom: number
  onLink(url: string): void
}

/** The plain text with quotes set back, the conversation quoted at its end folded, and addresses that can be opened (the shell asks first). */
export const PlainText = memo(function PlainText({ body, label, empty, quoted, zoom, onLink }: Props) {
  const lines = plainLines(body)
  const rest = lines.slice(MOST_LINES)
  const fold = rest.length > 0 ? null : lastQuote(lines)
  const show = (from: number, to: number) =>
    blocksOf(from, Math.min(to, lines.length)).map(([first, last]) => (
      <div key={first} className="plain-block">
        {lines.slice(first, last).map((line, at) => {
          const key = first + at // lines never move
          return <PlainLine key={key} line={line} onLink={onLink} />
        })}
      </div>
    ))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text that the keyboard must be able to scroll
    <section className="reader-body plain selectable" tabIndex={0} aria-label={label} style={{ zoom }}>
      {body.trim() === '' && <p className="reader-none">{empty}</p>}
      {show(0, fold?.from ?? MOST_LINES)}
      {fold && (
        <details className="plain-quote">
          <summary>{quoted}</summary>
          {show(fold.from, fold.to)}
        </details>
      )}
      {fold && show(fold.to, lines.length)}
      {rest.length > 0 && <pre className="plain-block">{rest.map(line => line.parts.map(part => part.text).join('')).join('\n')}</pre>}
    </section>
  )
})

function blocksOf(from: number, to: number): [number, number][] {
  const count = Math.max(0, Math.ceil((to - from) / BLOCK))
  return Array.from({ length: count }, (_, n) => [from + n * BLOCK, Math.min(to, from + (n + 1) * BLOCK)])
}

function PlainLine({ line, onLink }: { line: Line; onLink(url: string): void }) {
  return (
    <div className="plain-line" data-depth={Math.min(line.depth, 3) || undefined}>
      {line.parts.map((part, at) =>
        part.url ? (
          <a
            // biome-ignore lint/suspicious/noArrayIndexKey: parts never move
            key={at}
            href={part.url}
            onClick={event => {
              event.preventDefault()
              onLink(part.url!)
            }}
          >
            {part.text}
          </a>
        ) : (
          part.text
        ),
      )}
    </div>
  )
}
