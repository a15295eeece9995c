/** What sanitised HTML gets on its way to the reader: links that lie are marked, and the conversation quoted at its end is folded. */
import { domainToUnicode } from 'node:url'
import { Parser } from 'htmlparser2'
import { isLookalikeHost, sameOwner } from '../../contract/hosts.ts'
import type { LinkNotes } from '../../contract/reading.ts'

export type LinkWarning = 'mismatch' | 'lookalike'

export interface MarkedHtml {
  html: string
  links: LinkNotes
}

interface Insert {
  at: number
  text: string
}

const VOID = new Set(['br', 'img', 'hr', 'wbr', 'col'])
const LINK_TEXT_MAX = 300

/** `html` as sanitise() made it: well-formed, with attribute values in double quotes. */
export function markHtml(html: string): MarkedHtml {
  const links = { mismatched: 0, lookalike: 0 }
  const inserts: Insert[] = []
  let link: { at: number; href: string; text: string } | null = null
  let depth = 0
  let quote: { from: number; depth: number } | null = null
  let last: { from: number; to: number } | null = null
  let unseen = 0

  const parser = new Parser({
    onopentag(name, attributes) {
      if (name === 'style') unseen++
      if (!VOID.has(name)) depth++
      else if (name === 'img' && !quote) last = null
      if (name === 'a' && attributes['href']) link = { at: parser.startIndex + 2, href: attributes['href'], text: '' }
      if (quote === null && isQuote(name, attributes)) quote = { from: parser.startIndex, depth }
    },
    ontext(text) {
      if (unseen > 0) return
      if (link && link.text.length < LINK_TEXT_MAX) link.text += text
      if (!quote && text.trim() !== '') last = null
    },
    onclosetag(name) {
      if (name === 'style') unseen--
      if (name === 'a' && link) {
        const warning = linkWarning(link.text, link.href)
        if (warning) {
          links[warning === 'mismatch' ? 'mismatched' : 'lookalike']++
          inserts.push({ at: link.at, text: ` data-warn="${warning}"` })
        }
        link = null
      }
      if (VOID.has(name)) return
      if (quote && depth === quote.depth) {
        // What is quoted between answers stays open; only what ends the message is folded, from its first quote on.
        last = { from: last?.from ?? quote.from, to: parser.endIndex + 1 }
        quote = null
      }
      depth--
    },
  })
  parser.end(html)

  const fold = last as { from: number; to: number } | null
  if (fold && /\S/.test(html.slice(0, fold.from).replace(/<style>[\s\S]*?<\/style>|<[^>]*>/g, ''))) inserts.push(...folding(html, fold))
  return { html: insert(html, inserts), links }
}

/** How mailers mark what they quote: RFC-less, and stable for twenty years. */
function isQuote(name: string, { type, class: classes = '' }: Record<string, string>): boolean {
  if (name === 'blockquote' && type === 'cite') return true
  return /(?:^|\s)(?:gmail_quote|yahoo_quoted|protonmail_quote|zmail_extra|tutanota_quote)(?:\s|$)/.test(classes)
}

/** The two quotes may lie in different parents: what is folded must be whole elements. */
function folding(html: string, { from, to }: { from: number; to: number }): Insert[] {
  if (!isWhole(html.slice(from, to))) return []
  return [
    { at: from, text: '<details class="mailcoffer-quote"><summary></summary>' },
    { at: to, text: '</details>' },
  ]
}

function isWhole(html: string): boolean {
  let depth = 0
  for (const [, closing, name] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
    if (VOID.has(name!)) continue
    depth += closing ? -1 : 1
    if (depth < 0) return false
  }
  return depth === 0
}

function insert(html: string, inserts: Insert[]): string {
  let out = ''
  let at = 0
  for (const { at: to, text } of inserts.sort((a, b) => a.at - b.at)) {
    out += html.slice(at, to) + text
    at = to
  }
  return out + html.slice(at)
}

/** Does the text name another host than the link goes to, or does the host pretend to be another? */
export function linkWarning(text: string, href: string): LinkWarning | null {
  const url = URL.canParse(href) ? new URL(href) : null
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null
  // "https://bank.example@evil.example/": what stands before the @ is there to be read as the host.
  if (url.username !== '' || url.password !== '') return 'mismatch'
  const host = domainToUnicode(url.hostname) || url.hostname
  if (isLookalikeHost(host)) return 'lookalike'
  const said = hostInText(text)
  return said !== null && !sameOwner(said, host) ? 'mismatch' : null
}

const FILES =
  /\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|odp|rtf|txt|csv|jpe?g|png|gif|svg|html?|php|aspx?|jsp|js|ts|py|md|zip|rar|7z|gz|eml|ics|vcf|mp[34]|mov|exe)$/i

/** The host a person reads in a link's text, null where the text is no address. */
function hostInText(text: string): string | null {
  const shown = text.replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, '').trim()
  const [, scheme, host] =
    /^<?(https?:\/\/)?(?:[^\s/?#@]*@)?((?:[\p{L}\p{N}_-]+\.)+[\p{L}\p{N}-]{2,})(?::\d+)?(?:[/?#]\S*)?[>.,)]*$/iu.exec(shown) ?? []
  if (host === undefined || (shown.includes('@') && scheme === undefined)) return null
  if (scheme === undefined && (FILES.test(host) || /\.\d+$/.test(host))) return null
  const url = `https://${host}/`
  if (!URL.canParse(url)) return null
  const ascii = new URL(url).hostname
  return domainToUnicode(ascii) || ascii
}
