/** Runs jobs: their states, pauses, retries, rates and time left. One job of a kind per archive at a time. */
import { AppError, toPlainError } from '../../contract/errors.ts'
import type { Job, JobKind } from '../../contract/types.ts'
import type { Clock } from '../base/clock.ts'
import { createEmitter } from '../base/emitter.ts'
import { newJobId } from '../base/ids.ts'
import { longPauseFor, type Pause, pauseFor } from './pauses.ts'
import { createPace } from './traffic/pace.ts'
import type { LongJobContext } from './types.ts'

export interface JobPlan {
  kind: JobKind
  archive: string | null
  /** Tells jobs of one kind on one archive apart, where several may run side by side (two drives). */
  key?: string
  /** Pause and try again by itself on errors that pass: network, busy server, full disk, missing drive. */
  patient: boolean
  /** May be called again after such an error; must go on from what is durable. */
  run(context: LongJobContext): Promise<void>
  /** Kept with the job for those who ask for more than its public face (a damage list). */
  details?: unknown
}

export interface Runner {
  start(plan: JobPlan): Job
  list(): Job[]
  get(id: string): Job
  details(id: string): unknown
  pause(id: string): Job
  resume(id: string): Job
  cancel(id: string): Job
  /** Resolves when it has ended, however. */
  wait(id: string, signal?: AbortSignal): Promise<Job>
  subscribe(listener: () => void): () => void
  /** Cancels everything of this archive (null: everything) and waits for it to end. */
  stop(archive: string | null): Promise<void>
}

const KEPT = 50 // ended jobs that stay in the list
const MOST_FAILURES = 1000
/** Of what is counted, the listeners hear so often at most: a capture counts hundreds of messages a second, and each of them looks through all jobs. */
const NEWS_MS = 25

interface Running {
  job: Job
  plan: JobPlan
  controller: AbortController
  ended: Promise<void>
  /** Present while somebody has to say go on. */
  gate: { open(): void; wait: Promise<void> } | null
}

