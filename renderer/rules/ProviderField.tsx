import type { ProviderOffer } from '../../main/contract/captureRules.ts'
import type { AccountDraft } from '../dialogs/accountForm.ts'
import type { Text } from '../text/text.ts'
import { Picker } from '../ui/Picker.tsx'
import { hintsFor, providerOf, withProvider } from './providerForm.ts'
import './rules.css'

interface Props {
  draft: AccountDraft
  providers: readonly ProviderOffer[]
  text: Text
  onChange(draft: AccountDraft): void
}

const OTHER = 'other'

/** Fills in a known provider's server, and says what it wants of a person. */
export function ProviderField({ draft, providers, text: { t }, onChange }: Props) {
  const provider = providerOf(draft, providers)
  const hints = provider ? hintsFor(provider, draft.protocol) : []
  return (
    <>
      <Picker
        label={t('rules.provider')}
        value={provider?.id ?? OTHER}
        options={[{ id: OTHER, label: t('rules.providerOther') }, ...providers.map(({ id, name }) => ({ id, label: name }))]}
        onChange={id => {
          const chosen = providers.find(one => one.id === id)
          if (chosen) onChange(withProvider(draft, chosen))
          else if (provider) onChange({ ...draft, host: '' })
        }}
      />
      {hints.length > 0 && (
        <ul className="provider-hints">
          {hints.map(hint => (
            <li key={hint}>{t(`rules.hint.${hint}`)}</li>
          ))}
        </ul>
      )}
    </>
  )
}
