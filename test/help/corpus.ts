/**
 * A business mailbox of any size, made up: several languages and charsets, conversations, and attachments as they are in
 * such mailboxes, few of them large, many of them sent again and again. The same preset gives the same bytes.
 * Written as Maildir++, which Dovecot serves as it is.
 */
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeName } from '../../main/engine/demo/imap/mailboxName.ts'
import type { Charset } from '../../main/engine/demo/sample/charset.ts'
import { type Attached, compose, type Letter, type Person, readTime } from '../../main/engine/demo/sample/compose.ts'
import { randomBytesFrom, randomFrom } from '../../main/engine/demo/sample/random.ts'

export interface Preset {
  messages: number
  /** Different files that are attached somewhere; sizes are log-normal around the median, up to the largest. */
  files: number
  medianFile: number
  largestFile: number
  words: number
}

export const presets: Record<string, Preset> = {
  small: { messages: 2_000, files: 200, medianFile: 22_000, largestFile: 12_000_000, words: 90 },
  medium: { messages: 20_000, files: 1_500, medianFile: 34_000, largestFile: 20_000_000, words: 110 },
}

export interface Corpus {
  /** The folder that holds Maildir/ and manifest.json. */
  dir: string
  messages: number
  bytes: number
}

/** The corpus in a folder, made by makeCorpus or by another tool that writes the same manifest; null where there is none. */
export function readCorpus(dir: string): Corpus | null {
  if (!existsSync(join(dir, 'manifest.json')) || !existsSync(join(dir, 'Maildir'))) return null
  const { messages, bytes } = JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8')) as { messages: number; bytes: number }
  return { dir, messages, bytes }
}

/** About 100 MB a second. The manifest comes last: a corpus without one was not finished. */
export function makeCorpus(dir: string, preset: Preset): Corpus {
  const root = join(dir, 'Maildir')
  for (const [name] of FOLDERS) for (const sub of ['cur', 'new', 'tmp']) mkdirSync(join(root, folderDir(name), sub), { recursive: true })
  const chance = createChance('mailcoffer corpus')
  const write = createWriter(preset, chance)
  let bytes = 0
  for (let at = 0; at < preset.messages; at++) {
    const { folder, flags, letter } = write(at)
    const message = compose(letter)
    const { seconds } = readTime(letter.at)
    const path = join(root, folderDir(folder), 'cur', `${seconds}.M${at}P1.bench,S=${message.byteLength}:2,${flags}`)
    writeFileSync(path, message)
    utimesSync(path, seconds, seconds)
    bytes += message.byteLength
  }
  writeFileSync(join(dir, 'manifest.json'), JSON.stringify({ messages: preset.messages, bytes }))
  return { dir, messages: preset.messages, bytes }
}

type Chance = ReturnType<typeof createChance>

/** Draws that are the same every time. */
function createChance(seed: string) {
  const next = randomFrom(seed)
  const unit = () => next() / 2 ** 32
  return {
    unit,
    pick: <T>(all: readonly T[]): T => all[Math.floor(unit() * all.length)] as T,
    /** The first ones far more often than the last, as words and files are. */
    ranked: <T>(all: readonly T[]): T => all[Math.floor(all.length ** unit()) - 1] as T,
    weighted: <T>(all: readonly (readonly [T, number])[]): T => {
      let left = unit() * all.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [value, weight] of all) {
        left -= weight
        if (left < 0) return value
      }
      return (all[0] as readonly [T, number])[0]
    },
    /** Log-normal with this median. */
    size: (median: number, sigma: number) => {
      const normal = Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit())
      return median * Math.exp(sigma * normal)
    },
  }
}

const FOLDERS: [name: string, weight: number][] = [
  ['INBOX', 30],
  ['Sent', 16],
  ['Archive/2023', 14],
  ['Archive/2024', 14],
  ['Projekty/Zażółć gęślą jaźń', 6],
  ['项目/合同', 5],
  ['Клиенты', 3],
  ['Rechnungen', 3],
  ['Lists/dev', 6],
  ['Junk', 3],
]

