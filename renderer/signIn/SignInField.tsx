import { useEffect, useRef, useState } from 'react'
import type { SignInOffer, SignInStarted } from '../../main/contract/signIn.ts'
import { useDoors } from '../state/engine.ts'
import { useAction } from '../state/useAction.ts'
import type { Text } from '../text/text.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Field } from '../ui/Field.tsx'
import { PasswordField } from '../ui/PasswordField.tsx'
import './signIn.css'

interface Props {
  offer: SignInOffer
  user: string
  /** The account signs in there already. */
  known: boolean
  signedIn: boolean
  text: Text
  onSignedIn(id: string): void
  /** There is another client id now. */
  onOffers(): void
}

/** The page of the provider is opened in the system's browser; the form waits for the person to come back. */
export function SignInField({ offer, user, known, signedIn, text, onSignedIn, onOffers }: Props) {
  const { t } = text
  const { engine, shell } = useDoors()
  const waiting = useRef<string | null>(null)
  const [started, setStarted] = useState<SignInStarted | null>(null)
  const [asksClient, setAsksClient] = useState(false)
  const { provider, name, clientId, device } = offer
  const sign = useAction(async (how: 'browser' | 'device') => {
    const begun = await engine.call('signIn.begin', { provider, user: user.trim(), how, goodbye: t('signIn.goodbye') })
    setStarted(begun)
    waiting.current = begun.id
    try {
      if (how === 'browser') await shell.call('link.open', { url: begun.url })
      await engine.call('signIn.wait', { id: begun.id })
      onSignedIn(begun.id)
    } finally {
      waiting.current = null
      setStarted(null)
    }
  })
  // Whoever closes the form does not wait any more.
  useEffect(
    () => () => {
      if (waiting.current !== null) engine.call('signIn.cancel', { id: waiting.current }).catch(() => {})
    },
    [engine],
  )

  if (clientId === null || asksClient)
    return (
      <ClientFields
        offer={offer}
        text={text}
        onKept={() => {
          setAsksClient(false)
          onOffers()
        }}
      />
    )
  return (
    <div className="sign-in">
      <p className="form-note">{t('signIn.lead', { name })}</p>
      {started ? (
        <>
          <p className="form-note" aria-live="polite">
            {started.code === null ? t('signIn.waiting') : t('signIn.waitingCode', { url: started.url })}
          </p>
          {started.code !== null && <p className="sign-in-code selectable">{started.code}</p>}
          <div className="sign-in-row">
            <Button onPress={() => void shell.call('link.open', { url: started.url }).catch(() => {})}>{t('signIn.open')}</Button>
            <Button look="quiet" onPress={() => void engine.call('signIn.cancel', { id: started.id }).catch(() => {})}>
              {t('signIn.cancel')}
            </Button>
          </div>
        </>
      ) : (
        <div className="sign-in-row">
          <Button onPress={() => sign.run('browser')} busy={sign.busy}>
            {signedIn || known ? t('signIn.again') : t('signIn.begin', { name })}
          </Button>
          {device && (
            <Button look="quiet" isDisabled={sign.busy} onPress={() => sign.run('device')}>
              {t('signIn.useCode')}
            </Button>
          )}
          <button type="button" className="link" onClick={() => setAsksClient(true)}>
            {t('signIn.changeClient')}
          </button>
        </div>
      )}
      {!started && (signedIn || known) && (
        <p className="form-note" role="status">
          {t(signedIn ? 'signIn.signedIn' : 'signIn.kept')}
        </p>
      )}
      {sign.error && <ErrorNote error={sign.error} text={text} />}
    </div>
  )
}

/** Mailcoffer is registered nowhere: who distributes or uses it says as what it signs in. */
function ClientFields({ offer: { provider, name, clientId }, text, onKept }: { offer: SignInOffer; text: Text; onKept(): void }) {
  const { t } = text
  const { engine } = useDoors()
  const [id, setId] = useState(clientId ?? '')
  const [secret, setSecret] = useState('')
  const keep = useAction(async () => {
    await engine.call('signIn.setClient', { provider, clientId: id.trim(), ...(secret !== '' && { clientSecret: secret }) })
    onKept()
  })
  return (
    <div className="sign-in">
      <p className="form-note">{t('signIn.noClient', { name })}</p>
      <Field label={t('signIn.clientId')} value={id} onChange={setId} name="client-id" />
      <PasswordField
        label={t('signIn.clientSecret')}
        value={secret}
        onChange={setSecret}
        showLabel={t('password.show')}
        hideLabel={t('password.hide')}
        autoComplete="off"
        name="client-secret"
      />
      <div className="sign-in-row">
        <Button busy={keep.busy} isDisabled={id.trim() === ''} onPress={() => keep.run()}>
          {t('signIn.keepClient')}
        </Button>
      </div>
      {keep.error && <ErrorNote error={keep.error} text={text} />}
    </div>
  )
}
