/** Names of computers that are meant to be taken for others (Unicode Technical Standard 39). The engine marks links with it, the shell warns before it opens one. */

const MIXABLE =
  /[\p{Script=Latin}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Common}\p{Script=Inherited}]/u
const scripts = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
  /\p{Script=Hebrew}/u,
  /\p{Script=Arabic}/u,
]
/** Cyrillic and Greek letters that look like Latin ones: a name made of nothing else is a disguise, unless its top level is of the same script. */
const DISGUISE = /^[асеорхуіјѕһԁԛԝӏкмтвнгьпαοορυνικετχγωѵ\d-]+$/u
/** Latin letters that no language's names need, and that pass for others. */
const ODD_LATIN = /[\u0131\u0250-\u02af\u1d00-\u1dbf\u2c60-\u2c7f\ua720-\ua7ff]/u

/** `host` in Unicode, not as xn--. */
export function isLookalikeHost(host: string): boolean {
  const labels = host.toLowerCase().split('.')
  const top = labels.at(-1) ?? ''
  return labels.some(label => isLookalikeLabel(label, isAscii(top)))
}

function isLookalikeLabel(label: string, latinTop: boolean): boolean {
  if (isAscii(label)) return label.startsWith('xn--') // what could not be decoded hides something
  if (ODD_LATIN.test(label) || /\p{Default_Ignorable_Code_Point}/u.test(label)) return true
  const used = scripts.filter(script => script.test(label)).length
  if (used > 1) return true
  // Latin may stand beside Chinese, Japanese and Korean, as it does on every sign there, and beside nothing else.
  if (/\p{Script=Latin}/u.test(label) && [...label].some(letter => !MIXABLE.test(letter))) return true
  return latinTop && DISGUISE.test(label)
}

/** Two hosts that belong to the same owner as far as their names tell: one lies under the other, or both under the same name. */
export function sameOwner(one: string, other: string): boolean {
  const [a, b] = [ownerOf(one), ownerOf(other)]
  return a === b
}

/** "www.shop.example.co.uk" → "example.co.uk". A guess: the list of all suffixes is 15,000 lines, and a wrong guess only marks a link too many. */
function ownerOf(host: string): string {
  const labels = host.toLowerCase().replace(/\.$/, '').split('.')
  if (labels.length <= 2 || /^[\d.]+$|:/.test(host)) return labels.join('.')
  const second = labels.at(-2)!
  const country = labels.at(-1)!.length === 2
  return labels.slice(country && (second.length <= 3 || shared.has(second)) ? -3 : -2).join('.')
}

const shared = new Set(['info', 'gouv', 'gov', 'asso', 'wroclaw', 'waw', 'warszawa', 'krakow', 'poznan', 'edu', 'mil'])

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with them
const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text)
