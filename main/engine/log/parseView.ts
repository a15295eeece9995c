/** The parse view of a message: its literals and texts, with holes where large bodies were. */
import type { Hole, HoledBytes } from '../base/holed.ts'
import { type Assembly, type Base64Part, partLength, plainLength, type RawPart } from './assembly.ts'
import { createBase64Writer } from './base64Lines.ts'
import type { RecordId } from './types.ts'

export const viewTextMax = 4 * 1024 * 1024 // no reader and no index takes more of a message's text
const IMAGE_MAX = 4 * 1024 * 1024
const IMAGES_MAX = 16 * 1024 * 1024
const HEADER_TAIL = 4096

/** How many of each part's blobs belong into the view: by index of the part. Depends on the assembly alone, so that everybody who asks sees the same view. */
export function viewPlan({ parts, literals }: Assembly, { inlineImages }: { inlineImages: boolean }): number[] {
  let text = viewTextMax
  let images = IMAGES_MAX
  let literalAt = 0
  return parts.map((part, i) => {
    if (part.type === 'literal') {
      literalAt += part.length
      return 0
    }
    if (part.text) {
      let n = 0
      while (n < part.blobs.length && part.blobs[n]!.length <= text) text -= part.blobs[n++]!.length
      return n
    }
    const plain = plainLength(part)
    if (!inlineImages || plain > Math.min(IMAGE_MAX, images) || parts[i - 1]?.type !== 'literal') return 0
    if (!isShown(literals.subarray(Math.max(0, literalAt - HEADER_TAIL), literalAt))) return 0
    images -= plain
    return part.blobs.length
  })
}

/** Ids of the blobs that `buildView` will ask for. */
export function viewBlobs({ parts }: Assembly, plan: readonly number[]): RecordId[] {
  return parts.flatMap((part, i) => (part.type === 'literal' ? [] : part.blobs.slice(0, plan[i]!).map(blob => blob.id)))
}

export function buildView(assembly: Assembly, plan: readonly number[], blob: (id: RecordId) => Uint8Array): HoledBytes {
  const pieces: Uint8Array[] = []
  const holes: Hole[] = []
  let at = 0
  let literalAt = 0
  const add = (bytes: Uint8Array) => {
    pieces.push(bytes)
    at += bytes.length
  }
  assembly.parts.forEach((part, i) => {
    if (part.type === 'literal') {
      add(assembly.literals.subarray(literalAt, literalAt + part.length))
      literalAt += part.length
      return
    }
    const before = at
    let plainIn = 0
    for (const bytes of shown(part, plan[i]!, blob)) add(bytes)
    for (const { length } of part.blobs.slice(0, plan[i]!)) plainIn += length
    const missing = partLength(part) - (at - before)
    if (missing > 0) holes.push({ at, length: missing, plain: part.type === 'base64' ? plainLength(part) - plainIn : null })
  })
  return { bytes: pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces), holes }
}

function* shown(part: RawPart | Base64Part, count: number, blob: (id: RecordId) => Uint8Array): Iterable<Uint8Array> {
  if (count === 0) return
  if (part.type === 'raw') {
    for (const { id } of part.blobs.slice(0, count)) yield blob(id)
    return
  }
  const writer = createBase64Writer(part)
  for (const { id } of part.blobs.slice(0, count)) yield writer.write(blob(id))
  if (count === part.blobs.length) yield writer.end(part.closed)
}

/** Do these last bytes before a body say that it is an image the HTML may show (RFC 2392), an invitation or a contact? A guess is enough: the view's reader looks properly. */
function isShown(before: Uint8Array): boolean {
  const text = Buffer.from(before).toString('latin1')
  const header = text.slice(text.lastIndexOf('\n--') + 1)
  if (/^content-type:\s*text\/(?:calendar|(?:x-)?vcard)\b/im.test(header)) return true
  return /^content-type:\s*image\//im.test(header) && /^content-id:/im.test(header)
}
