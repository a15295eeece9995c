import { useState } from 'react'
import type { Job } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'
import { ErrorNote } from '../ui/ErrorNote.tsx'

const FEW = 5

/** Each thing that could not be done, with its three sentences. It stays until it is solved. */
export function FailureList({ job, text }: { job: Job; text: Text }) {
  const [all, setAll] = useState(false)
  const shown = all ? job.failures : job.failures.slice(0, FEW)
  return (
    <div className="failures">
      <h4>{text.t('jobs.failuresTitle')}</h4>
      <ul>
        {shown.map((failure, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: failures are only ever added at the end
          <li key={index}>
            <b className="clip">{failure.what}</b>
            <ErrorNote error={failure.error} text={text} compact />
          </li>
        ))}
      </ul>
      {shown.length < job.failures.length && (
        <button type="button" className="link" onClick={() => setAll(true)}>
          {text.plural('count.others', job.failures.length - shown.length)}
        </button>
      )}
    </div>
  )
}
