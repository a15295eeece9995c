/** Style sheets of strangers: what can reach a network, or hide that it does, is taken out (CSS Values 4, section 4.5). */
import postcss, { type Declaration, type Root } from 'postcss'

export interface CleanCss {
  css: string
  /** Something that would have been fetched was taken out. */
  blocked: boolean
}

const SHEET_MAX = 256 * 1024
const STYLE_MAX = 4096
// Functions that fetch or run; a backslash or a comment can spell any of them another way.
const REACHES_OUT = /url\s*\(|image-set\s*\(|image\s*\(|src\s*\(|element\s*\(|expression\s*\(|@import|javascript:|\\|\/\*/i
const FETCHES = /url\s*\(\s*["']?\s*(?!data:|cid:|#)|image-set|\/\//i
const NEVER = new Set(['behavior', '-moz-binding'])
const AT_RULES = new Set(['media', 'supports', 'keyframes', '-webkit-keyframes', 'layer', 'container'])

export function cleanSheet(source: string): CleanCss {
  const root = parse(source.slice(0, SHEET_MAX).replace(/<!--|-->/g, ''))
  if (!root) return { css: '', blocked: false }
  let blocked = false
  root.walkAtRules(rule => {
    if (AT_RULES.has(rule.name.toLowerCase()) && !rule.params.includes('\\')) return
    if (/^(import|font-face)$/i.test(rule.name)) blocked = true
    rule.remove()
  })
  root.walkDecls(declaration => {
    if (!keep(declaration)) {
      blocked ||= FETCHES.test(declaration.value)
      declaration.remove()
    } else declaration.raws = { between: ':' }
  })
  root.walkComments(comment => {
    comment.remove()
  })
  root.walkRules(rule => {
    if (rule.selector.includes('\\')) rule.remove()
    else rule.raws = { between: ' ' }
  })
  return { css: root.toString().replaceAll('<', ''), blocked }
}

/** The value of a style attribute. */
export function cleanStyle(source: string): CleanCss {
  const rule = source.length > STYLE_MAX ? undefined : parse(`x{${source}}`)?.first
  if (rule?.type !== 'rule') return { css: '', blocked: false }
  const kept: string[] = []
  let blocked = false
  rule.each(node => {
    if (node.type !== 'decl') return
    if (keep(node)) kept.push(`${node.prop}:${node.value}${node.important ? ' !important' : ''}`)
    else blocked ||= FETCHES.test(node.value)
  })
  return { css: kept.join(';'), blocked }
}

const keep = ({ prop, value }: Declaration): boolean => !REACHES_OUT.test(value) && !prop.includes('\\') && !NEVER.has(prop.toLowerCase())

function parse(source: string): Root | null {
  try {
    return postcss.parse(source)
  } catch {
    return null // no style sheet at all
  }
}
