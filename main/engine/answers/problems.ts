/** The standing list of problems, and what the week brought. */
import type { EngineContext } from '../context.ts'
import type { CallAnswers, WatchAnswers } from '../serve.ts'

export function problemCalls({ problems }: EngineContext): Pick<CallAnswers, 'problem.dismiss' | 'archive.week'> {
  return {
    'problem.dismiss': async ({ archive, key }) => {
      await problems.dismiss(archive, key)
      return {}
    },
    'archive.week': ({ archive }) => problems.week(archive),
  }
}

export function problemWatches({ problems }: EngineContext): Pick<WatchAnswers, 'problems'> {
  return {
    problems: (_, emit, fail) => {
      const send = () => problems.standing().then(emit, fail)
      void send()
      return problems.onChange(send)
    },
  }
}
