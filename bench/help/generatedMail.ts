/**
 * Made-up messages as the index gets them: words by Zipf's law from a vocabulary, about 1.2 KB each; every twelfth in Chinese characters. Half of them answer
 * one of those before them, and a tenth are answers that do not say what they answer, so that only the subject and the people tell.
 */

import { marksOf } from '../../main/engine/index/marks.ts'
import type { ReadMessage } from '../../main/engine/index/types.ts'

export interface Generator {
  random(): number
  /** The most frequent first. */
  words: readonly string[]
  han: readonly string[]
  message(n: number, date: number): ReadMessage
}

const VOCABULARY = 150_000
const HAN = 3000
const CHINESE = 12 // one message in so many
const ANSWERED = 200 // an answer is to one of so many before it

/** `words`: of each body; by default as many as people write, 954 characters on average. */
export function createGenerator(seed: number, { words: bodyWords }: { words?: number } = {}): Generator {
  const random = mulberry(seed)
  const words = vocabulary(VOCABULARY, random)
  const han = Array.from({ length: HAN }, (_, i) => String.fromCharCode(0x4e00 + ((i * 7919) % 20_000)))

  const text = (count: number): string => {
    let out = ''
    for (let i = 0; i < count; i++) {
      const word = random() < 0.03 ? String(Math.floor(random() * 1e6)) : words[Math.floor(words.length ** random()) - 1]
      out += i ? ` ${word}` : word
    }
    return out
  }
  const chinese = (count: number): string => {
    let out = ''
    for (let i = 0; i < count; i++) out += `${i ? ' ' : ''}${han[Math.floor(han.length ** random()) - 1]}`
    return out
  }

  const recent: ReadMessage[] = []
  const answered = () => recent[Math.floor(random() * recent.length)]

  return {
    random,
    words,
    han,
    message: (n, date) => {
      const write = n % CHINESE === 0 ? chinese : text
      const bySubject = n % 10 === 5
      const answers = n % 2 === 0 || bySubject ? answered() : undefined
      const subject = answers ? `Re: ${answers.subject.replace(/^Re: /, '')}` : write(6)
      const person = Math.floor(random() ** 2 * 3000)
      const name = `${words[1000 + person]} ${words[5000 + person]}`
      const length = bodyWords ?? Math.floor(Math.exp(4.7 + 1.5 * (random() + random() + random() + random() - 2)))
      const body = `everywhere ${write(length)}`
      const attachments =
        n % 4 ? [] : [{ index: 0, name: `${words[n % 1000]}.pdf`, type: 'application/pdf', size: 100_000, inline: false, cid: null }]
      const rfcMessageId = `${n}.${person}@mail.example.org`
      const from = answers && bySubject ? answers.to : [{ name, address: `p${person}@example.org` }]
      const to = answers && bySubject ? answers.from : [{ name: 'Me', address: 'me@example.org' }]
      const named = answers && !bySubject ? answers : undefined
      const message: ReadMessage = {
        subject,
        from,
        to,
        cc: [],
        date: date * 1000,
        rfcMessageId,
        inReplyTo: named?.rfcMessageId ?? '',
        references: named ? [...named.references.slice(0, 9), named.rfcMessageId] : [],
        attachments,
        snippet: body.slice(0, 200),
        fts: {
          subject: subject.replace(/^Re: /, 're '),
          sender: said(from),
          addressee: said(to),
          copied: '',
          body,
          names: n % 4 ? '' : `${words[n % 1000]} pdf`,
          marks: marksOf({ attachments, rfcMessageId, list: n % 10 ? '' : `list${n % 70}.example.org`, hasLink: n % 3 === 0 }),
        },
        failure: null,
      }
      recent[n % ANSWERED] = message
      return message
    },
  }
}

const said = (people: ReadMessage['from']): string =>
  people.map(({ name, address }) => `${name.toLowerCase()} ${address.replace(/[@.]/g, ' ')}`).join(' ')

function vocabulary(size: number, random: () => number): string[] {
  const syllables =
    'ba be bi bo ka ke ki ko la le li lo ma me mi mo na ne ni no ra re ri ro sa se si so ta te ti to va ve vi vo sta pre con tra ing er'.split(' ')
  const seen = new Set<string>()
  while (seen.size < size) {
    let word = ''
    for (let i = 1 + Math.floor((seen.size / size) ** 0.3 * 4 + random()); i > 0; i--) word += syllables[Math.floor(random() * syllables.length)]
    seen.add(word)
  }
  return [...seen]
}

function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
