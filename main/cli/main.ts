/** The program `mailcoffer`: started by scripts/mailcoffer.mjs with a runtime that is new enough. */
import { Socket } from 'node:net'
import { homedir } from 'node:os'
import { AppError } from '../contract/errors.ts'
import { defaultProfileDir } from '../contract/profileDir.ts'
import { missingPrimitive } from '../engine/base/primitives.ts'
import { version } from '../engine/version.ts'
import { EXIT, run } from './run.ts'
import { streamsOf, type Terminal } from './terminal.ts'

/** Ctrl-C in a terminal comes twice, from the terminal and from the launcher: so soon after the first it is the same one. */
const SAME_PRESS_MS = 500

/** The launcher's end of a pipe: when the launcher is killed, so is this, as if the two were one process. */
const lifeline = Number(process.env['MAILCOFFER_LIFELINE'])
if (lifeline > 2) {
  delete process.env['MAILCOFFER_LIFELINE']
  const line = new Socket({ fd: lifeline, readable: true, writable: false })
  line.on('error', () => {}) // the end follows
  line.on('close', () => process.kill(process.pid, 'SIGKILL'))
  line.resume()
  line.unref()
}

const stop = new AbortController()
let stoppedAt = 0
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    // The first asks for a clean end; another one is meant.
    if (stop.signal.aborted && performance.now() - stoppedAt > SAME_PRESS_MS) process.exit(EXIT.couldNot)
    if (!stop.signal.aborted) stoppedAt = performance.now()
    stop.abort(new AppError('cancelled', signal))
  })
// A reader that has closed the pipe is found out by the write itself; without a listener it would be thrown a second time.
process.stdout.on('error', () => {})

const terminal: Terminal = {
  ...streamsOf(process),
  env: process.env,
  cwd: process.cwd(),
  defaultProfile: defaultProfileDir(process.platform, process.env, homedir()),
  signal: stop.signal,
  openEngine: async profileDir => {
    const missing = missingPrimitive()
    if (missing) throw missing
    // Loaded late: help needs no engine, and on an old runtime the SQLite addon would crash the process.
    const { createEngine } = await import('../engine/engine.ts')
    return createEngine({ profileDir, transport: 'in-process' })
  },
  now: () => performance.now(),
}

const code = await run(process.argv.slice(2), terminal, version)
// What was said has to be out first (on Windows pipes are not written at once); then threads or sockets that are still closing must not
// keep a finished command waiting.
process.stderr.write('', () => process.exit(code))
