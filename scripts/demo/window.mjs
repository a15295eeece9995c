/** The window on the demo's profile: for a person, or for a picture. Only sample mail is in it, so the development runtime will do. */
import { openDisplay } from '../display.mjs'
import { root } from '../node24.mjs'
import { electronEnvironment, electronSwitches, findRuntime } from '../runtime.mjs'

export function windowPossible() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

/** Returns when the person has closed it, or the signal aborts. Throws with a message for people where it cannot be opened. */
export async function openWindow({ profile, signal }) {
  const { startApp } = await import('../start.mjs')
  const app = await startApp({ args: [`--profile=${profile}`], fallback: true })
  const end = () => app.kill()
  signal.addEventListener('abort', end, { once: true })
  const code = await new Promise(resolve => app.once('exit', resolve))
  signal.removeEventListener('abort', end)
  if (code !== 0 && !signal.aborted) throw new Error(`the window ended with code ${code}`)
}

/** Opens the window without anybody seeing it, goes to a message, and saves what it looks like. */
export async function takePicture({ profile, password, picture }) {
  const { build } = await import('../build.mjs')
  const { _electron: electron } = await import('playwright-core')
  const display = await openDisplay()
  if (display === null) throw new Error('There is no display, and Xvfb is not installed (Debian: apt install xvfb).')
  try {
    const runtime = await findRuntime({ fallback: true })
    await build()
    const env = electronEnvironment(runtime)
    // Playwright looks for the runtime in its own environment, not in the one it gives
    process.env.ELECTRON_OVERRIDE_DIST_PATH = env.ELECTRON_OVERRIDE_DIST_PATH
    const switches = electronSwitches()
    const app = await electron.launch({
      args: [...switches, root, `--profile=${profile}`, '--lang=en'],
      cwd: root,
      env,
      chromiumSandbox: !switches.includes('--no-sandbox'),
      timeout: 45_000,
    })
    try {
      const page = await app.firstWindow({ timeout: 45_000 })
      await showMessage(page, password)
      await page.screenshot({ path: picture })
    } finally {
      await app.close().catch(() => {}) // already gone is as good
    }
  } finally {
    display.close()
  }
}

async function showMessage(page, password) {
  const field = page.locator('input[type="password"]').first()
  await field.fill(password)
  await field.press('Enter')
  await page.getByText('Muzeum Portowe').first().click()
  await page.getByText('Four hundred people').first().click()
  // Further down in the letter than the list's snippet goes, so only the reader can show it
  const inText = page.getByText('The invoice may come now').first()
  const inHtml = page.frameLocator('iframe').getByText('The invoice may come now').first()
  await Promise.any([inText.waitFor(), inHtml.waitFor()])
}
