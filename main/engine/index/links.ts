/** Under which numbers messages of one conversation find each other. */
import { isAnswer, subjectKey } from './subjects.ts'
import type { ParsedMessage } from './types.ts'

export type Related = Pick<ParsedMessage, 'subject' | 'rfcMessageId' | 'inReplyTo' | 'references'>

/**
 * 52 bits of an id. Ids are made by senders: two that share the number (by chance, or made to) only cost a look, because what is found is compared by
 * the ids themselves.
 */
export function linkOf(id: string): number {
  let [a, b] = [0xdeadbeef, 0x41c6ce57]
  for (let i = 0; i < id.length; i++) {
    const c = id.charCodeAt(i)
    a = Math.imul(a ^ c, 2654435761)
    b = Math.imul(b ^ c, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return (b >>> 12) * 2 ** 32 + (a >>> 0)
}

/** Of answers that say in no other way what they answer, by their subject; null for every other message. */
export function answerLink({ subject, inReplyTo, references }: Related): number | null {
  return inReplyTo === '' && references.length === 0 && isAnswer(subject) ? subjectLink(subjectKey(subject)) : null
}

/** Null where nothing is left of the subject. */
export const subjectLink = (key: string): number | null => (key === '' ? null : linkOf(`Re: ${key}`))
