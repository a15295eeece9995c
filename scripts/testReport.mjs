/** A vitest reporter for scripts/test.mjs: counts, and each skipped test with the reason it gave (`context.skip('reason')`), as JSON in MAILCOFFER_TEST_REPORT. */
import { writeFileSync } from 'node:fs'

export default class TestReport {
  onTestRunEnd(modules, unhandledErrors) {
    const report = { passed: 0, failed: unhandledErrors.length, skipped: [] }
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      for (const test of tests) {
        const result = test.result()
        if (result.state === 'skipped') report.skipped.push({ name: test.fullName, reason: result.note ?? '' })
        else report[result.state === 'passed' ? 'passed' : 'failed']++
      }
      // A file that could not be loaded, or whose hooks broke, may have no failed test of its own.
      if (module.state() === 'failed' && !tests.some(test => test.result().state === 'failed')) report.failed++
    }
    writeFileSync(process.env.MAILCOFFER_TEST_REPORT, JSON.stringify(report))
  }
}
