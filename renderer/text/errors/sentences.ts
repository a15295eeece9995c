/** Three sentences for every error a person can meet: what happened, what is safe, what to do. */
import type { ErrorCode, ErrorFacts } from '../../../main/contract/errors.ts'
import type { Language } from '../types.ts'
import { deErrors } from './de.ts'
import { enErrors } from './en.ts'
import { plErrors } from './pl.ts'
import { zhErrors } from './zh.ts'

export interface Sentences {
  /** What happened. */
  what: string
  /** What is safe. */
  safe: string
  /** What to do. */
  act: string
}

/** One behind the other; Chinese has no space between sentences. */
export const inARow = (language: Language, ...sentences: string[]): string => sentences.join(language === 'zh' ? '' : ' ')

export type ErrorTexts = Readonly<Record<ErrorCode, readonly [what: string, safe: string, act: string]>>

export const errorTexts: Record<Language, ErrorTexts> = { en: enErrors, pl: plErrors, de: deErrors, zh: zhErrors }

/**
 * The sentences of a code, filled with its facts. A part in square brackets stands only when all facts in it are known:
 * "The server[ {{host}}] refused." reads well with and without a host.
 */
export function errorSentences(language: Language, code: ErrorCode, facts: ErrorFacts = {}): Sentences {
  const [what, safe, act] = errorTexts[language][code]
  return { what: fill(what, facts), safe: fill(safe, facts), act: fill(act, facts) }
}

function fill(sentence: string, facts: ErrorFacts): string {
  return sentence
    .replace(/\[([^\]]*)\]/g, (_, part: string) => (names(part).every(name => facts[name] !== undefined && facts[name] !== '') ? part : ''))
    .replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(facts[name] ?? '…'))
}

const names = (part: string) => [...part.matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1]!)
