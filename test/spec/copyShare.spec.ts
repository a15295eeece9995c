/** A copy on a Samba share: written, lost in the middle, read by others meanwhile. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openLogReader } from '../../main/engine/log/open.ts'
import { runCopy, smallArchive, verified } from '../help/copies.ts'
import { keys, scanAll } from '../help/logs.ts'
import { sambaMissing, startShare } from '../help/samba.ts'

describe.skipIf(sambaMissing)('on a Samba share', () => {
  it('a copy is made, grows, waits for a share that is lost, and is whole; two readers never see half a commit', { timeout: 60_000 }, async () => {
    await using share = await startShare()
    await using archive = await smallArchive({ segmentBytes: 60_000, to: join(share.at, 'copy') })
    await archive.add(5, 3000)
    await runCopy(archive)

    let writing = true
    const seen = [0, 0].map(async () => {
      let commits = 0
      for (;;) {
        const isLast = !writing
        const reader = await openLogReader(archive.to, { keys })
        const items = await scanAll(reader, { full: true })
        await reader.close()
        // SMB by this client replaces head.json in two steps: for a moment it is not there, which is said and harms nothing.
        expect(items.filter(item => item.type === 'damage' && item.damage.what !== 'head')).toEqual([])
        const now = items.filter(({ type }) => type === 'commit').length
        expect(now).toBeGreaterThanOrEqual(commits)
        commits = now
        if (isLast) return commits
      }
    })
    const following = Promise.all(seen)
    following.catch(() => {}) // told below
    for (let n = 0; n < 6; n++) {
      await archive.add(4, 3000)
      await runCopy(archive)
    }
    writing = false
    for (const commits of await following) expect(commits, 'each sees every commit').toBe(7)
    expect(await verified(archive.to)).toMatchObject({ damage: [], messages: 29, commits: 7 })

    await archive.add(20, 3000)
    await share.cut()
    await expect(runCopy(archive, { fresh: false })).rejects.toMatchObject({ code: 'destination-missing' })
    await share.back()
    await runCopy(archive, { fresh: false })
    expect(await verified(archive.to)).toMatchObject({ damage: [], messages: 49 })
  })
})
