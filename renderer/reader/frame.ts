/** The document of the sandboxed frame in which a message's HTML is shown. No script, no network, no form: three times over. */

/**
 * default-src 'none': nothing is fetched, whatever got past the sanitiser. Styles inside the message and images
 * that came with it (data:) are all that shows. The frame's empty `sandbox` forbids script, forms and pop-ups besides.
 */
export const FRAME_CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'"

export function frameDocument(html: string, language: string): string {
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${FRAME_CSP}"><meta name="referrer" content="no-referrer"><style>${STYLE}</style></head><body>${html}</body></html>`
}

/** Mail is written for white paper; so it is shown on it, in the dark as well. */
const STYLE = `
:root { color-scheme: light; }
html { background: #fff; }
body { margin: 20px 24px 32px; color: #182022; font: 14px/1.55 -apple-system, "Segoe UI", Inter, Cantarell, Ubuntu, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; overflow-wrap: break-word; }
img { max-width: 100%; height: auto; }
table { max-width: 100%; }
pre { white-space: pre-wrap; }
a { color: #0b645d; }
blockquote { margin: 8px 0; padding-left: 12px; border-left: 2px solid #cbd2d2; color: #4c585b; }
`