/** Maildir++: levels parted by dots, modified UTF-7; INBOX is the root itself. */
const folderDir = (name: string) => (name === 'INBOX' ? '' : `.${name.split('/').map(encodeName).join('.')}`)

interface Tongue {
  weight: number
  seeds: string[]
  joint: string
  charsets: [Charset, number][]
}

const TONGUES: Tongue[] = [
  {
    weight: 48,
    joint: ' ',
    seeds:
      'the of and to in for on with you this please invoice project report contract meeting budget client delivery order draft figures supplier con ter pro ment ing ra ste vel dor per'.split(
        ' ',
      ),
    charsets: [
      ['utf-8', 7],
      ['iso-8859-1', 1],
    ],
  },
  {
    weight: 22,
    joint: ' ',
    seeds:
      'w i na z do nie że jest przez faktura umowa projekt spotkanie raport zamówienie płatność termin łącznie żądanie prze wy cza ść ko wał dzi szy mo żę'.split(
        ' ',
      ),
    charsets: [
      ['utf-8', 6],
      ['iso-8859-2', 4],
    ],
  },
  {
    weight: 10,
    joint: ' ',
    seeds: 'der die und zu den nicht von ist mit für Rechnung Vertrag Prüfung Größe Übersicht ver ge schaft ung keit haus über möglich'.split(' '),
    charsets: [
      ['utf-8', 7],
      ['iso-8859-1', 3],
    ],
  },
  {
    weight: 8,
    joint: ' ',
    seeds: 'и в не на что по для мы вы счёт договор проект отчёт заказ оплата срок пре ста вле ние ком па ра бот'.split(' '),
    charsets: [
      ['utf-8', 5],
      ['koi8-r', 5],
    ],
  },
  {
    weight: 12,
    joint: '',
    seeds:
      '我们 你们 公司 项目 合同 发票 会议 报告 客户 付款 交货 时间 附件 确认 版本 价格 报价 部门 审批 预算 季度 仓库 订单 系统 通知 需要 今天 下周 关于 产品 市场 质量 技术 服务'.split(
        ' ',
      ),
    charsets: [
      ['utf-8', 5],
      ['gb18030', 5],
    ],
  },
]

function createWriter(preset: Preset, chance: Chance) {
  const tongues = TONGUES.map(tongue => [{ ...tongue, words: vocabulary(tongue, chance) }, tongue.weight] as const)
  const people: Person[] = Array.from({ length: 400 }, (_, at) => ({
    name: `${chance.pick(['Anna', 'Piotr', 'Łukasz', 'Jürgen', 'Li', 'Wei', 'Olga', 'Emma', 'Zoë'])} ${chance.pick(['Nowak', 'Müller', 'Wang', 'Żak', 'Smith', 'Petrova', 'Green'])}`,
    address: `person${at}@client${at % 60}.example.net`,
  }))
  const me: Person = { name: 'Jan Bench', address: 'jan.bench@example.com' }
  const files = Array.from({ length: preset.files }, (_, at) => fileOf(at, preset, chance))
  const threads: { id: string; subject: string; before: string[]; text: string }[] = []

  return (at: number): { folder: string; flags: string; letter: Letter } => {
    const tongue = chance.weighted(tongues)
    const charset = chance.weighted(tongue.charsets)
    const folder = chance.weighted(FOLDERS)
    const parent = chance.unit() < 0.45 ? threads.at(-1 - Math.floor(chance.unit() * Math.min(60, threads.length))) : undefined
    const text = prose(tongue, Math.min(6000, chance.size(preset.words, 0.85)), chance)
    const id = `corpus.${at}`
    const subject = parent ? `Re: ${parent.subject.replace(/^Re: /, '')}` : prose(tongue, 4, chance).slice(0, 60).replace(/\s+/g, ' ').trim()
    const thread = parent ? [...parent.before, parent.id].slice(-12) : []
    const attached =
      chance.unit() < 0.17 ? Array.from({ length: 1 + Math.min(4, Math.floor(-Math.log(1 - chance.unit()) / 1.4)) }, () => chance.ranked(files)) : []
    threads.push({ id, subject, before: thread, text })
    if (threads.length > 400) threads.splice(0, 200)
    const mine = folder === 'Sent'
    const other = chance.ranked(people)
    const quoted = parent && charset === 'utf-8' ? parent.text.replace(/^/gm, '> ').slice(0, 4000) : undefined
    const letter: Letter = {
      id,
      from: mine ? me : other,
      to: [mine ? other : me],
      at: stamp(at, preset.messages),
      subject,
      text,
      charset,
      transfer: chance.weighted([
        ['quoted-printable', 45],
        ['base64', 35],
        ['8bit', 20],
      ] as const),
      files: attached,
      thread,
      ...(quoted ? { quoted } : {}),
      ...(chance.unit() < 0.7 ? { html: true as const } : {}),
    }
    return { folder, flags: `${chance.unit() < 0.04 ? 'F' : ''}${chance.unit() < 0.2 ? 'R' : ''}${chance.unit() < 0.9 ? 'S' : ''}`, letter }
  }
}

