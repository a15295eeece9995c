import { memo } from 'react'
import { plainLines } from './plainParts.ts'

/** More lines than this as separate elements would be slow; the rest is shown as one piece. */
const MOST_LINES = 3000

interface Props {
  body: string
  empty: string
  onLink(url: string): void
}

/** The plain text with quotes set back and addresses that can be opened (the shell asks first). */
export const PlainText = memo(function PlainText({ body, empty, onLink }: Props) {
  const lines = plainLines(body)
  const rest = lines.slice(MOST_LINES)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text that the keyboard must be able to scroll
    <section className="reader-body plain selectable" tabIndex={0} aria-label={empty}>
      {body.trim() === '' && <p className="reader-none">{empty}</p>}
      {lines.slice(0, MOST_LINES).map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines never move
        <div key={index} className="plain-line" data-depth={Math.min(line.depth, 3) || undefined}>
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
      ))}
      {rest.length > 0 && <pre>{rest.map(line => line.parts.map(part => part.text).join('')).join('\n')}</pre>}
    </section>
  )
})
