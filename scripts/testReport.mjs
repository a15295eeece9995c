/**
 * A vitest reporter for scripts/test.mjs: counts, what failed with its file and why, and each skipped test with the reason it gave
 * (`context.skip('reason')`), as JSON in MAILCOFFER_TEST_REPORT.
 */
import { writeFileSync } from 'node:fs'

const REASON = 600 // characters of an error that are kept

export default class TestReport {
  onTestRunEnd(modules, unhandledErrors) {
    const report = { passed: 0, failed: 0, failures: [], skipped: [] }
    const fail = (name, errors) => {
      report.failed++
      report.failures.push({ name, reason: errors.map(reasonOf).join('\n') })
    }
    for (const error of unhandledErrors) fail('outside of any test', [error])
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      for (const test of tests) {
        const result = test.result()
        if (result.state === 'skipped') report.skipped.push({ name: test.fullName, reason: result.note ?? '' })
        else if (result.state === 'passed') report.passed++
        else fail(`${module.relativeModuleId} > ${test.fullName}`, result.errors ?? [])
      }
      // A file that could not be loaded, or whose hooks broke, may have no failed test of its own.
      if (module.state() === 'failed' && !tests.some(test => test.result().state === 'failed')) fail(module.relativeModuleId, module.errors())
    }
    writeFileSync(process.env.MAILCOFFER_TEST_REPORT, JSON.stringify(report))
  }
}

/** The message of an error, and where in the test it was. */
function reasonOf(error) {
  const place = String(error?.stack ?? '')
    .split('\n')
    .find(line => /\btest\//.test(line))
  return [String(error?.message ?? error).slice(0, REASON), ...(place ? [place.trim()] : [])].join('\n')
}
