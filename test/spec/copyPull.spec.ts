/** A drive that is pulled while it is written: what was not synced is gone, as it is with a real one. `npm run soak -- copy` does it 50 times. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCopy, smallArchive, verified } from '../help/copies.ts'
import { canMount, exfatMissing, mountExfat, mountImage } from '../help/mounts.ts'
import { randomOf } from '../help/random.ts'

const PULLS = Number(process.env['MAILCOFFER_COPY_PULLS'] ?? 3)
const seconds = 30 + PULLS * 5

/** EXT4_IOC_SHUTDOWN without flushing the log: from here on every access is an I/O error, and nothing more reaches the medium. */
function pull(at: string): boolean {
  const script = 'import fcntl, os, struct, sys; fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack("I", 2))'
  return spawnSync('python3', ['-c', script, at]).status === 0
}

function expectSame(dir: string, to: string): void {
  for (const name of readdirSync(join(dir, 'log')).filter(one => one.endsWith('.seg'))) {
    const [one, other] = [readFileSync(join(dir, 'log', name)), readFileSync(join(to, 'log', name))]
    expect(other.equals(one.subarray(0, other.length)), name).toBe(true)
  }
}

describe.skipIf(!canMount)('a drive', () => {
  it('that is pulled at any moment has a whole copy of an earlier moment on it, and gets the rest when it is back', {
    timeout: seconds * 1000,
  }, async context => {
    const home = mkdtempSync(join(tmpdir(), 'mailcoffer-pull-'))
    using drive = mountImage(join(home, 'drive.img'), 64)
    const random = randomOf(PULLS)
    await using archive = await smallArchive({ segmentBytes: 400_000, to: join(drive.at, 'copy') })
    let messages = 0
    let pulled = 0
    for (let n = 0; n < PULLS; n++) {
      await archive.add(20, 20_000)
      messages += 20
      const before = await verified(archive.dir)
      const copying = runCopy(archive).catch(error => expect(['destination-missing', 'read-only', 'disk-full']).toContain(error.code))
      await new Promise(resolve => setTimeout(resolve, random.below(60)))
      if (!pull(drive.at)) return context.skip('python3, or the call that plays a pulled drive, is not there')
      pulled++
      await copying
      drive.unmount()
      drive.mount('rw')
      const names = readdirSync(drive.at)
      if (names.includes('copy') && readdirSync(archive.to).includes('archive.json'))
        expect((await verified(archive.to)).damage.filter(({ what }) => what !== 'head')).toEqual([])
      await runCopy(archive)
      expectSame(archive.dir, archive.to)
      expect(await verified(archive.to)).toMatchObject({ damage: [], messages })
      expect(await verified(archive.dir)).toEqual(before)
    }
    expect(pulled).toBe(PULLS)
    drive.unmount()
    rmSync(home, { recursive: true, force: true })
  })

  it.skipIf(exfatMissing)('with exFAT, as most are sold, takes a copy, its growth, and its repair', { timeout: 30_000 }, async () => {
    using drive = mountExfat(64)
    await using archive = await smallArchive({ segmentBytes: 200_000, to: join(drive.at, 'copy') })
    await archive.add(20, 20_000)
    await runCopy(archive)
    await archive.add(3, 20_000)
    expect((await runCopy(archive)).written).toBeLessThan(100_000)
    drive.remount()
    expectSame(archive.dir, archive.to)
    expect(await runCopy(archive, { reprove: Number.MAX_SAFE_INTEGER })).toMatchObject({ repaired: 0, damaged: 0, written: 0 })
    expect(await verified(archive.to)).toMatchObject({ damage: [], messages: 23 })
  })
})
