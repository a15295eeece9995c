/** Before the window tests: a runtime, a display and a fresh build. What is missing is said, and the tests are then skipped with that reason. */
import { build } from '../../scripts/build.mjs'
import { openDisplay } from '../../scripts/display.mjs'
import { electronEnvironment, electronSwitches, findRuntime } from '../../scripts/runtime.mjs'

export default async function setup() {
  const display = await openDisplay({ size: '1600x1000' })
  if (display === null) return skip('there is no display, and Xvfb is not installed')
  try {
    const runtime = await findRuntime({ fallback: true })
    Object.assign(process.env, electronEnvironment(runtime))
    process.env.MAILCOFFER_E2E_SWITCHES = JSON.stringify(electronSwitches())
  } catch (error) {
    display.close()
    return skip(error.message)
  }
  if (!process.env.MAILCOFFER_E2E_BUILT) await build()
  return () => display.close()
}

function skip(reason) {
  console.log(`SKIPPED: the window's tests: ${reason}`)
  process.env.MAILCOFFER_E2E_SKIP = reason
}
