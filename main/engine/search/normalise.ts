/**
 * One way of writing words, for what is indexed and for what is asked: NFKC, lower case, without diacritics; everything that is
 * no letter, digit or mark becomes a single space; each Han, Kana, Hangul or Thai character stands alone. So a query that is cut
 * in the same way and asked for as a phrase finds "ZX-4471-KQ" by the whole or any part, an address by its domain, and 中国 in 在中国.
 * The index must cut at spaces only (FTS5's `ascii` tokenizer does): all else was decided here.
 */

/** Space-separated tokens, '' when there are none. What is normal already stays as it is. */
export function normalise(text: string): string {
  return NOT_ASCII.test(text) ? foldWords(text.normalize('NFKC')) : asciiWords(text)
}

export function tokens(text: string): string[] {
  const normal = normalise(text)
  return normal === '' ? [] : normal.split(' ')
}

/** A character of a script that is written without spaces between words: it stands alone as a token. Takes a code point. */
export function isCjk(codePoint: number): boolean {
  return ALONE_CHARACTER.test(String.fromCodePoint(codePoint))
}

/** At most `max` characters of normalised text, cut between two tokens. */
export function cutTokens(normal: string, max: number): string {
  if (normal.length <= max) return normal
  const space = normal.lastIndexOf(' ', max)
  return normal.slice(0, space < 0 ? max : space)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what it asks for
const NOT_ASCII = /[^\x00-\x7f]/
const ALONE_CHARACTER =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\u30fc]/u
const WORD_CHARACTER = /[\p{L}\p{N}\p{M}]/u
const DIGIT = /\p{Nd}/u
// Marks that change no word: Latin, Greek and Cyrillic accents, Hebrew points, Arabic vowels; and what is invisible inside one.
const DROPPED =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each is meant by itself
  /[\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u200d\u2060\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\ufeff]/g
const APOSTROPHES = /[\u02b9-\u02bf]/
/** Letters that no normal form takes apart. */
const LETTERS: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ŧ: 't',
  ŋ: 'n',
  ĸ: 'k',
  ı: 'i',
  ȷ: 'j',
  ƶ: 'z',
  ǥ: 'g',
  ɨ: 'i',
  ς: 'σ',
}

const SPACE = 32
// What becomes of a UTF-16 unit, looked up once each: these, or the unit to write.
const UNKNOWN = 0
const CUT = 1
const DROP = 2
const ALONE = 3
const SEVERAL = 4

const asciiTable = new Uint8Array(128)
for (let c = 0; c < 128; c++) asciiTable[c] = /[a-z0-9]/i.test(String.fromCharCode(c)) ? String.fromCharCode(c).toLowerCase().charCodeAt(0) : CUT

const table = new Uint16Array(65_536)
const several = new Map<number, string>()

const PIECE = 32 * 1024
const MOST_UNITS = 24 // what one character becomes at most (U+FDFA is the longest, and NFKC has dealt with it)
const asciiOut = Buffer.allocUnsafeSlow(PIECE + 1)
const out = new Uint16Array(PIECE * 3 + MOST_UNITS)
const outBytes = Buffer.from(out.buffer)

function asciiWords(text: string): string {
  let result = ''
  let cut = false
  for (let from = 0; from < text.length; from += PIECE) {
    const to = Math.min(text.length, from + PIECE)
    let n = 0
    for (let i = from; i < to; i++) {
      const unit = asciiTable[text.charCodeAt(i)]!
      if (unit === CUT) {
        cut = true
        continue
      }
      if (cut) {
        cut = false
        if (n > 0 || result !== '') asciiOut[n++] = SPACE
      }
      asciiOut[n++] = unit
    }
    result += asciiOut.toString('latin1', 0, n)
  }
  return result
}

function foldWords(text: string): string {
  let result = ''
  let n = 0
  let cut = false

  const space = () => {
    if (cut && (n > 0 || result !== '')) out[n++] = SPACE
    cut = false
  }
  const write = (word: string) => {
    for (let i = 0; i < word.length; i++) out[n++] = word.charCodeAt(i)
  }

  for (let i = 0; i < text.length; i++) {
    if (n > PIECE * 2) {
      result += outBytes.toString('utf16le', 0, n * 2)
      n = 0
    }
    const unit = text.charCodeAt(i)
    let folded = table[unit]!
    if (folded === UNKNOWN) {
      if (unit >= 0xd800 && unit < 0xdc00) {
        // Beyond the basic plane: rare enough to be looked at each time.
        const character = String.fromCodePoint(text.codePointAt(i)!)
        i += character.length - 1
        if (ALONE_CHARACTER.test(character)) {
          cut = true
          space()
          write(character)
          cut = true
        } else if (WORD_CHARACTER.test(character)) {
          space()
          write(character.toLowerCase())
        } else cut = true
        continue
      }
      folded = learn(unit)
    }
    if (folded > SEVERAL) {
      space()
      out[n++] = folded
    } else if (folded === CUT) cut = true
    else if (folded === ALONE) {
      cut = true
      space()
      out[n++] = unit
      cut = true
    } else if (folded === SEVERAL) {
      space()
      write(several.get(unit)!)
    }
  }
  return result + outBytes.toString('utf16le', 0, n * 2)
}

function learn(unit: number): number {
  const folded = fold(String.fromCharCode(unit))
  const what = typeof folded === 'number' ? folded : folded.length === 1 ? folded.charCodeAt(0) : SEVERAL
  if (what === SEVERAL) several.set(unit, folded as string)
  table[unit] = what
  return what
}

function fold(character: string): string | typeof CUT | typeof DROP | typeof ALONE {
  if (character.replace(DROPPED, '') === '') return DROP
  if (ALONE_CHARACTER.test(character)) return ALONE
  if (!WORD_CHARACTER.test(character) || APOSTROPHES.test(character)) return CUT
  if (DIGIT.test(character)) return String(digitValue(character.charCodeAt(0)))
  let word = ''
  for (const c of character.toLowerCase().normalize('NFD').replace(DROPPED, '')) word += LETTERS[c] ?? c
  return word === '' ? DROP : word.normalize('NFC')
}

/** Decimal digits stand in runs of ten, zero first (Unicode 4.6). */
function digitValue(unit: number): number {
  let zero = unit
  while (unit - zero < 9 && DIGIT.test(String.fromCharCode(zero - 1))) zero--
  return (unit - zero) % 10
}
