import type { ProviderOffer } from '../../main/contract/captureRules.ts'
import type { ArchiveSummary } from '../../main/contract/types.ts'
import { AccountFields } from '../dialogs/AccountFields.tsx'
import type { Text } from '../text/text.ts'
import { Check } from '../ui/Check.tsx'
import { Field } from '../ui/Field.tsx'
import { Picker } from '../ui/Picker.tsx'
import { hasOwnTarget, otherTargets, type RestoreDraft } from './restoreForm.ts'

interface Props {
  archive: ArchiveSummary
  archives: readonly ArchiveSummary[]
  providers: readonly ProviderOffer[]
  draft: RestoreDraft
  text: Text
  onChange(draft: RestoreDraft): void
  onChooseCa(): void
}

const accountOf = ({ account }: ArchiveSummary) => (account ? `${account.user} · ${account.host}` : '')

/** Where it goes: back where it was, to another account, or to a server that is described here. */
export function TargetFields({ archive, archives, providers, draft, text, onChange, onChooseCa }: Props) {
  const { t } = text
  const options = [
    ...(hasOwnTarget(archive) ? [{ id: 'own', label: t('restore.own', { account: accountOf(archive) }) }] : []),
    ...otherTargets(archive, archives).map(one => ({ id: one.id, label: t('restore.otherAccount', { name: one.name, account: accountOf(one) }) })),
    { id: 'server', label: t('restore.server') },
  ]
  const mayAdopt = draft.to === 'server' && draft.from === 'whole' && draft.which !== 'gone' && draft.prefix.trim() === ''
  return (
    <>
      <Picker label={t('restore.to')} value={draft.to} options={options} onChange={to => onChange({ ...draft, to, adopt: false })} />
      {archive.account?.protocol === 'pop3' && <p className="form-note">{t('restore.pop3')}</p>}
      {draft.to === 'server' && (
        <div className="restore-server">
          <AccountFields
            draft={draft.server}
            known={false}
            imapOnly
            providers={providers}
            text={text}
            onChange={server => onChange({ ...draft, server })}
            onChooseCa={onChooseCa}
          />
        </div>
      )}
      <Field
        label={t('restore.prefix')}
        hint={t('restore.prefixHint')}
        value={draft.prefix}
        onChange={prefix => onChange({ ...draft, prefix, adopt: false })}
        name="prefix"
      />
      {mayAdopt && (
        <Check label={t('restore.adopt')} hint={t('restore.adoptHint')} checked={draft.adopt} onChange={adopt => onChange({ ...draft, adopt })} />
      )}
    </>
  )
}
