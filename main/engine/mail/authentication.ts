/** What the receiving server wrote about the sender: the topmost Authentication-Results (RFC 8601). */
import type { Authentication } from '../../contract/reading.ts'
import type { HeaderField } from './header.ts'

const RESULTS_MAX = 50
const TEXT_MAX = 200

/**
 * Only what the topmost field and those of the same server right behind it say: servers put theirs on top, and whatever stands further down
 * may have come with the message. Null where there is none.
 */
export function readAuthentication(fields: readonly HeaderField[]): Authentication | null {
  let server: string | null = null
  const results: Authentication['results'] = []
  for (const { name, value } of fields) {
    if (name !== 'authentication-results') continue
    const [id = '', ...stated] = withoutComments(value).split(';')
    const by = id.trim().split(/\s+/)[0] ?? ''
    if (server === null) server = by
    else if (server !== by) break
    for (const one of stated) {
      const result = readResult(one)
      if (result && results.length < RESULTS_MAX) results.push(result)
    }
  }
  return server === null || server === '' ? null : { server: server.slice(0, TEXT_MAX), results }
}

/** `dkim=pass header.d=example.com`: method, result, and what it was about. */
function readResult(text: string): Authentication['results'][number] | null {
  const [, method, result, rest = ''] = /^\s*([\w-]+)(?:\/\d+)?\s*=\s*([\w-]+)(.*)$/s.exec(text) ?? []
  if (method === undefined || result === undefined) return null
  const about = [...rest.matchAll(/\b(?:header|smtp|policy)\.[\w-]+\s*=\s*("[^"]*"|[^\s]+)/g)].map(match => match[1]!.replaceAll('"', ''))
  return { method: method.toLowerCase(), result: result.toLowerCase(), about: [...new Set(about)].join(', ').slice(0, TEXT_MAX) }
}

function withoutComments(value: string): string {
  let out = ''
  let depth = 0
  let quoted = false
  for (let i = 0; i < value.length; i++) {
    const c = value[i]!
    if (c === '\\') {
      if (depth === 0) out += value[i + 1] ?? ''
      i++
    } else if (c === '"' && depth === 0) {
      quoted = !quoted
      out += c
    } else if (!quoted && c === '(') depth++
    else if (!quoted && c === ')' && depth > 0) depth--
    else if (depth === 0) out += c
  }
  return out
}
