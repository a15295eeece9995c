import type { ReactNode } from 'react'
import type { ProviderOffer } from '../../main/contract/captureRules.ts'
import type { SignInOffer } from '../../main/contract/signIn.ts'
import type { Security } from '../../main/contract/types.ts'
import { ProviderField } from '../rules/ProviderField.tsx'
import { followProtocol } from '../rules/providerForm.ts'
import { offersFor } from '../signIn/signInForm.ts'
import type { Text } from '../text/text.ts'
import { Check } from '../ui/Check.tsx'
import { Field } from '../ui/Field.tsx'
import { PasswordField } from '../ui/PasswordField.tsx'
import { Segments } from '../ui/Segments.tsx'
import { type AccountDraft, isLoopback, knowsRecent, withHost, withProtocol, withSecurity } from './accountForm.ts'
import { useServerSearch } from './useServerSearch.ts'

export const PASSWORD_FIELD = 'account-password'

interface Props {
  draft: AccountDraft
  /** The account is there already: an empty password keeps the one that is stored. */
  known: boolean
  /** POP3 would be of no use. */
  imapOnly?: boolean
  /** Known by name; none where the server is not one to capture from. */
  providers?: readonly ProviderOffer[]
  /** Where one can sign in in place of a password; and how, where the draft wants it. */
  signIns?: readonly SignInOffer[]
  signInField?: ReactNode
  text: Text
  onChange(draft: AccountDraft): void
  onChooseCa(): void
}

export function AccountFields({ draft, known, imapOnly, providers = [], signIns = [], signInField, text, onChange, onChooseCa }: Props) {
  const { t } = text
  const securities: { id: Security; label: string }[] = [
    { id: 'tls', label: t('account.tls') },
    { id: 'starttls', label: t('account.starttls') },
    { id: 'plain', label: t('account.plain') },
  ]
  const ways = [
    { id: '', label: t('signIn.password') },
    ...offersFor(draft.host, signIns).map(({ provider, name }) => ({ id: provider, label: name })),
  ]
  const [search, typed] = useServerSearch({ draft, imapOnly: imapOnly ?? false, providers, onChange })
  const exposed = draft.security === 'plain' && !isLoopback(draft.host)
  return (
    <>
      <Field
        label={t('account.email')}
        value={draft.user}
        onChange={user => onChange({ ...draft, user })}
        onBlur={typed}
        autoComplete="username"
        inputMode="email"
        name="user"
        autoFocus={!known}
      />
      {providers.length > 0 && <ProviderField draft={draft} providers={providers} text={text} onChange={onChange} />}
      {ways.length > 1 && (
        <div className="account-security">
          <span className="label">{t('signIn.how')}</span>
          <Segments
            label={t('signIn.how')}
            options={ways}
            value={draft.signIn ?? ''}
            onChange={way => onChange({ ...draft, signIn: way === '' ? null : way })}
          />
        </div>
      )}
      {draft.signIn === null ? (
        <PasswordField
          label={t('account.password')}
          // Where it only serves one restore it is kept nowhere.
          {...(!imapOnly && { hint: t('account.passwordHint') })}
          value={draft.password}
          onChange={password => onChange({ ...draft, password })}
          placeholder={known ? t('account.passwordKept') : undefined}
          showLabel={t('password.show')}
          hideLabel={t('password.hide')}
          autoComplete="off"
          name={PASSWORD_FIELD}
        />
      ) : (
        signInField
      )}
      {!imapOnly && (
        <div className="account-security">
          <span className="label">{t('account.protocol')}</span>
          <Segments
            label={t('account.protocol')}
            options={[
              { id: 'imap', label: 'IMAP' },
              { id: 'pop3', label: 'POP3' },
            ]}
            value={draft.protocol}
            onChange={protocol => onChange(followProtocol(draft, withProtocol(draft, protocol), providers))}
          />
        </div>
      )}
      {draft.protocol === 'pop3' && <p className="form-note">{t('account.pop3Note')}</p>}
      <div className="form-row">
        <Field
          label={t(draft.protocol === 'imap' ? 'account.host' : 'account.hostPop3')}
          value={draft.host}
          onChange={host => onChange(withHost(draft, host))}
          placeholder={draft.protocol === 'imap' ? 'imap.example.org' : 'pop.example.org'}
          name="host"
        />
        <div className="narrow">
          <Field
            label={t('account.port')}
            value={draft.port}
            onChange={port => onChange({ ...draft, port: port.replace(/\D/g, '').slice(0, 5) })}
            inputMode="numeric"
            name="port"
          />
        </div>
      </div>
      {search !== null && (
        <p className={search === 'outside' ? 'form-warning' : 'form-note'} role="status">
          {search === 'outside' ? t('account.outside', { domain: domainOf(draft.user) }) : t(`account.${search}`)}
        </p>
      )}
      <div className="account-security">
        <span className="label">{t('account.security')}</span>
        <Segments
          label={t('account.security')}
          options={securities}
          value={draft.security}
          onChange={security => onChange(withSecurity(draft, security))}
        />
        <span className="spring" />
        {draft.security !== 'plain' && draft.pin === null && (
          <button type="button" className="link" onClick={draft.ca === null ? onChooseCa : () => onChange({ ...draft, ca: null })}>
            {draft.ca === null ? t('account.certificateChoose') : t('account.unpin')}
          </button>
        )}
      </div>
      {draft.security !== 'plain' && draft.ca !== null && <p className="form-note">{t('account.certificateSet')}</p>}
      {draft.security !== 'plain' && draft.pin !== null && (
        <p className="form-note">
          {t('account.pinned')}
          <button type="button" className="link" onClick={() => onChange({ ...draft, pin: null })}>
            {t('account.unpin')}
          </button>
        </p>
      )}
      {knowsRecent(draft) && <Check label={t('account.recent')} checked={draft.recent} onChange={recent => onChange({ ...draft, recent })} />}
      {exposed && (
        <div className="form-warning">
          <p>{t('account.plainWarning')}</p>
          <Check label={t('account.allowPlain')} checked={draft.allowPlain} onChange={allowPlain => onChange({ ...draft, allowPlain })} />
        </div>
      )}
    </>
  )
}

const domainOf = (user: string): string => user.trim().split('@').at(-1)!.toLowerCase()
