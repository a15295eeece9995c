import { CircleAlert, Hourglass } from 'lucide-react'
import type { Problem } from '../../main/contract/problems.ts'
import { errorSentences, inARow } from '../text/errors/sentences.ts'
import type { Text } from '../text/text.ts'
import { Button } from '../ui/Button.tsx'
import { problemTitle, wordOf } from './problemText.ts'
import './standing.css'

export interface ProblemActions {
  tryNow(problem: Problem): void
  account(): void
  /** Where a folder can be left out. */
  rules(): void
  verify(): void
  loss(problem: Problem): void
  dismiss(problem: Problem): void
}

/** Each problem of an archive: since when, what is done about it, and how it ends. Nothing is shown where there is none. */
export function ProblemList({ problems, text, busy, actions }: { problems: readonly Problem[]; text: Text; busy: boolean; actions: ProblemActions }) {
  const { t, format } = text
  if (problems.length === 0) return null
  return (
    <section className="problems">
      <h2>{t('standing.problems.title')}</h2>
      <ul>
        {problems.map(problem => {
          const Icon = problem.urgent ? CircleAlert : Hourglass
          const cause = causeText(problem, text)
          return (
            <li key={problem.key} data-urgent={problem.urgent || undefined}>
              <Icon className="icon" size={16} aria-hidden="true" />
              <div className="problem-text">
                <b>{problemTitle(problem, text)}</b>
                {cause !== null && <p>{cause}</p>}
                <p className="problem-state">
                  {[
                    t('standing.problems.since', { time: format.moment(problem.since) }),
                    doingText(problem, text),
                    t(`standing.problems.ends.${wordOf(problem.kind)}`),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </p>
              </div>
              <Act problem={problem} text={text} busy={busy} actions={actions} />
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function Act({ problem, text: { t }, busy, actions }: { problem: Problem; text: Text; busy: boolean; actions: ProblemActions }) {
  const { kind } = problem
  if (kind === 'account') return <Button onPress={actions.account}>{t('standing.problems.openAccount')}</Button>
  if (kind === 'damage') return <Button onPress={actions.verify}>{t('standing.problems.verify')}</Button>
  if (kind === 'loss') return <Button onPress={() => actions.loss(problem)}>{t('standing.problems.answer')}</Button>
  if (kind === 'job') return <Button onPress={() => actions.dismiss(problem)}>{t('standing.problems.dismiss')}</Button>
  // What can be done is beside the copy.
  if (kind === 'copyDamaged' || kind === 'copyOld') return null
  return (
    <div className="problem-acts">
      <Button isDisabled={busy} onPress={() => actions.tryNow(problem)}>
        {t('standing.problems.tryNow')}
      </Button>
      {kind === 'mailbox' && <Button onPress={actions.rules}>{t('rules.open')}</Button>}
    </div>
  )
}

/** Why it is so; of a full disk the title says that. */
function causeText({ code, kind }: Problem, { language }: Text): string | null {
  if (code === null || kind === 'account') return null
  const { what, safe, act } = errorSentences(language, code)
  return kind === 'disk' ? inARow(language, safe, act) : what
}

function doingText({ doing, next }: Problem, { t, format }: Text): string {
  if (doing === 'person') return t('standing.problems.person')
  if (doing === 'none') return ''
  return next === null ? t('standing.problems.retry') : t('standing.problems.retryAt', { time: format.moment(next) })
}
