/** From the typed trees to sentences: i18next with our plural forms, and numbers and dates as the language writes them. */
import { createInstance, type TFunction } from 'i18next'
import { de } from './de.ts'
import { en } from './en.ts'
import { type Format, formatFor } from './format.ts'
import { pl } from './pl.ts'
import type { Language, TextKey } from './types.ts'
import { zh } from './zh.ts'

export const texts = { en, pl, de, zh } as const satisfies Record<Language, unknown>
/** Each language by its own name: a person who cannot read the present one must find theirs. */
export const languageNames: Record<Language, string> = { en: 'English', pl: 'Polski', de: 'Deutsch', zh: '简体中文' }
export const languageOrder: readonly Language[] = ['en', 'de', 'pl', 'zh']

export type Values = Readonly<Record<string, string | number>>

export interface Text {
  language: Language
  /** Whose dates and numbers (BCP 47). */
  locale: string
  format: Format
  /** The sentence of a key, filled with values. */
  t(key: TextKey, values?: Values): string
  /** The sentence of a plural key; `{{n}}` is the number as the language writes it. */
  plural(key: TextKey, count: number, values?: Values): string
}

type Tree = { readonly [key: string]: string | Tree }

/** `{ messages: { one, other } }` becomes `messages_one`, `messages_other`, which is how i18next wants its plurals. */
export function flatten(tree: Tree, before = ''): Record<string, string> {
  const flat: Record<string, string> = {}
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') flat[before + key] = value
    else if (typeof value['other'] === 'string') for (const [form, text] of Object.entries(value)) flat[`${before}${key}_${form}`] = text as string
    else Object.assign(flat, flatten(value, `${before}${key}.`))
  }
  return flat
}

const tables = Object.fromEntries(Object.entries(texts).map(([language, tree]) => [language, flatten(tree)])) as Record<
  Language,
  Record<string, string>
>
const i18n = createInstance()
i18n.init({
  lng: 'en',
  fallbackLng: false,
  keySeparator: false,
  nsSeparator: false,
  initAsync: false,
  // React escapes what it shows.
  interpolation: { escapeValue: false },
  resources: Object.fromEntries(Object.entries(tables).map(([language, table]) => [language, { translation: table }])),
})

const made = new Map<string, Text>()

/** `systemLanguages` say which region's dates and numbers: an English window in Poland keeps English words and the region's habits only when they match. */
export function textFor(language: Language, systemLanguages: readonly string[] = []): Text {
  const locale = systemLanguages.find(tag => tag.toLowerCase().split('-')[0] === language) ?? (language === 'zh' ? 'zh-CN' : language)
  const known = made.get(language + locale)
  if (known) return known
  const translate = i18n.getFixedT(language) as TFunction
  const format = formatFor(locale)
  const text: Text = {
    language,
    locale,
    format,
    // Most have nothing to be filled in, and hundreds are said with each key that is typed.
    t: (key, values) => (values ? (translate(key, values) as string) : (tables[language][key] ?? key)),
    plural: (key, count, values) => translate(key, { ...values, count, n: format.number(count) }) as string,
  }
  made.set(language + locale, text)
  return text
}
