/** The engine's own log: lines for whoever looks into a problem. No subjects, addresses, words or secrets go in; those who call see to it. */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Clock } from './clock.ts'

export interface LogFile {
  /** One line; what would break it is escaped. Never throws: a full disk must not stop what is being logged. */
  line(text: string): void
}

export interface LogFileOptions {
  clock: Clock
  /** Bytes at which a new file is begun. */
  maxBytes?: number
  /** Older files kept: engine.log.1 is the youngest of them. */
  keep?: number
}

const MAX_LINE = 2000

export function createLogFile(path: string, { clock, maxBytes = 2 * 1024 * 1024, keep = 2 }: LogFileOptions): LogFile {
  let folderMade = false
  return {
    line: text => {
      try {
        if (!folderMade) mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
        folderMade = true
        if (sizeOf(path) >= maxBytes) rotate(path, keep)
        // Opened for each line: the app and the command line may write into the same file, and each may rotate it.
        appendFileSync(path, `${new Date(clock.now()).toISOString()} ${oneLine(text)}\n`, { mode: 0o600 })
      } catch {
        // There is nowhere left to say that the log cannot be written.
      }
    },
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function rotate(path: string, keep: number): void {
  for (let n = keep; n >= 1; n--) {
    const from = n === 1 ? path : `${path}.${n - 1}`
    if (statSync(from, { throwIfNoEntry: false })) renameSync(from, `${path}.${n}`)
  }
}

/** A server's answer must not be able to write lines of its own, or move a terminal's cursor. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return text.slice(0, MAX_LINE).replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
