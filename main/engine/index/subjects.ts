/** What a subject says without its "Re:": for the list by subject, and for answers that say in no other way what they answer. */

// "Re: Fwd: AW[2]: Odp: 回复：" and whatever mailing lists put before or between them in square brackets stays.
const MARK = /^\s*(?:re|fwd?|aw|wg|odp|pd|sv|vs|vb|tr|rv|res|enc|antw|doorst|回复|答复|转发|回覆|轉寄|返信|転送)(?:\s*\[\d+\]|\s*\(\d+\))?\s*[:：]/iu
/** Those of answers; a message that was passed on begins another conversation. */
const ANSWER = /^\s*(?:re|aw|odp|sv|vs|res|antw|回复|答复|回覆|返信)(?:\s*\[\d+\]|\s*\(\d+\))?\s*[:：]/iu

export function withoutAnswerMarks(subject: string): string {
  let rest = subject
  for (let cut = MARK.exec(rest); cut; cut = MARK.exec(rest)) rest = rest.slice(cut[0].length)
  return rest
}

export const isAnswer = (subject: string): boolean => ANSWER.test(subject)

/** Longer keys would cost room and tell apart what nobody looks apart. */
const LONGEST = 32

/** Two subjects that begin alike have the same. */
export const subjectKey = (subject: string): string => wordsKey(withoutAnswerMarks(subject))

const LETTERS: Record<string, string> = { ł: 'l', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ß: 'ss', æ: 'ae', œ: 'oe', ı: 'i', ħ: 'h' }

/** Lower case, no accents, no quotation marks in front; what people call alphabetical, once for all languages. */
export function wordsKey(text: string): string {
  const start = text.slice(0, 4 * LONGEST)
  const folded = /^[ -~]*$/.test(start)
    ? start.toLowerCase()
    : start
        .normalize('NFKD')
        .toLowerCase()
        .replace(/\p{M}+/gu, '')
        .replace(/[łøđðþßæœıħ]/g, letter => LETTERS[letter]!)
        // Two orders, SQLite's by UTF-8 and JavaScript's by UTF-16, agree on what is left.
        .replace(/[\u{d800}-\u{dfff}]|[\u{10000}-\u{10ffff}]/gu, '')
  return folded
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .replace(/\s+/g, ' ')
    .slice(0, LONGEST)
    .trimEnd()
}
