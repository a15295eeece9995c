import { useRef, useState } from 'react'
import type { AccountTest, ArchiveSummary } from '../../main/contract/types.ts'
import { SignInField } from '../signIn/SignInField.tsx'
import { followHost } from '../signIn/signInForm.ts'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import { useCall } from '../state/useCall.ts'
import { useText } from '../state/useText.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Sheet } from '../ui/Sheet.tsx'
import { AccountFields, PASSWORD_FIELD } from './AccountFields.tsx'
import { AccountTestResult } from './AccountTestResult.tsx'
import { type AccountDraft, draftOf, settingsOf } from './accountForm.ts'
import { StepForm } from './StepForm.tsx'

/** How to reach the server. Saving tests first; what the test found stands in the form, and can be overruled. */
export function AccountDialog({ archive, onClose }: { archive: ArchiveSummary; onClose(): void }) {
  const text = useText()
  const { t } = text
  const { engine, shell } = useDoors()
  const [draft, setDraft] = useState<AccountDraft>(() => draftOf(archive.account))
  const [result, setResult] = useState<AccountTest | null>(null)
  // Without them the form works as well; nothing is shown of an error.
  const { value: providers = [] } = useCall('account.providers', {})
  const { value: signIns = [], reload } = useCall('signIn.offers', {})
  const [signedIn, setSignedIn] = useState<string | null>(null)
  const known = archive.account !== undefined
  const settings = settingsOf(draft)
  const latest = useRef(settings)
  latest.current = settings
  const secret = draft.signIn === null ? draft.password !== '' && { password: draft.password } : signedIn !== null && { signIn: signedIn }
  // What is stored stays good as long as it is of the same kind.
  const proven = secret !== false || (known && (archive.account?.signIn ?? null) === draft.signIn)
  const offer = signIns.find(({ provider }) => provider === draft.signIn)

  const change = (next: AccountDraft) => {
    const takesPasswords = !providers.some(({ imap, pop3, hints }) => hints.includes('sign-in-only') && [imap?.host, pop3?.host].includes(next.host))
    if (next.signIn !== draft.signIn) setSignedIn(null)
    // A server that was looked for is found while somebody types: the hint of its provider says that it takes none, and the field stays.
    setDraft(followHost(next, draft, signIns, takesPasswords || isPasswordTyped()))
    setResult(null)
  }
  const testNow = async (tested: AccountDraft): Promise<boolean> => {
    const wanted = settingsOf(tested)
    if (!wanted) return false
    setResult(null)
    const found = await engine.call('account.test', { archive: archive.id, settings: wanted, ...secret })
    // The form may show another server by now, of which this says nothing.
    if (JSON.stringify(latest.current) === JSON.stringify(wanted)) setResult(found)
    return found.ok
  }
  const test = useAction(testNow)
  const keep = useAction(async (tested: boolean) => {
    if (!settings) return
    if (!tested && !result?.ok && !(await testNow(draft))) return
    await engine.call('account.set', { archive: archive.id, settings, ...secret })
    if (!known) await engine.call('job.capture', { archive: archive.id })
    onClose()
  })
  const chooseCa = useAction(async () => {
    const { path, text: pem } = await shell.call('file.openText', { title: t('account.certificate'), extensions: ['pem', 'crt', 'cer'] })
    if (path !== null) change({ ...draft, ca: pem })
  })
  const pin = (sha256: string) => {
    const pinned = { ...draft, pin: sha256 }
    change(pinned)
    void test.run(pinned)
  }
  const busy = test.busy || keep.busy
  const error = test.error ?? keep.error ?? chooseCa.error

  return (
    <Sheet
      title={known ? t('account.editTitle', { name: archive.name }) : t('account.addTitle')}
      lead={t('account.lead')}
      closeLabel={t('common.close')}
      onClose={onClose}
    >
      <StepForm
        submit={known ? t('common.save') : t('account.saveCapture')}
        busy={keep.busy}
        disabled={settings === null || !proven || test.busy}
        aside={
          result && !result.ok ? (
            <Button look="quiet" onPress={() => keep.run(true)}>
              {t('account.saveAnyway')}
            </Button>
          ) : (
            <Button busy={test.busy} isDisabled={settings === null || !proven || busy} onPress={() => test.run(draft)}>
              {t('account.test')}
            </Button>
          )
        }
        cancel={known ? t('common.cancel') : t('account.later')}
        onSubmit={() => keep.run(false)}
        onCancel={onClose}
      >
        <AccountFields
          draft={draft}
          known={known}
          providers={providers}
          signIns={signIns}
          signInField={
            offer && (
              <SignInField
                key={offer.provider}
                offer={offer}
                user={draft.user}
                known={archive.account?.signIn === offer.provider}
                signedIn={signedIn !== null}
                text={text}
                onSignedIn={id => {
                  setSignedIn(id)
                  setResult(null)
                }}
                onOffers={reload}
              />
            )
          }
          text={text}
          onChange={change}
          onChooseCa={chooseCa.run}
        />
        {busy && !result && <AccountTestResult result={null} text={text} onPin={pin} />}
        {result && <AccountTestResult result={result} text={text} onPin={pin} />}
        {error && <ErrorNote error={error} text={text} />}
      </StepForm>
    </Sheet>
  )
}

const isPasswordTyped = () => document.activeElement?.getAttribute('name') === PASSWORD_FIELD
