/** Starts the real app on a profile of its own, as a person would, and gives its window. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ElectronApplication, _electron as electron, type Page } from 'playwright-core'
import { describe } from 'vitest'
import type { Bridge } from '../../../main/contract/bridge.ts'

export const root = fileURLToPath(new URL('../../..', import.meta.url))

/** `describe`, or a skipped one where this machine cannot show a window (setup.mjs has said why). */
export const describeWindow: (name: string, body: () => void) => void = process.env['MAILCOFFER_E2E_SKIP'] ? describe.skip : describe

export interface Launched extends AsyncDisposable {
  app: ElectronApplication
  page: Page
  profile: string
  /** What the app wrote to stderr, for assertions about noise and secrets. */
  stderr(): string
  /** Ends the app; the profile stays until the end of the test, so that it can be opened again. */
  close(): Promise<void>
}

export interface LaunchOptions {
  /** A profile that another launch left behind; else a new, empty one. */
  profile?: string
  args?: string[]
  env?: Record<string, string>
}

export async function launchApp({ profile: given, args = [], env = {} }: LaunchOptions = {}): Promise<Launched> {
  const profile = given ?? (await mkdtemp(join(tmpdir(), 'mailcoffer-e2e-')))
  const switches = JSON.parse(process.env['MAILCOFFER_E2E_SWITCHES'] ?? '[]') as string[]
  const displays = JSON.parse(process.env['MAILCOFFER_E2E_DISPLAYS'] ?? '[]') as string[]
  const display = displays[(Number(process.env['VITEST_POOL_ID'] ?? 1) - 1) % displays.length]
  const app = await electron.launch({
    args: [...switches, root, `--profile=${profile}`, '--lang=en', ...args],
    cwd: root,
    env: { ...(process.env as Record<string, string>), ...(display && { DISPLAY: display }), ...env },
    // Playwright would switch the sandbox off; only root has to.
    chromiumSandbox: !switches.includes('--no-sandbox'),
    timeout: 45_000,
  })
  let noise = ''
  app.process().stderr?.on('data', data => {
    noise += data
  })
  const page = await app.firstWindow({ timeout: 45_000 })
  await page.waitForLoadState('domcontentloaded')
  const close = async () => {
    await app.close().catch(() => {}) // already gone is as good
  }
  return {
    app,
    page,
    profile,
    stderr: () => noise,
    close,
    async [Symbol.asyncDispose]() {
      await close()
      if (given === undefined) await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Asks the engine one question through the page's own bridge, as the renderer does, with an id nobody else uses. */
export async function askEngine(page: Page, name: string, input: unknown = {}): Promise<{ type: string; value?: unknown; error?: { code: string } }> {
  return page.evaluate(
    ([name, input]) =>
      new Promise(resolve => {
        const { mailcoffer } = globalThis as unknown as { mailcoffer: Bridge }
        const id = 1_000_000 + Math.floor(Math.random() * 1e9)
        const end = mailcoffer.engine.onMessage(message => {
          if (!('id' in message) || message.id !== id) return
          end()
          resolve(message as never)
        })
        mailcoffer.engine.send({ type: 'call', id, name: name as string, input })
      }),
    [name, input] as const,
  )
}

export async function askShell(page: Page, name: string, input: unknown = {}): Promise<unknown> {
  return page.evaluate(([name, input]) => (globalThis as unknown as { mailcoffer: Bridge }).mailcoffer.shell.call(name as never, input), [
    name,
    input,
  ] as const)
}
