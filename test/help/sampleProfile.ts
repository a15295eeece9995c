/** A profile in a temporary folder with one archive, "Work", captured from a server of the sample kind; made by the commands a user would give. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MailStore } from '../../main/engine/demo/imap/store.ts'
import { type SampleServer, startSampleServer } from '../../main/engine/demo/sampleServer.ts'
import { type CliResult, cliHere } from './cli.ts'
import { testEngine } from './engine.ts'

export interface SampleProfile {
  dir: string
  /** The archive's folder. */
  archive: string
  recoveryCode: string
  server: SampleServer
  /** A command, in this process. */
  run(...args: string[]): Promise<CliResult>
  close(): Promise<void>
}

/** With `kept`, all commands ask one engine that stays open: for tests that touch no file of the profile or the archive themselves. */
export async function sampleProfile(store?: MailStore, { kept = false } = {}): Promise<SampleProfile> {
  const server = await startSampleServer(store)
  const dir = await mkdtemp(join(tmpdir(), 'mailcoffer-test-'))
  const engine = kept ? testEngine(dir) : null
  const run = (...args: string[]) => cliHere(args, { profile: dir, env: { MAILCOFFER_ACCOUNT_PASSWORD: server.password }, ...(engine && { engine }) })
  const created = await run('--json', 'archive', 'create', 'Work')
  if (created.code !== 0) throw new Error(created.stdout + created.stderr)
  const { archive, recoveryCode } = created.json() as { archive: { dir: string }; recoveryCode: string }
  const added = await run('account', 'add', 'Work', '--imap', `${server.host}:${server.port}`, '--user', server.user, '--security', 'plain')
  if (added.code !== 0) throw new Error(added.stdout + added.stderr)
  return {
    dir,
    archive: archive.dir,
    recoveryCode,
    server,
    run,
    close: async () => {
      await engine?.close()
      await server.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
