/** A conversation: who wrote what when. Each turn becomes a message with its References; mine go to Sent. */
import type { Letter } from './compose.ts'
import { type Correspondent, type Language, zofia } from './people.ts'

export type Turn = [by: Correspondent, at: string, text: string, more?: More]

export interface More extends Partial<Pick<Letter, 'files' | 'html' | 'charset' | 'transfer' | 'cc' | 'to' | 'subject' | 'headers'>> {
  flags?: string[]
  /** Elsewhere than its story. */
  box?: string
  /** Another mailbox has the same message too. */
  alsoIn?: string
  /** Puts what it answers under the text, as `> ` lines. */
  quote?: true
}

export interface Story {
  id: string
  box: string
  subject: string
  /** Everybody but me. */
  between: Correspondent[]
  turns: Turn[]
}

/** A message and where it lies. */
export interface Placed {
  box: string
  flags: string[]
  letter: Letter
}

export function tell(story: Story): Placed[] {
  const everybody = [zofia, ...story.between]
  return story.turns.flatMap(([by, at, text, more = {}], turn) => {
    const { flags, box, alsoIn, quote, ...rest } = more
    const before = turn > 0 ? (story.turns[turn - 1] as Turn) : null
    const letter: Letter = {
      id: `${story.id}.${turn + 1}`,
      from: by,
      to: everybody.filter(one => one !== by),
      at,
      subject: before ? `${REPLY[by.language]}${story.subject}` : story.subject,
      text,
      ...(quote && before ? { quoted: quoteOf(by.language, before) } : {}),
      thread: Array.from({ length: turn }, (_, at) => `${story.id}.${at + 1}`),
      ...rest,
    }
    const mine = by === zofia
    const answered = !mine && story.turns[turn + 1]?.[0] === zofia
    const placed = { box: box ?? (mine ? 'Sent' : story.box), flags: flags ?? (answered ? ['\\Seen', '\\Answered'] : ['\\Seen']), letter }
    return alsoIn ? [placed, { ...placed, box: alsoIn }] : [placed]
  })
}

const REPLY: Record<Language, string> = { pl: 'Odp: ', en: 'Re: ', de: 'AW: ', zh: '回复：', ja: 'Re: ', ru: 'Re: ' }

function quoteOf(language: Language, [by, at, text]: Turn): string {
  const day = at.slice(0, 10)
  const said: Record<Language, string> = {
    pl: `${day}, ${by.name} pisze:`,
    en: `On ${day}, ${by.name} wrote:`,
    de: `Am ${day} schrieb ${by.name}:`,
    zh: `${by.name} 于 ${day} 写道：`,
    ja: `${day} ${by.name} のメール:`,
    ru: `${day}, ${by.name} пишет:`,
  }
  return `${said[language]}\n${text.replace(/^/gm, '> ')}`
}
