/** One writer at a time; one that died does not keep others out for long. */
import { readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { realDisk } from '../../../main/engine/base/files.ts'
import { ABANDONED, BEAT, type Lock, type LockOptions, takeLock, thisHost, UNREADABLE } from '../../../main/engine/log/lock.ts'
import { createFaultyDisk } from '../../help/faultyDisk.ts'
import { manualClock, temporaryDir } from '../../help/logs.ts'

const here = { host: 'aaaa', pid: 100 }
const there = { host: 'bbbb', pid: 100 }
const lease = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
const old = (path: string) => utimesSync(path, new Date(Date.now() - 120_000), new Date(Date.now() - 120_000))
const bootedAt = 0

/** Runs until it settles, letting the manual clock pass a second at a time; says how long it took by that clock. */
async function letPass<T>(clock: ReturnType<typeof manualClock>, work: Promise<T>): Promise<{ result: PromiseSettledResult<T>; took: number }> {
  const start = clock.now()
  let settled = false
  const done = Promise.allSettled([work]).then(([result]) => {
    settled = true
    return result
  })
  while (!settled) {
    await new Promise(resolve => setTimeout(resolve, 2))
    if (!settled) clock.advance(1000)
  }
  return { result: await done, took: clock.now() - start }
}

const taken = (path: string, options: Partial<LockOptions> & Pick<LockOptions, 'clock'>) => takeLock(path, { self: here, bootedAt, ...options })

describe('a lock that somebody holds', () => {
  it('keeps a second writer of this computer out at once, and says who holds it', async () => {
    using dir = temporaryDir()
    const path = join(dir.path, 'lock')
    const clock = manualClock()
    const first = await takeLock(path, { clock })
    await expect(takeLock(path, { clock })).rejects.toMatchObject({
      code: 'archive-in-use',
      facts: { path, host: thisHost(), pid: process.pid, here: true },
    })
    await first.release()
    await (await takeLock(path, { clock })).release()
  })
  it('keeps a writer of another computer out at once while it was touched lately', async () => {
    using dir = temporaryDir()
    const path = join(dir.path, 'lock')
    const clock = manualClock()
    const first = await taken(path, { clock, self: there })
    await expect(taken(path, { clock })).rejects.toMatchObject({ code: 'archive-in-use', facts: { host: 'bbbb', pid: 100, here: false } })
    await first.release()
  })
  it('is given up also where somebody is looking at the file, and a share removes none that is open', async () => {
    using dir = temporaryDir()
    const path = join(dir.path, 'lock')
    let looking = 2
    const remove = async (which: string) => {
      if (looking-- > 0) throw Object.assign(new Error('busy'), { code: 'EBUSY' })
      await realDisk.remove(which)
    }
    const clock = manualClock()
    await (await takeLock(path, { clock, disk: { ...realDisk, remove } })).release()
    await (await takeLock(path, { clock })).release()
  })
  it('is given up with the file, and giving up twice is no error', async () => {
    using dir = temporaryDir()
    const path = join(dir.path, 'lock')
    const lock = await taken(path, { clock: manualClock() })
    await lock.release()
    await lock.release()
    expect(await realDisk.list(dir.path)).toEqual([])
  })
  it('beats every five seconds', async () => {
    using dir = temporaryDir()
    const path = join(dir.path, 'lock')
    const clock = manualClock()
    const lock = await taken(path, { clock })
    const before = lease(path)
    clock.advance(BEAT)
    await expect.poll(() => lease(path).beat).toBe(before.beat + BEAT)
    expect(lease(path)).toEqual({ ...before, beat: before.beat + BEAT })
    await lock.release()
  })
  it('says nothing of whose computer it is', async () => {
    using dir = temporaryDir()
    const path = join(dir.path, 'lock')
    const lock = await takeLock(path, { clock: manualClock() })
    const { hostname, userInfo } = await import('node:os')
    expect(readFileSync(path, 'utf8')).not.toContain(hostname())
    expect(Object.keys(lease(path))).toEqual(['host', 'pid', 'nonce', 'beat'])
    expect(userInfo().username.length > 3 && readFileSync(path, 'utf8').includes(userInfo().username)).toBe(false)
    await lock.release()
  })
})

describe('a lock that nobody holds any more', () => {
  const leave = (path: string, who: object) => writeFileSync(path, `${JSON.stringify({ ...who, nonce: 'ab', beat: 1_000_000 })}\n`)

  it('of a dead process of this computer is taken over at once', async () => {
    using dir = temporaryDir()
    const path = join(dir.path, 'lock')
    leave(path, here)
    const clock = manualClock()
    const lock = await taken(path, { clock, isRunning: () => false })
    expect(lease(path).nonce).not.toBe('ab')
    await lock.release()
    expect(await realDisk.list(dir.path)).toEqual([])
  })
  it('from before this computer was started is taken over, whoever has that process number now', async () => {
    using dir = temporaryDir()
    const path = join(dir.path, 'lock')
    leave(path, here)
    const lock = await taken(path, { clock: manualClock(), isRunning: () => true, bootedAt: 1_000_001 })
    await lock.release()
  })
  it('of another computer is taken over after a minute without a change', async () => {
    using dir = temporaryDir()
    const path = join(dir.path, 'lock')
    leave(path, there)
    old(path)
    const clock = manualClock()
    const { result, took } = await letPass(clock, taken(path, { clock }))
    expect(result.status).toBe('fulfilled')
    expect(took).toBeGreaterThanOrEqual(ABANDONED)
    if (result.status === 'fulfilled') await result.value.release()
  })
  it('of another computer is left alone when it changes within that minute', async () => {
    using dir = temporaryDir()
    const path = join(dir.path, 'lock')
    leave(path, there)
    old(path)
    const clock = manualClock()
    const changing = clock.sleep(30_000).then(() => writeFileSync(path, `${JSON.stringify({ ...there, nonce: 'ab', beat: 1_005_000 })}\n`))
    const { result } = await letPass(clock, taken(path, { clock }))
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'archive-in-use' } })
    await changing
  })
  it('waiting for it can be cancelled', async () => {
    using dir = temporaryDir()
    const path = join(dir.path, 'lock')
    leave(path, there)
    old(path)
    const clock = manualClock()
    const cancel = new AbortController()
    const waiting = taken(path, { clock, signal: cancel.signal })
    setTimeout(() => cancel.abort(new DOMException('no more', 'AbortError')), 20)
    await expect(waiting).rejects.toThrow()
  })
  it.each(['', '{"host":"bb', 'nonsense'])('with %j in it is taken over after some seconds', async text => {
    using dir = temporaryDir()
    const path = join(dir.path, 'lock')
    writeFileSync(path, text)
    const clock = manualClock()
    const { result, took } = await letPass(clock, taken(path, { clock }))
    expect(result.status).toBe('fulfilled')
    expect(took).toBeGreaterThanOrEqual(UNREADABLE)
    if (result.status === 'fulfilled') await result.value.release()
  })
  it('is taken by one of many who try at the same moment', async () => {
    for (let round = 0; round < 20; round++) {
      using dir = temporaryDir()
      const path = join(dir.path, 'lock')
      leave(path, here)
      const clock = manualClock()
      const tries = Array.from({ length: 6 }, (_, i) => taken(path, { clock, self: { host: 'aaaa', pid: 200 + i }, isRunning: pid => pid >= 200 }))
      // Whoever meets a line half written waits for it to be whole.
      const { result } = await letPass(clock, Promise.allSettled(tries))
      const results = result.status === 'fulfilled' ? result.value : []
      expect(results).toHaveLength(6)
      const locks = results.filter((result): result is PromiseFulfilledResult<Lock> => result.status === 'fulfilled')
      clock.advance(2000)
      // Should two have slipped through, the first act of one of them is to notice.
      const held = await Promise.allSettled(locks.map(({ value }) => value.check()))
      expect(held.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'archive-in-use' })
      await Promise.all(locks.map(({ value }) => value.release()))
    }
  })
})

