/** Copies on drives and shares. */
import type { EngineContext } from '../context.ts'
import type { CallAnswers, WatchAnswers } from '../serve.ts'

type CopyCalls = Extract<keyof CallAnswers, `copy.${string}`>

export function copyCalls({ copies }: EngineContext): Pick<CallAnswers, CopyCalls> {
  return {
    'copy.start': ({ archive, to, full, patient, auto }) => copies.start(archive, to, { full: full ?? false, patient: patient ?? false, auto }),
    'copy.look': ({ archive, to }) => copies.look(archive, to),
    'copy.run': ({ archive, copy, full, patient }) => copies.startKnown(archive, copy, { full: full ?? false, patient: patient ?? false }),
    'copy.repair': ({ archive, copy }) => copies.repair(archive, copy),
    'copy.list': ({ archive }) => copies.list(archive),
    'copy.setAuto': async ({ archive, copy, auto }) => {
      await copies.setAuto(archive, copy, auto)
      return {}
    },
    'copy.forget': async ({ archive, copy }) => {
      await copies.forget(archive, copy)
      return {}
    },
  }
}

export function copyWatches({ copies, archives, runner }: EngineContext): Pick<WatchAnswers, 'copies'> {
  return {
    copies: ({ archive }, emit, fail) => {
      const send = () => copies.list(archive).then(emit, fail)
      void send()
      const ended = new Set<string>()
      const onJobs = () => {
        const over = runner.list().filter(job => job.archive === archive && job.endedAt !== null && !ended.has(job.id))
        for (const { id } of over) ended.add(id)
        if (over.length > 0) void send()
      }
      const ends = [
        copies.onChange(send),
        archives.onCommit(id => {
          if (id === archive) void send()
        }),
        runner.subscribe(onJobs),
      ]
      return () => {
        for (const end of ends) end()
      }
    },
  }
}
