import { CircleAlert, CircleCheck, CircleDashed } from 'lucide-react'
import type { CopyState } from '../../main/contract/copies.ts'
import type { Problem } from '../../main/contract/problems.ts'
import type { ArchiveStatus, ArchiveSummary } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'
import './safety.css'
import { type Answer, copyAnswer, mailAnswer, needAnswer } from './safety.ts'

interface Props {
  archive: ArchiveSummary
  status: ArchiveStatus
  /** Undefined until they are known. */
  copies: readonly CopyState[] | undefined
  problems: readonly Problem[]
  text: Text
}

/** What a person wants to know of an archive: is everything safe and since when, is there a copy, does anything need me. */
export function SafetyStrip({ archive, status, copies, problems, text }: Props) {
  const answers = [
    mailAnswer(archive, status, problems, text),
    ...(copies && !archive.demo ? [copyAnswer(copies, text)] : []),
    needAnswer(archive, problems, text),
  ]
  return (
    <ul className="safety" aria-label={text.t('standing.safety.label')}>
      {answers.map(({ state, title, note }) => (
        <li key={title} data-state={state}>
          <StateIcon state={state} />
          <div>
            <b>{title}</b>
            <p>{note}</p>
          </div>
        </li>
      ))}
    </ul>
  )
}

function StateIcon({ state }: Pick<Answer, 'state'>) {
  const Icon = { good: CircleCheck, open: CircleDashed, bad: CircleAlert }[state]
  return <Icon className="icon" size={18} aria-hidden="true" />
}
