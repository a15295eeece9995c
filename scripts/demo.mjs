/**
 * The whole of Mailcoffer on a sample mailbox, in a few seconds: `npm run demo`. What you have is not touched: everything happens in a
 * temporary folder that goes away at the end.
 *
 *   --screenshot FILE   draws the window on it and saves a picture (PNG); with or without a display
 *   --no-window         ends after the tour, also where there is a display
 *   --keep              leaves the folder, and says where it is
 *
 * Exit code 0 only when every step came out right; 2 wrong usage; 3 the machine lacks something.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { needNode24 } from './node24.mjs'

const options = readOptions()
needNode24()
// Node announces on stderr that running TypeScript is new; that is not what a person asked.
process.removeAllListeners('warning')

const { tour } = await import('./demo/tour.mjs')
const { openWindow, takePicture, windowPossible } = await import('./demo/window.mjs')

/** The profile lives for some minutes and holds sample mail; a person must be able to type it into the window. */
const PASSWORD = 'sample mailbox'

const dir = await mkdtemp(join(tmpdir(), 'mailcoffer-demo-'))
const profile = join(dir, 'profile')
const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => interrupted.abort())

let code = 3
try {
  code = (await tour({ dir, profile, password: PASSWORD, signal: interrupted.signal })) ? 0 : 1
  if (code === 0) await show()
} catch (error) {
  console.error(`\nThe demo could not go on: ${error.message}`)
  code = interrupted.signal.aborted ? 130 : 3
} finally {
  if (options.keep) console.log(`\nKept: ${dir} (profile password: "${PASSWORD}")\n  npx mailcoffer --profile "${profile}" list "Sample mailbox"`)
  else {
    await rm(dir, { recursive: true, force: true, maxRetries: 5 })
    console.log('\nThat folder is gone again; with --keep it stays.')
  }
}
process.exit(code)

async function show() {
  if (options.screenshot) {
    const picture = resolve(options.screenshot)
    await takePicture({ profile, password: PASSWORD, picture })
    console.log(`  picture    the window on this archive: ${picture}`)
  } else if (options['no-window']) return
  else if (windowPossible()) {
    console.log(`\nThe window opens now. Its password is: ${PASSWORD}\nClose it to end the demo.`)
    await openWindow({ profile, signal: interrupted.signal })
  } else {
    console.log('\nThere is no display here, so no window was opened. To see it: run this on a desktop, or')
    console.log('  npm run demo -- --screenshot mailcoffer.png')
  }
}

function readOptions() {
  try {
    return parseArgs({
      options: { screenshot: { type: 'string' }, 'no-window': { type: 'boolean' }, keep: { type: 'boolean' } },
    }).values
  } catch (error) {
    console.error(`${error.message}\nUsage: npm run demo -- [--screenshot FILE] [--no-window] [--keep]`)
    process.exit(2)
  }
}
