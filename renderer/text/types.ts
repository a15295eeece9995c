/** The shape of the texts: English is the pattern, and a language that lacks a key, or a plural form it needs, does not compile. */
import type { Language } from '../../main/contract/shell.ts'
import type { en } from './en.ts'

/** English plural forms; a leaf that has these is a plural, chosen by `count`. */
interface Plural {
  one: string
  other: string
}

/** The same tree in a language whose plural forms (CLDR) are `Forms`. */
type Translation<Shape, Forms extends string> = {
  readonly [K in keyof Shape]: Shape[K] extends string
    ? string
    : Shape[K] extends Plural
      ? Readonly<Record<Forms, string>>
      : Translation<Shape[K], Forms>
}

type Leaf = string | Plural
type Paths<Shape, Before extends string = ''> = {
  [K in keyof Shape & string]: Shape[K] extends Leaf ? `${Before}${K}` : Paths<Shape[K], `${Before}${K}.`>
}[keyof Shape & string]

export type English = typeof en
export type Polish = Translation<English, 'one' | 'few' | 'many' | 'other'>
export type German = Translation<English, 'one' | 'other'>
export type Chinese = Translation<English, 'other'>
export type TextKey = Paths<English>
export type { Language }
