/** A display to draw on: the one there is, or an Xvfb of our own on a free number, for as long as this process lives. */
import { spawn } from 'node:child_process'

/**
 * @returns {Promise<{ close(): void } | null>} null where a window cannot be shown. DISPLAY is set in process.env where Xvfb was started.
 */
export async function openDisplay({ size = '1440x900' } = {}) {
  if (process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return { close() {} }
  const virtual = await startXvfb(size)
  if (virtual === null) return null
  process.env.DISPLAY = virtual.display
  process.env.MAILCOFFER_VIRTUAL_DISPLAY = '1'
  return {
    close() {
      delete process.env.DISPLAY
      delete process.env.MAILCOFFER_VIRTUAL_DISPLAY
      virtual.close()
    },
  }
}

/** @returns {Promise<{ display: string, close(): void } | null>} null where Xvfb does not start. It ends with this process. */
export async function startXvfb(size) {
  const xvfb = spawn('Xvfb', ['-displayfd', '3', '-noreset', '-nolisten', 'tcp', '-screen', '0', `${size}x24`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const number = await new Promise(resolve => {
    let answer = ''
    xvfb.once('error', () => resolve(null)) // not installed
    xvfb.once('exit', () => resolve(null))
    xvfb.stdio[3].on('data', data => {
      answer += data
      if (answer.includes('\n')) resolve(answer.trim())
    })
  })
  if (number === null) return null
  const stop = () => xvfb.kill()
  process.once('exit', stop)
  xvfb.unref()
  xvfb.stdio[3].unref?.()
  return {
    display: `:${number}`,
    close() {
      process.removeListener('exit', stop)
      stop()
    },
  }
}
