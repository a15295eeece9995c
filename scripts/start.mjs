/**
 * Builds and opens the app. `npm start -- [--profile DIR] [--lang CODE]`; real mail wants a real Electron, so without one it stops and says
 * the two ways out. `--dev-runtime` accepts the development fallback, for work on Mailcoffer with sample mail.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build } from './build.mjs'
import { openDisplay } from './display.mjs'
import { needNode24, root } from './node24.mjs'
import { electronEnvironment, electronSwitches, findRuntime } from './runtime.mjs'

/**
 * @param {{ args?: string[], fallback: boolean, virtual?: boolean, stdio?: import('node:child_process').StdioOptions }} options
 *   virtual: an Xvfb will do where there is no display (pictures, tests); a person could not see it.
 * @returns {Promise<import('node:child_process').ChildProcess>} the running app. Throws with a message for people where it cannot be started.
 */
export async function startApp({ args = [], fallback, virtual = false, stdio = 'inherit' }) {
  if (!virtual && process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    throw new Error('There is no display (DISPLAY and WAYLAND_DISPLAY are not set). Without a window, use "npx mailcoffer".')
  }
  const display = await openDisplay()
  if (display === null) throw new Error('There is no display, and Xvfb is not installed.')
  const runtime = await findRuntime({ fallback })
  await build()
  const app = spawn(runtime.executable, [...electronSwitches(), root, ...args], { stdio, env: electronEnvironment(runtime) })
  app.once('exit', () => display.close())
  return app
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  needNode24()
  const args = process.argv.slice(2)
  const fallback = args.includes('--dev-runtime')
  try {
    const app = await startApp({ args: args.filter(arg => arg !== '--dev-runtime'), fallback })
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => app.kill(signal))
    app.once('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
  } catch (error) {
    console.error(error.message)
    process.exit(3)
  }
}
