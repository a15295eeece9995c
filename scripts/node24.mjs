/**
 * Mailcoffer's engine needs Node-API 10 and runs its TypeScript directly: Node 22.18, or better 24. An older one does not fail on the
 * SQLite driver, it crashes without a word, so every launcher comes through here first. npm brings a Node 24 along for most systems
 * (optionalDependencies node-<system>); `npm run` and `npx` then use it by themselves, plain `node script.mjs` does not.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** @returns {string | null} a Node that can run the engine: this one, or the one npm brought. */
export function findNode() {
  if (isGoodEnough(process.versions)) return process.execPath
  const brought = join(root, 'node_modules', `node-${system()}`, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  return existsSync(brought) ? brought : null
}

/** Goes on under a Node that is new enough: returns if this is one, else runs the same command line under another and exits as it does. */
export function needNode24() {
  const node = findNode()
  if (node === process.execPath) return
  if (node === null) {
    console.error(
      `Mailcoffer needs Node 22.18 or newer (24 is best); this is ${process.version}, and no newer one was found in node_modules. Run "npm ci", or install Node 24.`,
    )
    process.exit(3)
  }
  const env = { ...process.env, PATH: `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}` }
  const run = spawnSync(node, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit', env })
  if (run.signal) process.kill(process.pid, run.signal)
  process.exit(run.status ?? 3)
}

function isGoodEnough(versions) {
  const [major, minor] = versions.node.split('.').map(Number)
  return Number(versions.napi) >= 10 && (major > 22 || (major === 22 && minor >= 18))
}

function system() {
  return `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
}
