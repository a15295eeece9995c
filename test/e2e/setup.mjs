/** Before the window tests: a runtime, a display and a fresh build. What is missing is said, and the tests are then skipped with that reason. */
import { availableParallelism } from 'node:os'
import { build } from '../../scripts/build.mjs'
import { openDisplay, startXvfb } from '../../scripts/display.mjs'
import { electronEnvironment, electronSwitches, findRuntime } from '../../scripts/runtime.mjs'

const SIZE = '1600x1000'

export default async function setup() {
  const display = await openDisplay({ size: SIZE })
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
  // Two apps at a time, each on a display of its own, where none has the other's focus or clipboard; on a person's display one after the other.
  const second = process.env.MAILCOFFER_VIRTUAL_DISPLAY && availableParallelism() > 1 ? await startXvfb(SIZE) : null
  process.env.MAILCOFFER_E2E_DISPLAYS = JSON.stringify(second ? [process.env.DISPLAY, second.display] : [])
  return () => {
    second?.close()
    display.close()
  }
}

function skip(reason) {
  console.log(`SKIPPED: the window's tests: ${reason}`)
  process.env.MAILCOFFER_E2E_SKIP = reason
}