describe('a holder that was taken for dead', () => {
  it('stops when it finds another nonce in the lock, and does not touch it', async () => {
    using dir = temporaryDir()
    const path = join(dir.path, 'lock')
    const clock = manualClock()
    const lock = await taken(path, { clock })
    const other = `${JSON.stringify({ ...there, nonce: 'cd', beat: 5 })}\n`
    writeFileSync(path, other)
    clock.advance(1000)
    await expect(lock.check()).rejects.toMatchObject({ code: 'archive-in-use', facts: { takenOver: true } })
    await expect(lock.check()).rejects.toMatchObject({ code: 'archive-in-use' })
    clock.advance(BEAT)
    await lock.release()
    expect(readFileSync(path, 'utf8')).toBe(other)
  })
  it('stops when somebody removed its lock', async () => {
    using dir = temporaryDir()
    const path = join(dir.path, 'lock')
    const clock = manualClock()
    const lock = await taken(path, { clock })
    await rm(path)
    clock.advance(1000)
    await expect(lock.check()).rejects.toMatchObject({ code: 'archive-in-use' })
    await lock.release()
  })
  it('a drive that is away is not a lost lock', async () => {
    using dir = temporaryDir()
    const path = join(dir.path, 'lock')
    const clock = manualClock()
    const disk = createFaultyDisk()
    const lock = await taken(path, { clock, disk })
    disk.pull()
    clock.advance(BEAT)
    await expect(lock.check()).rejects.toMatchObject({ code: 'destination-missing' })
    disk.plug()
    clock.advance(BEAT)
    await lock.check()
    await lock.release()
  })
})

it.each([
  ['EROFS', 'read-only'],
  ['EACCES', 'permission-denied'],
  ['ENOSPC', 'disk-full'],
])('%s while taking it is %s', async (system, code) => {
  using dir = temporaryDir()
  const disk = createFaultyDisk()
  disk.failOnce(system === 'ENOSPC' ? 'write' : 'open', system)
  await expect(taken(join(dir.path, 'lock'), { clock: manualClock(), disk })).rejects.toMatchObject({ code })
  expect(await realDisk.list(dir.path)).toEqual([])
})
