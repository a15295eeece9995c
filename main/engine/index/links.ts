/** Under which numbers messages of one conversation find each other. */
import { isAnswer, subjectKey } from './subjects.ts'
import type { ParsedMessage } from './types.ts'

export type Related = Pick<ParsedMessage, 'subject' | 'rfcMessageId' | 'inReplyTo' | 'references'>

/**
 * 52 bits of an id. Two ids that share a number join two conversations: by chance once in some thousand archives of a million messages. Whoever makes such
 * ids on purpose gains nothing: to join two conversations, it is enough to name both.
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

/**
 * What a message says of others (RFC 5322 3.6.4): its own id, the one it answers, and the first and last of its references. Enough to find children, siblings
 * and parents: programs that shorten the list leave out its middle.
 */
export function linksOf({ rfcMessageId, inReplyTo, references }: Related): number[] {
  const ids = [rfcMessageId, inReplyTo, references[0] ?? '', references.at(-1) ?? ''].filter(id => id !== '')
  return [...new Set(ids)].map(linkOf)
}

/** Of answers that say in no other way what they answer, by the key of their subject; null for every other message. */
export function answerLink({ subject, inReplyTo, references }: Related, key = subjectKey(subject)): number | null {
  return inReplyTo === '' && references.length === 0 && isAnswer(subject) ? subjectLink(key) : null
}

/** Null where nothing is left of the subject. */
export const subjectLink = (key: string): number | null => (key === '' ? null : linkOf(`Re: ${key}`))
