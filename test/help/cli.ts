/** The command line as its users have it: a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { EngineClient } from '../../main/contract/contract.ts'

const MAIN = fileURLToPath(new URL('../../main/cli/main.ts', import.meta.url))

export interface CliResult {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
  /** Of a --json run. */
  json(): unknown
}

export interface CliOptions {
  profile: string
  env?: Record<string, string>
  /** Gets the process while it runs: to kill it. */
  onStart?: (child: ChildProcess) => void
}

export const PASSWORD = 'correct horse battery'

export function cli(args: readonly string[], { profile, env, onStart }: CliOptions): Promise<CliResult> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, '--profile', profile, ...args], {
    env: { ...process.env, MAILCOFFER_PASSWORD: PASSWORD, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text
  })
  onStart?.(child)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr, json: () => JSON.parse(stdout) }))
  })
}

/** The id of the only archive of an open profile. */
export function archiveIdOf(client: EngineClient): Promise<string> {
  return new Promise((resolve, reject) => {
    const end = client.watch(
      'archives',
      {},
      archives => {
        if (!archives[0]) return
        resolve(archives[0].id)
        queueMicrotask(() => end())
      },
      reject,
    )
  })
}
