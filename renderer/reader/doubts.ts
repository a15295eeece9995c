import type { Authentication } from '../../main/contract/reading.ts'

const FAILED = new Set(['fail', 'softfail', 'permerror', 'policy'])
/** Only these judge the sender; the others are about connections and lists. */
const JUDGES = new Set(['spf', 'dkim', 'dmarc'])

/** "SPF fail, DMARC fail", or ''. Where DMARC passes, the others may fail: that is what it is for (RFC 7489 section 3). */
export function doubts(authentication: Authentication | null): string {
  const judged = authentication?.results.filter(({ method }) => JUDGES.has(method)) ?? []
  if (judged.some(({ method, result }) => method === 'dmarc' && result === 'pass')) return ''
  const passed = new Set(judged.filter(({ result }) => result === 'pass').map(({ method }) => method))
  const failed = judged.filter(({ method, result }) => FAILED.has(result) && !passed.has(method))
  return [...new Set(failed.map(({ method, result }) => `${method.toUpperCase()} ${result}`))].join(', ')
}
