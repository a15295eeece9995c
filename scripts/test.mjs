/**
 * `npm test`: everything that is tested, on a fresh clone as well as here, with or without a display, as root or not.
 *   prepare   what the system should bring (scripts/prepare.mjs)
 *   vitest    units, promises and contracts
 *   no zstd   the main job once more as on a runtime without zstd, where records are written with deflate
 *   window    the real app on the real Electron (vitest.e2e.config.ts)
 * Arguments go to the first vitest: `npm test -- test/unit/log` runs just that, and no window.
 * The last line is plain: `tests: N passed, N failed, N skipped`. What is skipped is said with its reason.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findNode, needNode24, root } from './node24.mjs'
import { prepare, systemPath } from './prepare.mjs'

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  needNode24()
  const started = performance.now()
  const only = process.argv.slice(2)
  prepare()
  // What is compiled once need not be compiled in every process and thread that a test starts: half a second each.
  const compiled = mkdtempSync(join(tmpdir(), 'mailcoffer-compiled-'))
  process.once('exit', () => rmSync(compiled, { recursive: true, force: true }))
  const quicker = { NODE_COMPILE_CACHE: compiled }
  const sums = [run('vitest.config.ts', only, quicker)]
  if (only.length === 0) {
    console.log('Once more, with zstd hidden from the engine:')
    sums.push(
      run('vitest.config.ts', ['test/spec/mainJob.spec.ts', 'test/spec/rebuild.spec.ts', 'test/unit/pool/exactness.spec.ts'], {
        ...quicker,
        MAILCOFFER_NO_ZSTD: '1',
      }),
    )
    sums.push(run('vitest.e2e.config.ts', []))
  }
  const total = key => sums.reduce((sum, each) => sum + each[key], 0)
  // Once more at the end, where it is seen: what a log keeps of ten minutes is often only its end.
  for (const { name, reason } of sums.flatMap(each => each.failures)) console.log(`FAILED: ${name}\n${reason.replace(/^/gm, '    ')}`)
  console.log(`in ${Math.round((performance.now() - started) / 1000)} s`)
  console.log(`tests: ${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`)
  process.exit(total('failed') > 0 || total('passed') === 0 ? 1 : 0)
}

/** One vitest run; a run that broke without naming a test counts as one failure. */
function run(config, args, variables = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'mailcoffer-test-'))
  const report = join(folder, 'report.json')
  try {
    const node = findNode()
    const env = { ...process.env, ...variables, PATH: [dirname(node), systemPath()].join(delimiter), MAILCOFFER_TEST_REPORT: report }
    const vitest = [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--config',
      config,
      '--reporter=default',
      `--reporter=${join(root, 'scripts/testReport.mjs')}`,
    ]
    const { status, signal } = spawnSync(node, [...vitest, ...args], { cwd: root, stdio: 'inherit', env })
    const { passed, failed, failures, skipped } = read(report)
    for (const { name, reason } of skipped) console.log(`SKIPPED: ${name}${reason ? `: ${reason}` : ''}`)
    if (status === 0 || failed > 0) return { passed, failed, failures, skipped: skipped.length }
    return { passed, failed: 1, failures: [{ name: config, reason: `ended with ${signal ?? status}, and no test failed` }], skipped: skipped.length }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function read(report) {
  try {
    return JSON.parse(readFileSync(report, 'utf8'))
  } catch {
    return { passed: 0, failed: 1, failures: [{ name: 'all', reason: 'the run ended before its report' }], skipped: [] }
  }
}