/** Seven years, one after the other. */
function stamp(at: number, of: number): string {
  const first = Date.UTC(2019, 0, 1)
  const date = new Date(first + Math.floor(((Date.UTC(2025, 11, 1) - first) / of) * at))
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} +0000`
}

function vocabulary({ seeds, joint }: Tongue, chance: Chance): string[] {
  const words = new Set(seeds)
  while (words.size < 12_000) {
    const syllables = Array.from({ length: chance.unit() < 0.5 ? 2 : 3 }, () => chance.pick(seeds)).join('')
    words.add(joint !== '' && chance.unit() < 0.1 ? `${syllables}${Math.floor(chance.unit() * 9999)}` : syllables)
  }
  return [...words]
}

function prose(tongue: Tongue & { words: string[] }, length: number, chance: Chance): string {
  const sentences: string[] = []
  for (let left = Math.max(2, length); left > 0; ) {
    const size = Math.min(left, 6 + Math.floor(chance.unit() * 12))
    left -= size
    sentences.push(Array.from({ length: Math.ceil(size) }, () => chance.ranked(tongue.words)).join(tongue.joint) + (tongue.joint === '' ? '。' : '.'))
  }
  return sentences
    .map((sentence, at) => sentence + (at % 4 === 3 ? '\n\n' : ' '))
    .join('')
    .trim()
}

const KINDS: readonly (readonly [extension: string, type: string, compressible: boolean])[] = [
  ['pdf', 'application/pdf', false],
  ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', false],
  ['jpg', 'image/jpeg', false],
  ['csv', 'text/csv', true],
]

function fileOf(at: number, { medianFile, largestFile }: Preset, chance: Chance): Attached {
  const [extension, type, compressible] = chance.weighted([
    [KINDS[0]!, 40],
    [KINDS[1]!, 30],
    [KINDS[2]!, 22],
    [KINDS[3]!, 8],
  ])
  // A few large ones in every pool, whatever the dice say
  const size = Math.floor(
    at % 97 === 45 ? largestFile * (0.3 + 0.7 * chance.unit()) : Math.min(largestFile, Math.max(800, chance.size(medianFile, 1.5))),
  )
  const name = `file ${at}.${extension}`
  if (!compressible) return { name, type, bytes: randomBytesFrom(name, size) }
  const rows = Array.from({ length: Math.ceil(size / 30) }, (_, row) => `${row};${name};${((row * 7919) % 99991) / 100};paid\r\n`)
  return { name, type, bytes: Buffer.from(rows.join('').slice(0, size), 'latin1') }
}
