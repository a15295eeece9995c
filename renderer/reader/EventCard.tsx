import { CalendarClock } from 'lucide-react'
import type { CalendarEvent, CalendarTime } from '../../main/contract/reading.ts'
import type { Text } from '../text/text.ts'

/** An invitation as it came. Nothing is answered, and nothing put into a calendar. */
export function EventCard({ event, text }: { event: CalendarEvent; text: Text }) {
  const { t } = text
  const cancelled = event.method === 'cancel' || event.status === 'cancelled'
  const kind = cancelled ? 'cancelled' : event.method === 'reply' ? 'reply' : event.method === 'request' ? 'invitation' : 'event'
  const guests = event.attendees.map(({ name, address, answer }) => {
    const said = answer === 'accepted' || answer === 'declined' || answer === 'tentative' ? ` (${t(`reading.event.answer.${answer}`)})` : ''
    return (name || address) + said
  })
  return (
    <section className="mail-card selectable" data-cancelled={cancelled || undefined} aria-label={t(`reading.event.${kind}`)}>
      <CalendarClock className="icon" size={18} aria-hidden="true" />
      <div>
        <p className="card-kind">{t(`reading.event.${kind}`)}</p>
        <h2>{event.summary || t('reading.event.untitled')}</h2>
        <dl>
          {event.start && (
            <>
              <dt>{t('reading.event.when')}</dt>
              <dd className="num">{[span(event.start, event.end, text), repeated(event, text)].filter(part => part !== '').join(', ')}</dd>
            </>
          )}
          {event.location && (
            <>
              <dt>{t('reading.event.where')}</dt>
              <dd>{event.location}</dd>
            </>
          )}
          {event.organizer && (
            <>
              <dt>{t('reading.event.who')}</dt>
              <dd>{event.organizer.name || event.organizer.address}</dd>
            </>
          )}
          {guests.length > 0 && (
            <>
              <dt>{t('reading.event.guests')}</dt>
              <dd>{text.format.list(guests.slice(0, 30))}</dd>
            </>
          )}
        </dl>
        {event.description && <p className="card-text">{event.description}</p>}
      </div>
    </section>
  )
}

function repeated({ repeats }: CalendarEvent, { t }: Text): string {
  return repeats === 'daily' || repeats === 'weekly' || repeats === 'monthly' || repeats === 'yearly' ? t(`reading.event.repeats.${repeats}`) : ''
}

function span(start: CalendarTime, end: CalendarTime | null, text: Text): string {
  const { format } = text
  if (start.allDay) {
    const day = (time: CalendarTime) => format.day(Date.parse(`${time.written}T12:00:00`))
    return end && end.written !== start.written ? `${day(start)} – ${day(end)}` : day(start)
  }
  if (start.time === null) return `${start.written}${start.zone ? ` (${text.t('reading.event.zone', { zone: start.zone })})` : ''}`
  const from = format.fullDate(start.time)
  if (end?.time == null) return from
  return `${from} – ${new Date(end.time).toDateString() === new Date(start.time).toDateString() ? format.time(end.time) : format.fullDate(end.time)}`
}
