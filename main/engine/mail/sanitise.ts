/**
 * HTML of strangers made safe to show: no script, no forms, and nothing that is fetched from anywhere. The window shows it in a
 * sandboxed frame with a policy and a session that forbid both again; this is the first of three walls, and trusts neither of the others.
 */
import { Parser } from 'htmlparser2'
import sanitizeHtml from 'sanitize-html'
import { cleanSheet, cleanStyle } from './css.ts'
import { limitDepth } from './htmlDepth.ts'

export interface CleanHtml {
  html: string
  /** Images, fonts or styles from elsewhere were left out. */
  blocked: boolean
  /** Addresses of the images among them; an image's number stands in its `data-remote`. */
  remote: string[]
  /** Images that would only have told of the reading, and are gone altogether. */
  trackers: number
}

/** `image` gives the data: URL of an image by its Content-ID (without brackets), null when the message has none. */
export function sanitise(source: string, image: (cid: string) => string | null): CleanHtml {
  const html = limitDepth(source)
  const seen = lookOver(html)
  let blocked = seen.blocked
  const styles = new Map<string, string>()
  const remote = new Map<string, number>()
  let trackers = 0

  /** What is left of an image: its own attributes that only place it, and a source that is in the message, or a number for one that is not. */
  const imageOf = (attribs: Record<string, string>): Record<string, string> => {
    const { src: source = '', ...rest } = attribs
    const src = imageSource(source, image)
    if (src === null) return rest
    if (src !== 'remote') return { ...attribs, src }
    if (reportsReading(attribs)) {
      trackers++
      return { [DROPPED]: '' }
    }
    blocked = true
    const url = remoteAddress(source)
    if (url === null || (remote.size >= REMOTE_MAX && !remote.has(url))) return rest
    if (!remote.has(url)) remote.set(url, remote.size)
    return { ...rest, 'data-remote': String(remote.get(url)) }
  }

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
        // A new window is what a click asks for, and no window is ever opened: the shell hears of it, and asks the person (shell/links.ts).
        return { tagName, attribs: href ? { ...attribs, href, title: href, target: '_blank' } : without(attribs, 'href') }
      },
      img: (tagName, attribs) => ({ tagName, attribs: imageOf(without(attribs, 'data-remote')) }),
    },
    exclusiveFilter: ({ tag, attribs }) => tag === 'img' && DROPPED in attribs,
  })
  const sheet = seen.sheets.map(source => cleanSheet(source))
  const css = sheet.map(clean => clean.css).join('\n')
  return {
    html: css.trim() === '' ? body : `<style>${css}</style>${body}`,
    blocked: blocked || sheet.some(clean => clean.blocked),
    remote: [...remote.keys()],
    trackers,
  }
}

const DROPPED = 'data-dropped'
const REMOTE_MAX = 500
const ADDRESS_MAX = 4096

const allowedTags =
  'a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr'.split(
    ' ',
  )
const common =
  'align bgcolor border cellpadding cellspacing class color colspan dir face height hspace lang nowrap rowspan size start style title type valign vspace width'.split(
    ' ',
  )
const allowedAttributes = { '*': common, a: ['href', 'name', 'target'], img: ['src', 'alt', 'data-remote', DROPPED] }

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

/** http and https only, as a browser would ask for it; null for everything else. */
function remoteAddress(source: string): string | null {
  const text = source.trim().replace(/^\/\//, 'https://')
  if (text.length > ADDRESS_MAX || !/^https?:/i.test(text) || !URL.canParse(text)) return null
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') return null
  url.hash = ''
  return url.href
}

/** An image that is too small to be seen, or hidden, has nothing to show: it only reports that somebody reads. */
function reportsReading({ width, height, style = '', hidden }: Record<string, string>): boolean {
  const tiny = (value: string | undefined) => value !== undefined && /^\s*[01](?:\.\d+)?\s*(?:px)?\s*$/.test(value)
  if (hidden !== undefined || (tiny(width) && tiny(height))) return true
  const styled = (name: string) => new RegExp(`(?:^|;)\\s*(?:max-)?${name}\\s*:\\s*([^;!]+)`, 'i').exec(style)?.[1]
  if (tiny(styled('width') ?? width) && tiny(styled('height') ?? height)) return true
  return /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0?\.?0*\s*(?:;|!|$))/i.test(style)
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
