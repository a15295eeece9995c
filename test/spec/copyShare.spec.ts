/**
 * A copy on a Samba share: written, lost in the middle. And two readers of a share that a third process writes, each of them a process; where Samba is
 * missing, of a folder. MAILCOFFER_COMMITS says how many commits (12, of an archive that lies there); `npm run soak -- share` takes 400, and a copy as well.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { realDisk } from '../../main/engine/base/files.ts'
import { runCopy, smallArchive, verified } from '../help/copies.ts'
import { temporaryDir } from '../help/logs.ts'
import { type Share, sambaMissing, startShare } from '../help/samba.ts'
import type { SharedPlan } from '../help/sharedCommits.ts'

const COMMITS = Number(process.env['MAILCOFFER_COMMITS'] ?? 12)
const SEED = Number(process.env['MAILCOFFER_SEED'] ?? 1)
const archive = ['an archive', 'archive'] as const
const ways = process.env['MAILCOFFER_COMMITS'] ? [archive, ['a copy', 'copy'] as const] : [archive]

let share: Share | null = null
const folder = temporaryDir()
beforeAll(async () => {
  if (!sambaMissing) share = await startShare()
})
afterAll(async () => {
  await share?.[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

describe.skipIf(sambaMissing)('on a Samba share', () => {
  it('a copy is made, grows, waits for a share that is lost, and is whole', { timeout: 60_000 }, async () => {
    await using archive = await smallArchive({ segmentBytes: 60_000, to: join(share!.at, 'lost') })
    await archive.add(29, 3000)
    await runCopy(archive)
    await archive.add(20, 3000)
    await share!.cut()
    await expect(runCopy(archive, { fresh: false })).rejects.toMatchObject({ code: 'destination-missing' })
    await share!.back()
    await runCopy(archive, { fresh: false })
    expect(await verified(archive.to)).toMatchObject({ damage: [], messages: 49 })
  })

  it('many small files are not called written by one word to the system, which a share does not hear', async () => {
    expect([await realDisk.syncAll!(share!.at), await realDisk.syncAll!(folder.path)]).toEqual([false, true])
  })
})

describe(`two processes read what a third writes on a ${sambaMissing ? 'folder' : 'Samba share'}`, () => {
  it.each(ways)('%s: each sees every commit, and none sees half of one', { timeout: 30_000 + COMMITS * 1000 }, async (_, way) => {
    const plan: SharedPlan = { dir: join(share?.at ?? folder.path, way), way, seed: SEED, commits: COMMITS }
    const writer = start('shareWriter.ts', plan)
    await writer.says('ready')
    const readers = [start('shareReader.ts', plan), start('shareReader.ts', plan)]
    await Promise.all(readers.map(({ says }) => says('ready')))
    writer.tell('go')
    // However slow they are, both read while it is written.
    await Promise.all(readers.map(({ says }) => says('between')))
    writer.tell('go on')
    for (const { ended } of [writer, ...readers]) expect(await ended).toMatchObject({ code: 0, stderr: '' })
    for (const { ended } of readers) {
      const seen = JSON.parse((await ended).stdout.trim().split('\n').at(-1)!) as { inIndex: number; inLog: number }
      // The beginning, the end, and something between.
      expect(seen.inIndex).toBeGreaterThan(2)
      expect(seen.inLog).toBeGreaterThan(2)
    }
    expect(await verified(plan.dir)).toMatchObject({ damage: [], commits: COMMITS + 1 })
  })
})

function start(script: string, plan: SharedPlan) {
  const path = fileURLToPath(new URL(`../help/${script}`, import.meta.url))
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', path, JSON.stringify(plan)])
  let stdout = ''
  let stderr = ''
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => resolve({ code, stdout, stderr }))
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text
  })
  child.stdout.setEncoding('utf8').on('data', text => {
    stdout += text
  })
  const says = (line: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => stdout.includes(`${line}\n`) && resolve()
      look()
      child.stdout.on('data', look)
      ended.then(({ code }) => reject(new Error(`${script} ended with ${code}: ${stderr}`)), reject)
    })
  return { says, ended, tell: (word: string) => void child.stdin.write(word) }
}
