import { useState } from 'react'
import type { Address, MessageView } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'

const FEW = 4

/** From, To, Cc: names first, addresses beside; long lists folded. */
export function People({ view, text }: { view: MessageView; text: Text }) {
  const { t } = text
  const [from] = view.summary.from
  return (
    <div className="people">
      <span className="avatar" aria-hidden="true">
        {initials(from)}
      </span>
      <div className="people-lines">
        <p className="people-from">
          {view.summary.from.length === 0
            ? t('list.noSender')
            : view.summary.from.map(person => (
                <span key={person.address + person.name}>
                  <b>{person.name || person.address}</b>
                  {person.name && <span className="people-address">{person.address}</span>}
                </span>
              ))}
        </p>
        <Line label={t('reader.to')} people={view.summary.to} text={text} />
        <Line label={t('reader.cc')} people={view.cc} text={text} />
        <Line label={t('reader.bcc')} people={view.bcc} text={text} />
        {differs(view) && <Line label={t('reader.replyTo')} people={view.replyTo} text={text} />}
      </div>
    </div>
  )
}

function Line({ label, people, text }: { label: string; people: readonly Address[]; text: Text }) {
  const [open, setOpen] = useState(false)
  if (people.length === 0) return null
  const shown = open ? people : people.slice(0, FEW)
  return (
    <p className="people-line">
      <span className="people-label">{label}</span>
      <span>
        {shown.map((person, index) => (
          <span key={person.address + person.name} title={person.address}>
            {index > 0 && ', '}
            {person.name || person.address}
          </span>
        ))}
        {people.length > shown.length && (
          <button type="button" className="link" onClick={() => setOpen(true)}>
            {text.plural('count.others', people.length - shown.length)}
          </button>
        )}
      </span>
    </p>
  )
}

const differs = (view: MessageView) =>
  view.replyTo.length > 0 && view.replyTo.some(person => !view.summary.from.some(from => from.address.toLowerCase() === person.address.toLowerCase()))

/** Two letters of a Latin name, one character of a Chinese one. */
export function initials(person: Address | undefined): string {
  const words = (person?.name || person?.address || '?')
    .replace(/["'()<>]/g, '')
    .trim()
    .split(/[\s,]+/u)
  const first = [...(words[0] ?? '?')][0] ?? '?'
  if (/\p{Script=Han}/u.test(first)) return first
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : ''
  return (first + last).toUpperCase()
}
