/** A message as a document for paper: who, when, what, and the text in full, on white. */
import type { MessageView } from '../../main/contract/types.ts'
import type { Text } from '../text/text.ts'
import { visibleName } from './AttachmentStrip.tsx'
import { FONT } from './font.ts'
import { type FrameLook, frameDocument } from './frame.ts'

/** The message's HTML stands in a shadow tree: its styles do not reach our lines above it, and what it places freely stays inside of its box. */
export function paperDocument(view: MessageView, mode: 'html' | 'text', look: FrameLook, text: Text): string {
  const { t, format } = text
  const { summary } = view
  const people = (list: MessageView['cc']) => list.map(({ name, address }) => (name ? `${name} <${address}>` : address)).join(', ')
  const lines: [string, string][] = [
    [t('reader.from'), people(summary.from)],
    [t('reader.to'), people(summary.to)],
    [t('reader.cc'), people(view.cc)],
    [t('reader.bcc'), people(view.bcc)],
    [t('reader.written'), format.fullDate(summary.date ?? summary.sortTime)],
    [
      t('reading.attachment.attachments'),
      view.attachments
        .filter(({ inline }) => !inline)
        .map(({ name }) => visibleName(name))
        .join(', '),
    ],
  ]
  const head = lines
    .filter(([, value]) => value !== '')
    .map(([label, value]) => `<tr><th>${escaped(label)}</th><td>${escaped(value)}</td></tr>`)
    .join('')
  const inner = frameDocument(mode === 'html' && view.html !== null ? opened(view.html) : `<pre class="plain">${escaped(view.text)}</pre>`, {
    ...look,
    dark: false,
    zoom: 1,
  })
  const [, style = '', body = ''] = /<style>([\s\S]*?)<\/style><\/head><body>([\s\S]*)<\/body>/.exec(inner) ?? []
  return `<!doctype html><html lang="${look.language}"><head><meta charset="utf-8"><title>${escaped(summary.subject)}</title><style>${PAGE}</style></head><body><header><h1>${escaped(summary.subject || t('list.noSubject'))}</h1><table>${head}</table></header><main><template shadowrootmode="open"><style>${style.replace(/\b(?:html|body) \{/g, ':host {')}${PAPER}</style>${body}</template></main></body></html>`
}

/** On paper nothing can be unfolded. */
const opened = (html: string): string => html.replaceAll('<details class="mailcoffer-quote">', '<details class="mailcoffer-quote" open>')

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const PAGE = `
@page { margin: 16mm; }
body { margin: 0; color: #111; font: 11pt/1.5 ${FONT}; }
header { margin-bottom: 14pt; padding-bottom: 8pt; border-bottom: 1px solid #999; }
h1 { margin: 0 0 8pt; font-size: 15pt; overflow-wrap: anywhere; }
table { border-collapse: collapse; font-size: 9.5pt; }
th { padding: 1pt 10pt 1pt 0; color: #555; font-weight: 500; text-align: left; vertical-align: top; white-space: nowrap; }
td { overflow-wrap: anywhere; }
main { position: relative; transform: translate(0); }
`
const PAPER = `
:host { margin: 0 !important; }
details.mailcoffer-quote > summary { display: none; }
pre.plain { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: 0; }
`
