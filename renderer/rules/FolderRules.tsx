import { useState } from 'react'
import type { CaptureState } from '../../main/contract/captureRules.ts'
import { StepForm } from '../dialogs/StepForm.tsx'
import type { Text } from '../text/text.ts'
import { Check } from '../ui/Check.tsx'
import { TextArea } from '../ui/TextArea.tsx'
import { isWider, kinds, leftOutBy, namesOf, newlyLeftOut, type Selection } from './rulesForm.ts'

interface Props {
  state: CaptureState
  busy: boolean
  text: Text
  onSave(selection: Selection): void
  onCancel(): void
}

/** Which folders are captured. What leaving one out costs is said before it is saved. */
export function FolderRules({ state: { rules, mailboxes }, busy, text, onSave, onCancel }: Props) {
  const { t, plural } = text
  const [roles, setRoles] = useState(rules.leaveOutRoles)
  const [lines, setLines] = useState(rules.leaveOutNames.join('\n'))
  const [onlySubscribed, setOnlySubscribed] = useState(rules.onlySubscribed)
  const [understood, setUnderstood] = useState(false)
  const selection: Selection = { leaveOutRoles: roles, leaveOutNames: namesOf(lines), onlySubscribed }
  const costs = isWider(rules, selection)
  const lost = newlyLeftOut(mailboxes, rules, selection)
  const change = (next: () => void) => {
    next()
    setUnderstood(false)
  }
  const toggle = (name: string, captured: boolean) => {
    const names = namesOf(lines)
    change(() => setLines((captured ? names.filter(one => one.toLowerCase() !== name.toLowerCase()) : [...names, name]).join('\n')))
  }
  return (
    <StepForm
      submit={t('common.save')}
      cancel={t('common.cancel')}
      busy={busy}
      disabled={costs && !understood}
      onSubmit={() => onSave(selection)}
      onCancel={onCancel}
    >
      <p className="form-note">{t('rules.folders.lead')}</p>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is a block of its own layout */}
      <div className="field" role="group" aria-label={t('rules.folders.kinds')}>
        <span className="label">{t('rules.folders.kinds')}</span>
        <div className="rules-kinds">
          {kinds.map(role => (
            <Check
              key={role}
              label={t(`mailbox.${role}`)}
              checked={roles.includes(role)}
              onChange={out => change(() => setRoles(out ? [...roles, role] : roles.filter(one => one !== role)))}
            />
          ))}
        </div>
      </div>
      <Check
        label={t('rules.folders.onlySubscribed')}
        hint={t('rules.folders.onlySubscribedHint')}
        checked={onlySubscribed}
        onChange={only => change(() => setOnlySubscribed(only))}
      />
      <TextArea label={t('rules.folders.names')} hint={t('rules.folders.namesHint')} value={lines} onChange={next => change(() => setLines(next))} />
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div className="field" role="group" aria-label={t('rules.folders.list')}>
        <span className="label">{t('rules.folders.list')}</span>
        {mailboxes.length === 0 && <p className="form-note">{t('rules.folders.noneYet')}</p>}
        {mailboxes.length > 0 && (
          <div className="rules-list">
            {mailboxes.map(mailbox => {
              const by = leftOutBy(mailbox, selection)
              const exact = namesOf(lines).some(name => name.toLowerCase() === mailbox.name.toLowerCase())
              return (
                <Check
                  key={mailbox.name}
                  label={mailbox.name}
                  hint={
                    by === 'kind'
                      ? t('rules.folders.byKind')
                      : by === 'unsubscribed'
                        ? t('rules.folders.byUnsubscribed')
                        : by === 'name' && !exact
                          ? t('rules.folders.byName')
                          : plural('count.messages', mailbox.messages)
                  }
                  checked={by === null}
                  disabled={by === 'kind' || by === 'unsubscribed' || (by === 'name' && !exact)}
                  onChange={captured => toggle(mailbox.name, captured)}
                />
              )
            })}
          </div>
        )}
      </div>
      {costs && (
        <div className="form-warning" role="alert">
          <h3>{t('rules.folders.costTitle')}</h3>
          <p>{t('rules.folders.cost', { names: namesFor(lost, selection, text) })}</p>
          {addsRole('trash', rules, selection) && <p>{t('rules.folders.costTrash')}</p>}
          {addsRole('sent', rules, selection) && <p>{t('rules.folders.costSent')}</p>}
          {addsRole('all', rules, selection) && <p>{t('rules.folders.costAll')}</p>}
          {onlySubscribed && !rules.onlySubscribed && <p>{t('rules.folders.costUnsubscribed')}</p>}
          <Check label={t('rules.folders.understand')} checked={understood} onChange={setUnderstood} />
        </div>
      )}
    </StepForm>
  )
}

const MOST_NAMED = 6

/** The folders it is about; where none is there yet, the words that would leave them out. */
function namesFor(lost: CaptureState['mailboxes'], { leaveOutRoles, leaveOutNames, onlySubscribed }: Selection, { t, plural }: Text): string {
  const words = [...leaveOutRoles.map(role => t(`mailbox.${role}`)), ...leaveOutNames, ...(onlySubscribed ? [t('rules.folders.unsubscribed')] : [])]
  const names = lost.length > 0 ? lost.map(({ name }) => name) : words
  const more = names.length - MOST_NAMED
  return [...names.slice(0, MOST_NAMED), ...(more > 0 ? [plural('count.others', more)] : [])].join(', ')
}

const addsRole = (role: Selection['leaveOutRoles'][number], before: Selection, after: Selection) =>
  after.leaveOutRoles.includes(role) && !before.leaveOutRoles.includes(role)
