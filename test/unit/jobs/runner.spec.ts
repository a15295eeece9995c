import { describe, expect, test } from 'vitest'
import { AppError } from '../../../main/contract/errors.ts'
import { createRunner, type JobPlan } from '../../../main/engine/jobs/runner.ts'
import { manualClock } from '../../help/manualClock.ts'

const settled = () => new Promise(resolve => setImmediate(resolve))

function setUp() {
  const clock = manualClock()
  const lines: string[] = []
  const runner = createRunner({ clock, log: line => lines.push(line) })
  const start = (run: JobPlan['run'], plan: Partial<JobPlan> = {}) =>
    runner.start({ kind: 'capture', archive: 'a'.repeat(32), patient: false, ...plan, run })
  return { clock, runner, start, lines }
}

/** A job that waits at checkpoints until the test lets it go on. */
function stepping() {
  let steps = 0
  let release = () => {}
  const finish = new Promise<void>(resolve => {
    release = resolve
  })
  let finished = false
  void finish.then(() => {
    finished = true
  })
  const run: JobPlan['run'] = async context => {
    while (!finished) {
      await context.checkpoint()
      steps++
      await settled()
    }
  }
  return { run, release, steps: () => steps }
}

describe('the runner', () => {
  test('a job that returns is done, and says when it began and ended', async () => {
    const { clock, runner, start } = setUp()
    const job = start(async context => {
      await clock.sleep(5000)
      context.count('added', 3)
      context.result({ folder: '/out' })
    })
    await clock.advance(5000)
    expect(await runner.wait(job.id)).toMatchObject({
      state: 'done',
      outcomes: { added: 3 },
      result: { folder: '/out' },
      endedAt: job.startedAt + 5000,
    })
  })

  test('an error that does not pass by itself ends the job, with its code', async () => {
    const { runner, start } = setUp()
    const job = start(
      async () => {
        throw new AppError('auth-failed', 'no')
      },
      { patient: true },
    )
    expect(await runner.wait(job.id)).toMatchObject({ state: 'failed', error: { code: 'auth-failed' } })
  })

  test('a patient job pauses while the network is away, and goes on by itself', async () => {
    const { clock, runner, start } = setUp()
    let tries = 0
    const job = start(
      async () => {
        if (++tries < 3) throw new AppError('connection-lost', 'gone')
      },
      { patient: true },
    )
    await settled()
    expect(job).toMatchObject({ state: 'paused', pause: { reason: 'offline' } })
    await clock.advance(60_000)
    await clock.advance(60_000)
    expect(await runner.wait(job.id)).toMatchObject({ state: 'done' })
    expect(tries).toBe(3)
    expect(job.error).toBeUndefined()
  })

  test('an impatient job fails where a patient one would wait', async () => {
    const { runner, start } = setUp()
    const job = start(async () => {
      throw new AppError('connection-lost', 'gone')
    })
    expect(await runner.wait(job.id)).toMatchObject({ state: 'failed', error: { code: 'connection-lost' } })
  })

  test("a server's own waiting time is obeyed", async () => {
    const { clock, start } = setUp()
    let tries = 0
    const job = start(
      async () => {
        tries++
        throw new AppError('server-throttled', 'slow down', { facts: { retryAfterMs: 7_200_000 } })
      },
      { patient: true },
    )
    await settled()
    expect(job.pause?.until).toBe(job.startedAt + 7_200_000)
    await clock.advance(7_199_000)
    expect(tries).toBe(1)
    await clock.advance(1_000)
    expect(tries).toBe(2)
  })

  test('what waits by itself can be told to go on now', async () => {
    const { runner, start } = setUp()
    let tries = 0
    const job = start(
      async () => {
        if (++tries === 1) throw new AppError('disk-full', 'full')
      },
      { patient: true },
    )
    await settled()
    expect(job.pause?.reason).toBe('disk-full')
    runner.resume(job.id)
    expect(await runner.wait(job.id)).toMatchObject({ state: 'done' })
  })

  test('a paused job stands still, and goes on from there', async () => {
    const { runner, start } = setUp()
    const { run, release, steps } = stepping()
    const job = start(run)
    await settled()
    runner.pause(job.id)
    await settled()
    await settled()
    const stood = steps()
    for (let i = 0; i < 5; i++) await settled()
    expect(steps()).toBe(stood)
    expect(job).toMatchObject({ state: 'paused', pause: { reason: 'person', until: null } })
    runner.resume(job.id)
    for (let i = 0; i < 5; i++) await settled()
    expect(steps()).toBeGreaterThan(stood)
    release()
    expect(await runner.wait(job.id)).toMatchObject({ state: 'done' })
  })

  test('a paused job says no speed and no time left, also of what was under way and is counted still', async () => {
    const { clock, runner, start } = setUp()
    let count = (_done: number) => {}
    const job = start(async ({ progress, checkpoint }) => {
      count = done => progress({ done, total: 1000 })
      count(0)
      await checkpoint()
      await clock.sleep(1_000_000)
      await checkpoint()
    })
    const still = { rate: 0, byteRate: 0, secondsLeft: null }
    for (let n = 1; n <= 5; n++) {
      await clock.advance(1000)
      count(n * 10)
    }
    expect(job.progress).toMatchObject({ done: 50, rate: expect.closeTo(10, 0), secondsLeft: expect.closeTo(95, -1) })
    runner.pause(job.id)
    await clock.advance(1000)
    count(60)
    expect(job.progress).toMatchObject({ done: 60, ...still })
    runner.resume(job.id)
    for (let n = 7; n <= 9; n++) {
      await clock.advance(1000)
      count(n * 10)
    }
    expect(job.progress.rate).toBeGreaterThan(0)
    runner.cancel(job.id)
  })

  test('cancelling ends a running job and a paused one', async () => {
    const { runner, start } = setUp()
    const first = start(stepping().run)
    await settled()
    runner.cancel(first.id)
    expect(await runner.wait(first.id)).toMatchObject({ state: 'cancelled' })
    const second = start(stepping().run)
    await settled()
    runner.pause(second.id)
    runner.cancel(second.id)
    expect(await runner.wait(second.id)).toMatchObject({ state: 'cancelled', pause: null })
  })

  test('one capture per archive: asking again gives the one that runs', async () => {
    const { runner, start } = setUp()
    const { run, release } = stepping()
    const first = start(run)
    expect(start(run).id).toBe(first.id)
    const other = start(async () => {}, { archive: 'b'.repeat(32) })
    expect(other.id).not.toBe(first.id)
    release()
    await runner.wait(first.id)
    expect(start(async () => {}).id).not.toBe(first.id)
  })

  test('failures are kept by name up to a bound, and all are counted', async () => {
    const { runner, start } = setUp()
    const job = start(async context => {
      for (let uid = 1; uid <= 1500; uid++) context.failed(`INBOX UID ${uid}`, new AppError('message-unavailable', 'no body'))
    })
    await runner.wait(job.id)
    expect(job.outcomes.failed).toBe(1500)
    expect(job.failures).toHaveLength(1000)
    expect(job.failures[0]).toMatchObject({ what: 'INBOX UID 1', error: { code: 'message-unavailable' } })
  })

  test('rate and time left come from the last seconds', async () => {
    const { clock, runner, start } = setUp()
    const { release } = stepping()
    const job = start(async context => {
      for (let done = 0; done <= 100; done += 10) {
        context.progress({ phase: 'fetching', done, total: 200, bytesDone: done * 1000, bytesTotal: 200_000 })
        await clock.sleep(1000)
      }
    })
    for (let i = 0; i < 11; i++) await clock.advance(1000)
    release()
    await runner.wait(job.id)
    expect(job.progress.done).toBe(100)
    expect(job.progress.rate).toBe(0) // ended: nothing moves any more
  })

  test('while it runs the rate is items a second', async () => {
    const { clock, start } = setUp()
    const job = start(async context => {
      for (let done = 0; ; done += 10) {
        context.progress({ phase: 'fetching', done, total: 200 })
        await clock.sleep(1000, context.signal)
      }
    })
    for (let i = 0; i < 10; i++) await clock.advance(1000)
    expect(job.progress.rate).toBeCloseTo(10)
    expect(job.progress.secondsLeft).toBeCloseTo(10)
  })

  test('a caller that stops waiting leaves the job alone', async () => {
    const { runner, start } = setUp()
    const { run, release } = stepping()
    const job = start(run)
    const controller = new AbortController()
    const waiting = runner.wait(job.id, controller.signal)
    controller.abort(new AppError('cancelled', 'gone'))
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' })
    expect(job.state).toBe('running')
    release()
    await runner.wait(job.id)
  })

  test('stopping an archive ends its jobs and waits for them', async () => {
    const { runner, start } = setUp()
    const job = start(stepping().run)
    const other = start(stepping().run, { archive: 'b'.repeat(32) })
    await runner.stop('a'.repeat(32))
    expect(job.state).toBe('cancelled')
    expect(other.state).toBe('running')
    await runner.stop(null)
    expect(other.state).toBe('cancelled')
  })

  test('what nobody foresaw is written to the log with its place', async () => {
    const { runner, start, lines } = setUp()
    const job = start(async () => {
      throw new TypeError('x is not a function')
    })
    await runner.wait(job.id)
    expect(job.error).toMatchObject({ code: 'internal' })
    expect(lines.join('\n')).toContain('runner.spec.ts')
  })
})
