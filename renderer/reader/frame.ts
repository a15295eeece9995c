/** The document of the sandboxed frame in which a message's HTML is shown. No script, no network, no form: three times over. */
import { FONT } from './font.ts'

/**
 * default-src 'none': nothing is fetched, whatever got past the sanitiser. Styles inside the message and images
 * that came with it (data:) are all that shows. The frame's `sandbox` forbids script and forms besides.
 */
export const FRAME_CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'"

export interface FrameLook {
  language: string
  /** Colours for a dark room; else the white paper that mail is written for. */
  dark: boolean
  /** 1 is the size it came in. */
  zoom: number
  /** What stands on a folded quotation, and behind links that lie. */
  labels: { quoted: string; mismatch: string; lookalike: string }
  /** data: URLs of images that a person asked for, by the number in `data-remote`; null where one could not be had. */
  images: readonly (string | null)[]
}

export function frameDocument(html: string, look: FrameLook): string {
  const style = `${sureStyle(look)}${BASE}${look.dark ? (hasColours(html) ? TURNED : DARK) : ''}`
  return `<!doctype html><html lang="${look.language}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${FRAME_CSP}"><meta name="referrer" content="no-referrer"><style>${style}</style></head><body>${withImages(html, look.images)}</body></html>`
}

/**
 * Whether the message brings colours of its own. Those that do not are set in ours; the others are turned to their opposites as a whole
 * (HtmlFrame), so that what was legible on white stays legible: changing some of a designer's colours is how black on black comes about.
 */
export const hasColours = (html: string): boolean => /\bbgcolor=|\bcolor=|<style>|background|(?:^|[;"\s{])color\s*:/i.test(html)

/** An attribute's value cannot hold "<", so this stands only where the sanitiser left out a picture. */
function withImages(html: string, images: FrameLook['images']): string {
  if (images.every(image => image === null)) return html
  return html.replace(/<img [^<>]*?data-remote="(\d+)"[^<>]*>/g, (tag, n: string) => {
    const url = images[Number(n)]
    return url ? tag.replace(`data-remote="${n}"`, `src="${url}"`) : tag
  })
}

/** Stands for a picture that was not loaded, in place of the browser's broken one. */
const PLACEHOLDER =
  'data:image/svg+xml,%3Csvg xmlns=%27http://www.w3.org/2000/svg%27 width=%2756%27 height=%2740%27%3E%3Crect x=%27.5%27 y=%27.5%27 width=%2755%27 height=%2739%27 rx=%276%27 fill=%27%23f2f4f4%27 stroke=%27%23dde2e2%27/%3E%3Cpath d=%27m18 27 7-8 5 5 3-3 5 6z%27 fill=%27%23c3cccc%27/%3E%3Ccircle cx=%2733%27 cy=%2716%27 r=%272%27 fill=%27%23c3cccc%27/%3E%3C/svg%3E'

/** The first layer: what is !important in it wins over everything the message says (CSS Cascade 5, section 6.4.3), so no mail can hide a mark. */
function sureStyle({ labels, zoom }: FrameLook): string {
  const mark = (warning: string, label: string) => `a[data-warn="${warning}"]::after { content: " \\26A0 ${inCss(label)} " !important; }`
  return `@layer mailcoffer {
${mark('mismatch', labels.mismatch)}
${mark('lookalike', labels.lookalike)}
a[data-warn] { outline: 2px solid #c2410c !important; outline-offset: 1px !important; visibility: visible !important; }
a[data-warn]::after { display: inline !important; visibility: visible !important; position: static !important; font: 600 12px/1.4 sans-serif !important; color: #9a3412 !important; background: #ffedd5 !important; text-indent: 0 !important; letter-spacing: normal !important; opacity: 1 !important; }
details.mailcoffer-quote > summary::after { content: "${inCss(labels.quoted)}" !important; }
html { zoom: ${zoom} !important; }
}
`
}

const inCss = (text: string): string => text.replace(/[\\"<>\n]/g, '')

const BASE = `
:root { color-scheme: light; }
html { background: #fff; }
body { margin: 20px 24px 32px; color: #182022; font: 14px/1.55 ${FONT}; overflow-wrap: break-word; }
img { max-width: 100%; height: auto; }
img:not([src^="data:"]) { content: url("${PLACEHOLDER}"); width: auto; min-width: 0; height: auto; max-height: 40px; }
::-webkit-scrollbar { width: 11px; height: 11px; }
::-webkit-scrollbar-thumb { background: #cbd2d2; background-clip: padding-box; border: 3px solid transparent; border-radius: 8px; }
table { max-width: 100%; }
pre { white-space: pre-wrap; }
a { color: #0b645d; }
blockquote { margin: 8px 0; padding-left: 12px; border-left: 2px solid #cbd2d2; color: #4c585b; }
details.mailcoffer-quote { margin: 12px 0 0; }
details.mailcoffer-quote > summary { display: inline-block; padding: 2px 10px; border-radius: 10px; background: #edf1f1; color: #4c585b; font: 12px/1.5 sans-serif; cursor: default; list-style: none; }
`

/** The frame's colours are turned over outside of it; pictures are turned back. */
const TURNED = 'img[src^="data:"] { filter: invert(1) hue-rotate(180deg); }'

/** Our own dark colours, for mail that has none. */
const DARK = `
:root { color-scheme: dark; }
html { background: #14191b; }
body { color: #e4e9e9; }
a { color: #6fd3c6; }
blockquote { border-left-color: #3a4649; color: #a9b5b6; }
::-webkit-scrollbar-thumb { background: #3a4649; background-clip: padding-box; }
details.mailcoffer-quote > summary { background: #232b2e; color: #a9b5b6; }
`
