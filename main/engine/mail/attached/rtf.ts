/** The text of an RTF file (Rich Text Format 1.9.1). One pass, no recursion: groups are a stack with a limit. */
import { decodeCharset } from '../charset.ts'

interface Group {
  /** Its text is no text of the document. */
  hidden: boolean
  /** How many characters stand behind \u for readers that do not know it. */
  skip: number
  /** The group begins with \*: what follows is for those who know it. */
  starred: boolean
}

const GROUPS_MAX = 1000

const hiddenGroups = new Set(
  'fonttbl colortbl stylesheet info pict object themedata colorschememapping latentstyles datastore listtable listoverridetable rsidtbl generator xmlnstbl filetbl revtbl mmathPr fldinst bkmkstart bkmkend template htmltag'.split(
    ' ',
  ),
)
const breaks: Readonly<Record<string, string>> = {
  par: '\n',
  line: '\n',
  sect: '\n',
  page: '\n',
  row: '\n',
  cell: ' ',
  tab: '\t',
  emdash: '—',
  endash: '–',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  bullet: '•',
}
/** \fcharset as a code page. */
const fontCharsets: Readonly<Record<number, number>> = {
  128: 932,
  129: 949,
  134: 936,
  136: 950,
  161: 1253,
  162: 1254,
  163: 1258,
  177: 1255,
  178: 1256,
  186: 1257,
  204: 1251,
  222: 874,
  238: 1250,
}

const WORD = /\\(?:([a-z]{1,32})(-?\d{1,10})? ?|'([0-9a-f]{2})|([^a-z]))/giy

/** `max`: characters. Takes one character a byte. */
export function rtfText(bytes: Buffer, max: number): string {
  const source = bytes.toString('latin1')
  let text = ''
  let raw: number[] = []
  let codepage = 1252
  let font: number | null = null
  const fonts = new Map<number, number>()
  let groups: Group[] = [{ hidden: false, skip: 1, starred: false }]
  let skipping = 0
  let inFonts = 0
  let fontAt: number | null = null
  /** Outlook's HTML in RTF: what is between \htmlrtf and \htmlrtf0 is for readers of RTF alone, and stands there twice. */
  let doubled = false
  const top = () => groups[groups.length - 1]!
  const flush = () => {
    if (raw.length > 0) text += decodeCharset(Buffer.from(raw), `cp${(font === null ? undefined : fonts.get(font)) ?? codepage}`)
    raw = []
  }
  const show = (piece: string) => {
    if (top().hidden || doubled) return
    flush()
    text += piece
  }
  const byte = (value: number) => {
    if (skipping > 0) skipping--
    else if (!top().hidden && !doubled) raw.push(value)
  }

  for (let at = 0; at < source.length && text.length + raw.length < max; ) {
    const c = source[at]!
    if (c === '{') {
      flush()
      if (groups.length >= GROUPS_MAX) break
      groups.push({ ...top(), starred: false })
      at++
    } else if (c === '}') {
      flush()
      if (groups.length > 1) groups.pop()
      if (groups.length < inFonts) inFonts = 0
      skipping = 0
      at++
    } else if (c !== '\\') {
      if (c !== '\r' && c !== '\n') byte(c.charCodeAt(0))
      at++
    } else {
      WORD.lastIndex = at
      const found = WORD.exec(source)
      if (!found) {
        at++
        continue
      }
      at = WORD.lastIndex
      const [, word, number, hex, sign] = found
      if (hex !== undefined) byte(Number.parseInt(hex, 16))
      else if (sign !== undefined) symbol(sign)
      else at = control(word!, number === undefined ? null : Number(number), at)
    }
  }
  flush()
  groups = []
  return text.slice(0, max)

  function symbol(sign: string): void {
    if (sign === '*') top().starred = true
    else if (sign === '~') show('\u00a0')
    else if (sign === '\n' || sign === '\r') show('\n')
    else if (sign === '\\' || sign === '{' || sign === '}') byte(sign.charCodeAt(0))
  }

  /** Answers where to go on. */
  function control(word: string, number: number | null, at: number): number {
    const group = top()
    if (group.starred) {
      group.starred = false
      group.hidden = true
    }
    if (word === 'fonttbl') inFonts = groups.length
    if (hiddenGroups.has(word)) group.hidden = true
    else if (word === 'bin') return at + Math.max(0, number ?? 0)
    else if (word === 'ansicpg' && number) codepage = number
    else if (word === 'uc') group.skip = Math.min(8, Math.max(0, number ?? 1))
    else if (word === 'htmlrtf') {
      flush()
      doubled = number !== 0
    } else if (word === 'f' && number !== null) {
      flush()
      if (inFonts > 0) fontAt = number
      else font = number
    } else if (word === 'fcharset' && fontAt !== null && number !== null && fontCharsets[number]) fonts.set(fontAt, fontCharsets[number])
    else if (word === 'plain') {
      flush()
      font = null
    } else if (word === 'u' && number !== null) {
      show(String.fromCharCode(number & 0xffff))
      skipping = group.skip
    } else if (Object.hasOwn(breaks, word)) show(breaks[word]!)
    return at
  }
}
