/** The document of the sandboxed frame in which a message's HTML is shown. No script, no network, no form: three times over. */

/**
 * default-src 'none': nothing is fetched, whatever got past the sanitiser. Styles inside the message and images
 * that came with it (data:) are all that shows. The frame's empty `sandbox` forbids script, forms and pop-ups besides.
 */
export const FRAME_CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'"

export function frameDocument(html: string, language: string): string {
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${FRAME_CSP}"><meta name="referrer" content="no-referrer"><style>${STYLE}</style></head><body>${html}</body></html>`
}

/** Stands for a picture that was not loaded, in place of the browser's broken one. */
const PLACEHOLDER =
  'data:image/svg+xml,%3Csvg xmlns=%27http://www.w3.org/2000/svg%27 width=%2756%27 height=%2740%27%3E%3Crect x=%27.5%27 y=%27.5%27 width=%2755%27 height=%2739%27 rx=%276%27 fill=%27%23f2f4f4%27 stroke=%27%23dde2e2%27/%3E%3Cpath d=%27m18 27 7-8 5 5 3-3 5 6z%27 fill=%27%23c3cccc%27/%3E%3Ccircle cx=%2733%27 cy=%2716%27 r=%272%27 fill=%27%23c3cccc%27/%3E%3C/svg%3E'

/** Mail is written for white paper; so it is shown on it, in the dark as well. */
const STYLE = `
:root { color-scheme: light; }
html { background: #fff; }
body { margin: 20px 24px 32px; color: #182022; font: 14px/1.55 -apple-system, "Segoe UI", Inter, Cantarell, Ubuntu, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; overflow-wrap: break-word; }
img { max-width: 100%; height: auto; }
img:not([src^="data:"]) { content: url("${PLACEHOLDER}"); width: auto; min-width: 0; height: auto; max-height: 40px; }
::-webkit-scrollbar { width: 11px; height: 11px; }
::-webkit-scrollbar-thumb { background: #cbd2d2; background-clip: padding-box; border: 3px solid transparent; border-radius: 8px; }
table { max-width: 100%; }
pre { white-space: pre-wrap; }
a { color: #0b645d; }
blockquote { margin: 8px 0; padding-left: 12px; border-left: 2px solid #cbd2d2; color: #4c585b; }
`
