/** Messages as no mailer should write them, and as some do. The same random numbers give the same bytes. */
import type { Random } from './random.ts'

/** One message: a random tree of parts, with everything that can be wrong about it wrong now and then. */
export function tortureMail(random: Random): Buffer {
  const state: State = { random, boundaries: [], lineEnd: random.pick(['\r\n', '\r\n', '\n']) }
  return latin1(part(state, 0))
}

export const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')

interface State {
  random: Random
  /** Every boundary in use anywhere: to be quoted in bodies, and used twice. */
  boundaries: string[]
  lineEnd: string
}

const chance = ({ random }: State, percent: number): boolean => random.below(100) < percent

/** Mostly the message's own line end. */
const eol = (state: State): string => (chance(state, 2) ? state.random.pick(['\n', '\r\n', '\r', '\n\r']) : state.lineEnd)

function part(state: State, depth: number): string {
  const kind = depth > 6 ? 0 : state.random.below(10)
  if (kind < 5) return leaf(state)
  if (kind < 9) return multipart(state, depth)
  const encoding = chance(state, 20) ? `Content-Transfer-Encoding: base64${eol(state)}` : ''
  return `${headers(state)}Content-Type: message/rfc822${eol(state)}${encoding}${eol(state)}${part(state, depth + 1)}`
}

function multipart(state: State, depth: number): string {
  const { random, boundaries } = state
  // A boundary used before, or one that begins with another.
  const boundary = chance(state, 10) && boundaries.length > 0 ? random.pick(boundaries) + random.pick(['', 'x', '--']) : `b${random.below(1e9)}`
  boundaries.push(boundary)
  const stated = chance(state, 5) ? '' : `; boundary=${chance(state, 50) ? `"${boundary}"` : boundary}`
  let text = `${headers(state)}Content-Type: multipart/${random.pick(['mixed', 'alternative', 'related', 'digest'])}${chance(state, 20) ? `;${eol(state)} x=y` : ''}${stated}${eol(state)}${eol(state)}`
  if (chance(state, 30)) text += words(state, random.below(400)) + eol(state)
  const count = random.below(5)
  for (let i = 0; i < count; i++) text += `${line(state)}--${boundary}${chance(state, 5) ? ' \t' : ''}${eol(state)}${part(state, depth + 1)}`
  if (!chance(state, 10)) text += `${line(state)}--${boundary}--${chance(state, 90) ? eol(state) : ''}`
  if (chance(state, 20)) text += words(state, random.below(30_000))
  return text
}

const line = (state: State): string => (chance(state, 5) ? '' : eol(state))

function headers(state: State): string {
  const { random } = state
  let text = ''
  const count = random.below(6)
  for (let i = 0; i < count; i++) {
    const value = random.pick([
      () => words(state, random.below(80)),
      () => `=?utf-8?B?${random.bytes(random.below(40)).toString('base64')}?=`,
      () =>
        random
          .bytes(random.below(60))
          .toString('latin1')
          .replace(/[\r\n]/g, ' '),
      () => `a${eol(state)} b${eol(state)}\tc`,
      () => 'x'.repeat(random.below(12_000)),
    ])()
    text += `${random.pick(['Subject', 'X-A', 'From', 'Received', ''])}${chance(state, 5) ? '' : ':'} ${value}${eol(state)}`
  }
  return text
}

function leaf(state: State): string {
  const { random } = state
  const type = random.pick(['text/plain', 'text/html', 'application/pdf', 'image/png; name=a.png', 'text/plain; charset=gb2312', 'broken', ''])
  const encoding = random.pick(['base64', 'base64', 'quoted-printable', '8bit', 'BASE64', 'x-nothing', ''])
  let text = headers(state)
  if (type !== '') text += `Content-Type: ${type}${eol(state)}`
  if (encoding !== '') text += `Content-Transfer-Encoding: ${encoding}${eol(state)}`
  if (!chance(state, 3)) text += eol(state)
  return text + (encoding.toLowerCase() === 'base64' ? base64Body(state) : textBody(state))
}

/** Around the sizes at which something is decided. */
function size({ random }: State): number {
  return random.pick([() => random.below(300), () => 2800 + random.below(500), () => random.below(60_000), () => 190_000 + random.below(8000)])()
}

function base64Body(state: State): string {
  const { random } = state
  const block = random.bytes(1 + random.below(997))
  const encoded = Buffer.alloc(size(state), block).toString('base64')
  const width = random.pick([76, 76, 76, 76, 72, 64, 60, 4, 75, 77, 996, 1000, encoded.length + 1])
  const lines = encoded.match(new RegExp(`.{1,${width}}`, 'g')) ?? []
  const end = eol(state)
  const spoil = random.below(12)
  const at = random.below(Math.max(1, lines.length))
  if (lines.length > 0) {
    const { boundaries } = state
    const spoiled: Record<number, () => string> = {
      0: () => `${lines[at]!.slice(0, -1)}-`,
      1: () => lines[at]!.slice(1),
      2: () => `${lines[at]} `,
      3: () => `--${boundaries.length > 0 ? random.pick(boundaries) : 'x'}${random.pick(['', 'y', '--'])}`,
      4: () => lines[at]!.replace(/.$/, '='),
      5: () => `${lines[at]}${random.pick(['\r\r\n', '\n\n', '\r'])}`,
    }
    if (spoiled[spoil]) lines[at] = spoiled[spoil]()
  }
  let body = lines.join(end)
  if (chance(state, 10)) body = body.replace(/=+$/, '')
  if (chance(state, 5)) body = eol(state) + body
  return body + random.pick(['', end, end, end + end, `${end} ${end}`, `${end}-- ${end}a footer${end}`])
}

function textBody(state: State): string {
  const { random, boundaries } = state
  let text = ''
  const length = random.pick([
    () => random.below(500),
    () => random.below(20_000),
    () => 15_000 + random.below(3000),
    () => 255_000 + random.below(15_000),
  ])()
  while (text.length < length) {
    const what = random.below(200)
    if (what === 0) text += `--${boundaries.length > 0 ? random.pick(boundaries).slice(0, 1 + random.below(12)) : ''}${eol(state)}`
    else if (what === 1) text += 'y'.repeat(random.below(10_000))
    else if (what === 2) text += '\0\0\x1a\x7f'
    else if (what === 3) text += eol(state)
    else if (what === 4) text += random.bytes(random.below(200)).toString('latin1')
    else text += words(state, 60 + random.below(20)) + eol(state)
  }
  return text
}

const WORDS = 'lorem ipsum =20 =C5=82 --- From dolor. sit\tamet < & > "'.split(' ')

function words(state: State, length: number): string {
  let text = ''
  while (text.length < length) text += `${state.random.pick(WORDS)} `
  return text.slice(0, length)
}
