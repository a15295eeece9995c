import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const script = fileURLToPath(new URL('../../scripts/demo.mjs', import.meta.url))
/** The demo's temporary folder goes here, so that what it leaves behind can be seen. */
const temporary = mkdtempSync(join(tmpdir(), 'mailcoffer-demospec-'))
afterAll(() => rmSync(temporary, { recursive: true, force: true }))

describe('npm run demo', () => {
  it('shows the whole of Mailcoffer on the sample mailbox, ends by itself, and leaves nothing behind', async () => {
    const { code, stdout, stderr } = await demo('--no-window')
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' })
    for (const step of ['server', 'captured', 'stored', 'mailboxes', 'searched   żyrandol', 'searched   合同', 'exported', 'verified', 'where'])
      expect(stdout).toContain(`\n  ${step}`)
    expect(stdout).not.toContain('WRONG')
    expect(readdirSync(temporary)).toEqual([])
  })

  it('says how it is used when it is asked for what it does not know', async () => {
    const { code, stderr } = await demo('--fast')
    expect(code).toBe(2)
    expect(stderr).toContain('Usage: npm run demo')
  })
})

function demo(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { env: { ...process.env, TMPDIR: temporary }, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', data => (stdout += data))
    child.stderr.on('data', data => (stderr += data))
    child.once('error', reject)
    child.once('close', code => resolve({ code, stdout, stderr }))
  })
}
