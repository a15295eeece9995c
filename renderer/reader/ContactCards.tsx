import { UserRound } from 'lucide-react'
import type { ContactCard } from '../../main/contract/reading.ts'
import type { Text } from '../text/text.ts'

/** Contact cards that came with a message. */
export function ContactCards({ contacts, text }: { contacts: readonly ContactCard[]; text: Text }) {
  const { t } = text
  return contacts.map((contact, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: cards of one message never move
    <section key={at} className="mail-card selectable" aria-label={t('reading.contact.title')}>
      <UserRound className="icon" size={18} aria-hidden="true" />
      <div>
        <p className="card-kind">{t('reading.contact.title')}</p>
        <h2>{contact.name}</h2>
        <p>{[contact.title, contact.organisation === contact.name ? '' : contact.organisation].filter(part => part !== '').join(', ')}</p>
        <dl>
          {contact.emails.length > 0 && (
            <>
              <dt>@</dt>
              <dd>{contact.emails.join(', ')}</dd>
            </>
          )}
          {contact.phones.length > 0 && (
            <>
              <dt>{t('reading.contact.phone')}</dt>
              <dd className="num">{contact.phones.join(', ')}</dd>
            </>
          )}
          {contact.addresses.length > 0 && (
            <>
              <dt>{t('reading.contact.address')}</dt>
              <dd>{contact.addresses.join('; ')}</dd>
            </>
          )}
          {contact.birthday && (
            <>
              <dt>{t('reading.contact.birthday')}</dt>
              <dd className="num">{contact.birthday}</dd>
            </>
          )}
        </dl>
        {contact.note && <p className="card-text">{contact.note}</p>}
      </div>
    </section>
  ))
}
