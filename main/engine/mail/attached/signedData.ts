/**
 * What an opaque-signed message (RFC 8551 3.5.2: application/pkcs7-mime, smime-type=signed-data) carries: CMS SignedData (RFC 5652 5.1) opened as far as its
 * content. The signature is not looked at.
 */

interface Element {
  tag: number
  start: number
  end: number
  /** Where the next one begins. */
  next: number
}

const SEQUENCE = 0x30
const OBJECT_ID = 0x06
const CONTEXT_0 = 0xa0
const OCTETS = 0x04
const OCTETS_IN_PIECES = 0x24
const SIGNED_DATA = Buffer.from('2a864886f70d010702', 'hex') // 1.2.840.113549.1.7.2
const DEPTH_MAX = 8
const PIECES_MAX = 200_000

/** The MIME entity that was signed; null where this is something else (encrypted, say), or damaged. */
export function signedContent(bytes: Buffer): Buffer | null {
  try {
    const info = children(bytes, expect(elementAt(bytes, 0), SEQUENCE))
    if (info[0]?.tag !== OBJECT_ID || !bytes.subarray(info[0].start, info[0].end).equals(SIGNED_DATA)) return null
    const [signed] = children(bytes, expect(info[1], CONTEXT_0))
    const encapsulated = children(bytes, expect(signed, SEQUENCE)).find(({ tag }) => tag === SEQUENCE)
    const [content] = children(bytes, expect(children(bytes, expect(encapsulated, SEQUENCE))[1], CONTEXT_0))
    if (!content || (content.tag !== OCTETS && content.tag !== OCTETS_IN_PIECES)) return null
    const pieces: Buffer[] = []
    octets(bytes, content, pieces, 0)
    return Buffer.concat(pieces)
  } catch {
    return null // not CMS, or cut off
  }
}

function expect(element: Element | undefined, tag: number): Element {
  if (element?.tag !== tag) throw new Error('not CMS SignedData')
  return element
}

/** BER: a string may be cut into pieces, and its pieces again. */
function octets(bytes: Buffer, element: Element, pieces: Buffer[], depth: number): void {
  if (element.tag === OCTETS) pieces.push(bytes.subarray(element.start, element.end))
  else if (element.tag === OCTETS_IN_PIECES && depth < DEPTH_MAX)
    for (const piece of children(bytes, element)) octets(bytes, piece, pieces, depth + 1)
  else throw new Error('no octets')
}

function children(bytes: Buffer, { start, end }: Element): Element[] {
  const found: Element[] = []
  for (let at = start; at < end; ) {
    const element = elementAt(bytes, at)
    if (element.next > end || found.length >= PIECES_MAX) throw new Error('longer than what it is in')
    found.push(element)
    at = element.next
  }
  return found
}

/** X.690 8.1. Of indefinite length: up to its end-of-contents. */
function elementAt(bytes: Buffer, at: number, depth = 0): Element {
  if (at + 2 > bytes.length || depth > DEPTH_MAX * 2) throw new Error('cut off')
  const tag = bytes[at]!
  if ((tag & 0x1f) === 0x1f) throw new Error('a tag of several bytes')
  const first = bytes[at + 1]!
  if (first < 0x80) return checked({ tag, start: at + 2, end: at + 2 + first, next: at + 2 + first })
  if (first > 0x80) {
    const count = first & 0x7f
    if (count > 6 || at + 2 + count > bytes.length) throw new Error('too long')
    const start = at + 2 + count
    const end = start + bytes.readUIntBE(at + 2, count)
    return checked({ tag, start, end, next: end })
  }
  let end = at + 2
  while (bytes[end] !== 0 || bytes[end + 1] !== 0) end = elementAt(bytes, end, depth + 1).next
  return checked({ tag, start: at + 2, end, next: end + 2 })

  function checked(element: Element): Element {
    if (element.next > bytes.length) throw new Error('cut off')
    return element
  }
}
