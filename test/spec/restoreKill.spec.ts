/**
 * SIGKILL at random moments of a restore. MAILCOFFER_KILLS (default 2) says how many; `npm run soak -- restore` takes 30 over 5,000 messages, and cuts the
 * line as well. And a move to another provider, on the command line.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImapFlow } from 'imapflow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSampleServer } from '../../main/engine/demo/sampleServer.ts'
import { cli, cliHere } from '../help/cli.ts'
import { type CuttingProxy, cuttingProxy } from '../help/cuttingProxy.ts'
import { type Dovecot, dovecotMissing, startDovecot } from '../help/dovecot.ts'
import { generatedStore } from '../help/generatedStore.ts'
import { randomOf } from '../help/random.ts'
import { linesOf, linesOfStore, uidsOf } from '../help/serverContent.ts'

const KILLS = Number(process.env['MAILCOFFER_KILLS'] ?? 2)
/** In each run that is killed, and in the last. */
const CUTS = Number(process.env['MAILCOFFER_CUTS'] ?? 0)
const MESSAGES = Number(process.env['MAILCOFFER_MESSAGES'] ?? 600)
const SEED = Number(process.env['MAILCOFFER_SEED'] ?? 1)

describe.skipIf(dovecotMissing)('a restore of a whole archive into an empty account', () => {
  const store = generatedStore({ messages: MESSAGES, seed: SEED })
  let dovecot: Dovecot
  let profile: string
  /** Anew each time: a connection that waits for long is closed. */
  const bert = async <T>(look: (client: ImapFlow) => Promise<T>): Promise<T> => {
    const client = await dovecot.writer('bert')
    return look(client).finally(() => client.logout())
  }
  let wire: CuttingProxy
  let to: string[]
  const run = (...args: string[]) => cliHere(args, { profile, env: { MAILCOFFER_ACCOUNT_PASSWORD: dovecot.password } })

  beforeAll(async () => {
    dovecot = await startDovecot({ users: ['bert'] })
    wire = await cuttingProxy(dovecot.imapPort)
    to = ['--imap', `${dovecot.host}:${wire.port}`, '--user', 'bert', '--security', 'plain']
    profile = await mkdtemp(join(tmpdir(), 'mailcoffer-restore-kill-'))
    const server = await startSampleServer(store)
    const account = (...args: string[]) => cliHere(args, { profile, env: { MAILCOFFER_ACCOUNT_PASSWORD: server.password } })
    expect(await account('archive', 'create', 'Work')).toMatchObject({ code: 0 })
    const address = `${server.host}:${server.port}`
    expect(await account('account', 'add', 'Work', '--imap', address, '--user', server.user, '--security', 'plain')).toMatchObject({ code: 0 })
    expect(await account('sync', 'Work')).toMatchObject({ code: 0 })
    await server.close()
  }, 120_000)
  afterAll(async () => {
    await wire?.close()
    await dovecot?.stop()
    if (profile) await rm(profile, { recursive: true, force: true })
  })

  test(`killed at ${KILLS} random moments puts every message in once, and its undo leaves the server as it was`, {
    timeout: 120_000 + KILLS * (CUTS > 0 ? 60_000 : 20_000),
  }, async () => {
    const random = randomOf(SEED)
    const before = await bert(uidsOf)
    /** Somewhere in what is sent: in the middle of a message, or behind it, where its answer is never heard. */
    const cutLine = () => {
      for (let n = 0; n < CUTS; n++) wire.cuts.push({ after: 2_000 + random.below(MESSAGES * 150), deaf: random.below(2) === 0 })
    }
    let kills = 0
    while (kills < KILLS) {
      cutLine()
      const { signal, stdout } = await cli(['restore', 'Work', ...to, '--check', 'sample'], {
        profile,
        env: { MAILCOFFER_ACCOUNT_PASSWORD: dovecot.password },
        onStart: child => setTimeout(() => child.kill('SIGKILL'), 800 + random.below(MESSAGES)),
      })
      if (signal !== 'SIGKILL') {
        console.log(`it was faster than kill ${kills + 1}: ${stdout}`)
        break
      }
      kills++
    }
    const planned = (await run('--json', 'restore', 'Work', ...to, '--dry-run')).json() as { plan: { there: number; add: number } }
    expect(planned.plan.there + planned.plan.add).toBe(linesOfStore(store).length)

    cutLine()
    const last = await run('--json', 'restore', 'Work', ...to)
    expect(last, last.stdout + last.stderr).toMatchObject({ code: 0 })
    expect(await bert(linesOf)).toEqual(linesOfStore(store))

    const { restores } = (await run('--json', 'jobs')).json() as { restores: { id: string; state: string; added: number }[] }
    expect(restores.map(({ state }) => state)).toEqual(restores.map(() => 'done'))
    for (const { id } of restores) expect(await run('restore', '--undo', id)).toMatchObject({ code: 0 })
    expect(await bert(uidsOf)).toEqual(before)
    if (CUTS > 0) {
      console.log(`${kills} kills, ${wire.broken()} cuts, ${restores.length} restores begun`)
      expect(wire.broken()).toBeGreaterThan(0)
    }
  })

  test('--become-account: everything is at the new provider once, its account is the archive’s, and the next sync finds all of it there', {
    timeout: 120_000,
  }, async () => {
    const messages = async () => ((await run('--json', 'archive', 'status', 'Work')).json() as { messages: number }).messages
    const planned = async (...which: string[]) => ((await run('--json', 'restore', 'Work', '--dry-run', ...which)).json() as { plan: object }).plan
    const stored = await messages()
    wire.cuts.length = 0
    const moved = await run('restore', 'Work', ...to, '--become-account')
    expect(moved, moved.stdout + moved.stderr).toMatchObject({ code: 0 })
    expect(moved.stdout).toContain("This server is the archive's account now.")
    expect(await bert(linesOf)).toEqual(linesOfStore(store))

    const letter = Buffer.from('Subject: the first of the new provider\r\n\r\nHello\r\n')
    await bert(client => client.append('INBOX', letter, [], new Date(Date.UTC(2026, 0, 1))))
    const synced = await run('--json', 'sync', 'Work')
    expect(synced, synced.stdout + synced.stderr).toMatchObject({ code: 0 })
    expect(await messages(), 'nothing is stored twice').toBe(stored + 1)
    expect(await planned('--gone'), 'nothing is missing there').toMatchObject({ add: 0 })
    expect(await planned(), 'all of it is there').toMatchObject({ add: 0, there: linesOfStore(store).length + 1 })
    expect((await run('--json', 'archive', 'losses', 'Work')).json(), 'and nothing is said to be lost').toMatchObject({ losses: [] })
  })
})
