/** The command line: as its users have it, a process of its own, or without one, where the process is not what a test is about. */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { run } from '../../main/cli/run.ts'
import type { EngineClient } from '../../main/contract/contract.ts'
import type { Engine } from '../../main/engine/engine.ts'
import { testEngine } from './engine.ts'

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

/** In a process: to be killed, or to be somebody else. Starting it takes a second, more than most of what it does. */
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

export interface HereOptions {
  profile: string
  env?: Record<string, string>
  /** One that stays open from run to run: starting its threads takes longer than most of what they do. Else each run has its own, as a process has. */
  engine?: Engine
}

/** The same commands with the same engine, without a process. */
export async function cliHere(args: readonly string[], { profile, env, engine }: HereOptions): Promise<CliResult> {
  const out: Uint8Array[] = []
  let stderr = ''
  const code = await run(
    ['--profile', profile, ...args],
    {
      env: { ...process.env, MAILCOFFER_PASSWORD: PASSWORD, ...env },
      cwd: process.cwd(),
      defaultProfile: profile,
      out: async data => void out.push(Buffer.from(data)),
      err: text => {
        stderr += text
      },
      outIsTty: false,
      errIsTty: false,
      columns: null,
      canAsk: false,
      askSecret: async () => Promise.reject(new Error('nobody is there to be asked')),
      signal: new AbortController().signal,
      openEngine: async dir => (engine ? { client: engine.client, close: async () => {} } : testEngine(dir)),
      now: () => performance.now(),
    },
    'test',
  )
  const stdout = Buffer.concat(out).toString()
  return { code, signal: null, stdout, stderr, json: () => JSON.parse(stdout) }
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
