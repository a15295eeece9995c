/**
 * The lock file must install everywhere. npm writes an incomplete one without a word when a registry lacks a platform's package, and `npm ci`
 * then fails on that platform only. So: every optional platform package that anything names has its entry, every entry has its integrity,
 * and no entry holds a download address (it would be this machine's registry).
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from './node24.mjs'

/** @returns {string[]} what is wrong, one line each. */
export function lockProblems(lock) {
  const problems = []
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path === '') continue
    if (entry.resolved) problems.push(`${path}: holds a download address`)
    if (!entry.link && !entry.integrity && !entry.inBundle) problems.push(`${path}: has no integrity`)
  }
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const name of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })) {
      if (!found(lock.packages, path, name)) problems.push(`${path || 'package.json'}: ${name} is not in the lock file`)
    }
  }
  return problems
}

/** As Node looks: beside the package, then in every folder above. */
function found(packages, from, name) {
  for (let at = from; ; ) {
    if (packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`]) return true
    if (at === '') return false
    const up = at.lastIndexOf('node_modules/')
    at = up <= 0 ? '' : at.slice(0, up - 1)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = lockProblems(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')))
  for (const problem of problems) console.error(`package-lock.json: ${problem}`)
  if (problems.length === 0) console.log('package-lock.json is complete')
  process.exit(problems.length === 0 ? 0 : 1)
}
