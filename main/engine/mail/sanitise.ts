/**
 * HTML of strangers made safe to show: no script, no forms, and nothing that is fetched from anywhere. The window shows it in a
 * sandboxed frame with a policy and a session that forbid both again; this is the first of three walls, and trusts neither of the others.
 */
import { Parser } from 'htmlparser2'
import sanitizeHtml from 'sanitize-html'
import { cleanSheet, cleanStyle } from './css.ts'

export interface CleanHtml {
  html: string
  /** Images, fonts or styles from elsewhere were left out. */
  blocked: boolean
}

/** `image` gives the data: URL of an image by its Content-ID (without brackets), null when the message has none. */
export function sanitise(html: string, image: (cid: string) => string | null): CleanHtml {
  const seen = lookOver(html)
  let blocked = seen.blocked
  const styles = new Map<string, string>()

  const style = (source: string): string => {
    let clean = styles.get(source)
    if (clean === undefined) {
      const result = cleanStyle(source)
      blocked ||= result.blocked
      clean = result.css
      styles.set(source, clean)
    }
    return clean
  }

  const body = sanitizeHtml(html, {
    allowedTags,
    allowedAttributes,
    allowedSchemes: ['http', 'https', 'mailto'],
    allowedSchemesByTag: { img: ['data'] },
    allowProtocolRelative: false,
    parseStyleAttributes: false,
    nestingLimit: 200,
    nonTextTags: [
      'script',
      'style',
      'textarea',
      'option',
      'noscript',
      'title',
      'template',
      'svg',
      'math',
      'xml',
      'object',
      'iframe',
      'video',
      'audio',
    ],
    transformTags: {
      '*': (tagName, attribs) => {
        const { style: source, ...rest } = attribs
        const clean = source ? style(source) : ''
        return { tagName, attribs: clean ? { ...rest, style: clean } : rest }
      },
      a: (tagName, attribs) => {
        const href = linkTarget(attribs['href'])
        return { tagName, attribs: href ? { ...attribs, href, title: href } : without(attribs, 'href') }
      },
      img: (tagName, attribs) => {
        const src = imageSource(attribs['src'] ?? '', image)
        if (src === 'remote') blocked = true
        return { tagName, attribs: src === null || src === 'remote' ? without(attribs, 'src') : { ...attribs, src } }
      },
    },
  })
  const sheet = seen.sheets.map(source => cleanSheet(source))
  const css = sheet.map(clean => clean.css).join('\n')
  return { html: css.trim() === '' ? body : `<style>${css}</style>${body}`, blocked: blocked || sheet.some(clean => clean.blocked) }
}

const allowedTags =
  'a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr'.split(
    ' ',
  )
const common =
  'align bgcolor border cellpadding cellspacing class color colspan dir face height hspace lang nowrap rowspan size start style title type valign vspace width'.split(
    ' ',
  )
const allowedAttributes = { '*': common, a: ['href', 'name'], img: ['src', 'alt'] }

/** Only what a person may choose to open; the frame itself never goes anywhere. */
function linkTarget(href: string | undefined): string | null {
  const target = href?.trim() ?? ''
  return /^(https?:\/\/|mailto:)/i.test(target) ? target : null
}

const INLINE = /^data:image\/(?:png|jpe?g|gif|webp|bmp);base64,[a-z0-9+/=\s]+$/i

function imageSource(source: string, image: (cid: string) => string | null): string | 'remote' | null {
  const src = source.trim()
  if (/^cid:/i.test(src)) return image(decodeURIComponentSafely(src.slice(4)))
  if (/^data:/i.test(src)) return INLINE.test(src) ? src : null
  return src === '' ? null : 'remote'
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const LOADS = new Set(['src', 'srcset', 'background', 'poster', 'data', 'lowsrc', 'dynsrc', 'xlink:href'])

/** One look at the source as it is: its style sheets, and whether it would fetch anything by other ways than images and styles. */
function lookOver(html: string): { sheets: string[]; blocked: boolean } {
  const sheets: string[] = []
  let sheet: string | null = null
  let tag = ''
  let blocked = false
  const parser = new Parser({
    onopentagname(name) {
      tag = name
      if (name === 'style') sheet = ''
    },
    onattribute(name, value) {
      if (tag !== 'img' || name !== 'src')
        blocked ||= (LOADS.has(name) || (name === 'href' && tag === 'link')) && /^\s*(https?:|\/\/|ftp:)/i.test(value)
    },
    ontext(text) {
      if (sheet !== null) sheet += text
    },
    onclosetag(name) {
      if (name !== 'style' || sheet === null) return
      sheets.push(sheet)
      sheet = null
    },
  })
  parser.end(html)
  return { sheets, blocked }
}

function without(attribs: Record<string, string>, name: string): Record<string, string> {
  const { [name]: _, ...rest } = attribs
  return rest
}
