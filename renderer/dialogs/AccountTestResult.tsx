import { Check, X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { AccountTest, AccountTestStep } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import './account.css'

const order: readonly AccountTestStep['step'][] = ['resolve', 'connect', 'secure', 'greeting', 'login', 'list', 'examine']

interface Props {
  /** Null while the test is under way. */
  result: AccountTest | null
  text: Text
  onPin(sha256: string): void
}

/** Step by step how far it came, and at the first that failed: why, what is safe, what to do. */
export function AccountTestResult({ result, text, onPin }: Props) {
  const { t, plural } = text
  const element = useRef<HTMLDivElement>(null)
  // The form may be longer than the window: what came of the test is to be seen.
  useEffect(() => {
    if (result) element.current?.scrollIntoView({ block: 'nearest' })
  }, [result])
  const done = new Map(result?.steps.map(step => [step.step, step]))
  const untrusted = result?.certificate
  return (
    <div ref={element} className="account-test" aria-live="polite">
      <ol>
        {order.map(name => {
          const step = done.get(name)
          return (
            <li key={name} data-state={step ? (step.ok ? 'ok' : 'bad') : result ? 'skipped' : 'waiting'}>
              <span className="account-mark" aria-hidden="true">
                {step ? step.ok ? <Check size={11} strokeWidth={3} /> : <X size={11} strokeWidth={3} /> : null}
              </span>
              <span>{t(`account.steps.${name}`)}</span>
              {step?.detail && <span className="clip account-detail">{step.detail}</span>}
            </li>
          )
        })}
      </ol>
      {result?.ok && (
        <p className="account-good">
          {t('account.success', {
            mailboxes: plural('count.mailboxes', result.mailboxes ?? 0),
            messages: plural('count.messages', result.messages ?? 0),
          })}
        </p>
      )}
      {result?.error && <ErrorNote error={result.error} text={text} />}
      {untrusted && (
        <section className="account-certificate selectable">
          <h3>{t('account.untrustedTitle')}</h3>
          <p>{t('account.untrustedLead')}</p>
          <dl>
            <dt>{t('account.subject')}</dt>
            <dd>{untrusted.subject}</dd>
            <dt>{t('account.issuer')}</dt>
            <dd>{untrusted.issuer}</dd>
            <dt>{t('account.validTo')}</dt>
            <dd>{dayOf(untrusted.validTo, text)}</dd>
            <dt>{t('account.fingerprint')}</dt>
            <dd className="mono">{pairs(untrusted.sha256)}</dd>
          </dl>
          <Button onPress={() => onPin(untrusted.sha256)}>{t('account.pin')}</Button>
        </section>
      )}
    </div>
  )
}

/** As certificates say it, in English, where it is no date. */
const dayOf = (said: string, { format }: Text): string => {
  const time = Date.parse(said)
  return Number.isNaN(time) ? said : format.day(time)
}

/** Two digits and two digits, as other programs show fingerprints, so that they can be compared. */
const pairs = (hex: string) => hex.toUpperCase().match(/../g)?.join(':') ?? hex