export function createRunner({ clock, log }: { clock: Clock; log: (line: string) => void }): Runner {
  const running = new Map<string, Running>()
  const changes = createEmitter<void>()
  let news: NodeJS.Timeout | undefined
  const changed = () => {
    clearTimeout(news)
    news = undefined
    changes.emit()
  }
  const counted = () => {
    news ??= setTimeout(changed, NEWS_MS)
  }

  const find = (id: string): Running => {
    const found = running.get(id)
    if (!found) throw new AppError('not-found', `no job ${id}`, { facts: { what: `job ${id}` } })
    return found
  }

  const start = (plan: JobPlan): Job => {
    for (const other of running.values())
      if (other.plan.kind === plan.kind && other.plan.archive === plan.archive && other.plan.key === plan.key && !isEnded(other.job)) return other.job
    const job = newJob(plan, clock.now())
    const entry: Running = { job, plan, controller: new AbortController(), ended: Promise.resolve(), gate: null }
    running.set(job.id, entry)
    forgetOldest(running)
    entry.ended = work(entry)
    changed()
    return job
  }

  const work = async (entry: Running) => {
    const { job, plan, controller } = entry
    const pace = createPace(clock)
    const context = contextOf(entry, pace)
    log(`job ${job.id} ${plan.kind} begins`)
    job.state = 'running'
    for (let attempt = 0; ; attempt++) {
      try {
        await plan.run(context)
        job.state = 'done'
        break
      } catch (error) {
        if (controller.signal.aborted) {
          job.state = 'cancelled'
          break
        }
        const pause = plan.patient ? pauseFor(error, attempt) : null
        if (!pause) {
          job.state = 'failed'
          job.error = toPlainError(error)
          log(
            `job ${job.id} ${plan.kind} failed: ${job.error.code}${job.error.code === 'internal' && error instanceof Error ? ` ${error.stack}` : ''}`,
          )
          break
        }
        log(`job ${job.id} ${plan.kind} pauses: ${pause.reason}`)
        job.error = toPlainError(error)
        await pausedUntil(entry, pause)
        if (controller.signal.aborted) {
          job.state = 'cancelled'
          break
        }
        delete job.error
      }
    }
    job.pause = null
    job.endedAt = clock.now()
    delete job.progress.endsAt
    Object.assign(job.progress, STILL)
    log(`job ${job.id} ${plan.kind} ends: ${job.state}`)
    changed()
  }

  const pausedUntil = async (entry: Running, { reason, ms }: Pause, wake?: Promise<unknown>) => {
    entry.job.state = 'paused'
    entry.job.pause = { reason, until: ms === null ? null : clock.now() + ms }
    Object.assign(entry.job.progress, STILL)
    const gate = newGate()
    entry.gate = gate
    changed()
    const timer = new AbortController()
    const until: Promise<unknown>[] = wake ? [gate.wait, wake] : [gate.wait]
    if (ms !== null) until.push(clock.sleep(ms, AbortSignal.any([entry.controller.signal, timer.signal])).catch(() => {}))
    await Promise.race(until)
    timer.abort()
    entry.gate = null
    entry.job.state = 'running'
    entry.job.pause = null
    changed()
  }

  const contextOf = (entry: Running, pace: ReturnType<typeof createPace>): LongJobContext => {
    const { job, plan, controller } = entry
    return {
      signal: controller.signal,
      clock,
      progress: update => {
        Object.assign(job.progress, update)
        // What was under way when a person paused it is still counted, and nobody is told how fast.
        Object.assign(job.progress, pace.measure(job.progress), entry.gate && STILL)
        counted()
      },
      checkpoint: async () => {
        while (entry.gate) {
          await Promise.race([entry.gate.wait, aborted(controller.signal)])
          pace.restart()
        }
        controller.signal.throwIfAborted()
      },
      failed: (what, error) => {
        job.outcomes.failed++
        if (job.failures.length < MOST_FAILURES) job.failures.push({ what, error: toPlainError(error) })
        counted()
      },
      count: (outcome, by = 1) => {
        job.outcomes[outcome] += by
        counted()
      },
      result: values => Object.assign(job.result, values),
      limit: pace.limit,
      log: line => log(`job ${job.id}: ${line}`),
      show: ({ error, ...face }) => {
        Object.assign(job, face)
        if (error) job.error = error
        else if (error === null) delete job.error
        changed()
      },
      waitOut: async (error, attempt, wake) => {
        controller.signal.throwIfAborted()
        const pause = longPauseFor(error, attempt)
        if (!pause) throw error
        job.error = toPlainError(error)
        log(
          `job ${job.id} ${plan.kind} pauses: ${pause.reason}, ${job.error.code}${job.error.code === 'internal' && error instanceof Error ? ` ${error.stack}` : ''}`,
        )
        await pausedUntil(entry, pause, wake)
        pace.restart()
        controller.signal.throwIfAborted()
      },
    }
  }

  const pause = (id: string): Job => {
    const entry = find(id)
    if (isEnded(entry.job) || entry.gate) return entry.job
    entry.gate = newGate()
    entry.job.state = 'paused'
    entry.job.pause = { reason: 'person', until: null }
    Object.assign(entry.job.progress, STILL)
    changed()
    return entry.job
  }

  const resume = (id: string): Job => {
    const entry = find(id)
    if (!entry.gate) return entry.job
    const { gate } = entry
    entry.gate = null
    entry.job.state = 'running'
    entry.job.pause = null
    gate.open()
    changed()
    return entry.job
  }

  const cancel = (id: string): Job => {
    const entry = find(id)
    if (!isEnded(entry.job)) entry.controller.abort(new AppError('cancelled', 'cancelled by the person'))
    const { gate } = entry
    entry.gate = null
    gate?.open()
    return entry.job
  }

  return {
    start,
    list: () => [...running.values()].map(({ job }) => job),
    get: id => find(id).job,
    details: id => find(id).plan.details,
    pause,
    resume,
    cancel,
    wait: async (id, signal) => {
      const { ended, job } = find(id)
      await (signal ? Promise.race([ended, aborted(signal)]) : ended)
      return job
    },
    subscribe: listener => changes.subscribe(listener),
    stop: async archive => {
      const those = [...running.values()].filter(({ plan, job }) => !isEnded(job) && (archive === null || plan.archive === archive))
      for (const { job } of those) cancel(job.id)
      await Promise.all(those.map(({ ended }) => ended))
    },
  }
}

/** Of a job that does nothing now. */
const STILL = { rate: 0, byteRate: 0, secondsLeft: null } as const

export const isEnded = (job: Job): boolean => job.state === 'done' || job.state === 'failed' || job.state === 'cancelled'

function newJob(plan: JobPlan, now: number): Job {
  return {
    id: newJobId(),
    kind: plan.kind,
    archive: plan.archive,
    state: 'waiting',
    pause: null,
    progress: { phase: 'starting', done: 0, total: null, bytesDone: 0, bytesTotal: null, rate: 0, byteRate: 0, secondsLeft: null, current: '' },
    outcomes: { added: 0, unchanged: 0, failed: 0 },
    failures: [],
    startedAt: now,
    endedAt: null,
    result: {},
  }
}

function newGate() {
  let open = () => {}
  const wait = new Promise<void>(resolve => {
    open = resolve
  })
  return { open, wait }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

function forgetOldest(running: Map<string, Running>): void {
  for (const [id, { job }] of running) {
    if (running.size <= KEPT) return
    if (isEnded(job)) running.delete(id)
  }
}
