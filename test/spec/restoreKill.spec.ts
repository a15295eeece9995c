/** SIGKILL at random moments of a restore. MAILCOFFER_KILLS (default 2) says how many; `npm run soak -- restore` takes 30 over 5,000 messages. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImapFlow } from 'imapflow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSampleServer } from '../../main/engine/demo/sampleServer.ts'
import { cli, cliHere } from '../help/cli.ts'
import { type Dovecot, dovecotMissing, startDovecot } from '../help/dovecot.ts'
import { generatedStore } from '../help/generatedStore.ts'
import { randomOf } from '../help/random.ts'
import { linesOf, linesOfStore, uidsOf } from '../help/serverContent.ts'

const KILLS = Number(process.env['MAILCOFFER_KILLS'] ?? 2)
const MESSAGES = Number(process.env['MAILCOFFER_MESSAGES'] ?? 600)
const SEED = Number(process.env['MAILCOFFER_SEED'] ?? 1)

describe.skipIf(dovecotMissing)('a restore of a whole archive into an empty account', () => {
  const store = generatedStore({ messages: MESSAGES, seed: SEED })
  let dovecot: Dovecot
  let profile: string
  let bert: ImapFlow
  const run = (...args: string[]) => cliHere(args, { profile, env: { MAILCOFFER_ACCOUNT_PASSWORD: dovecot.password } })

  beforeAll(async () => {
    dovecot = await startDovecot({ users: ['bert'] })
    profile = await mkdtemp(join(tmpdir(), 'mailcoffer-restore-kill-'))
    const server = await startSampleServer(store)
    const account = (...args: string[]) => cliHere(args, { profile, env: { MAILCOFFER_ACCOUNT_PASSWORD: server.password } })
    expect(await account('archive', 'create', 'Work')).toMatchObject({ code: 0 })
    const address = `${server.host}:${server.port}`
    expect(await account('account', 'add', 'Work', '--imap', address, '--user', server.user, '--security', 'plain')).toMatchObject({ code: 0 })
    expect(await account('sync', 'Work')).toMatchObject({ code: 0 })
    await server.close()
    bert = await dovecot.writer('bert')
  }, 120_000)
  afterAll(async () => {
    await dovecot?.stop()
    if (profile) await rm(profile, { recursive: true, force: true })
  })

  test(`killed at ${KILLS} random moments puts every message in once, and its undo leaves the server as it was`, {
    timeout: 120_000 + KILLS * 20_000,
  }, async () => {
    const random = randomOf(SEED)
    const before = await uidsOf(bert)
    const to = ['--imap', `${dovecot.host}:${dovecot.imapPort}`, '--user', 'bert', '--security', 'plain']
    let kills = 0
    while (kills < KILLS) {
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

    const last = await run('--json', 'restore', 'Work', ...to)
    expect(last, last.stdout + last.stderr).toMatchObject({ code: 0 })
    expect(await linesOf(bert)).toEqual(linesOfStore(store))

    const { restores } = (await run('--json', 'jobs')).json() as { restores: { id: string; state: string; added: number }[] }
    expect(restores.map(({ state }) => state)).toEqual(restores.map(() => 'done'))
    for (const { id } of restores) expect(await run('restore', '--undo', id)).toMatchObject({ code: 0 })
    expect(await uidsOf(bert)).toEqual(before)
  })
})
