/** One `* n FETCH (…)`, read. Items come in any order (RFC 9051 7.5.2), and unasked ones may be among them. */
import type { RemoteMessage } from '../types.ts'
import { isNode, type Response, type Token, textOf, textsOf } from './client.ts'
import { numberOf } from './command.ts'
import { parseInternalDate } from './internalDate.ts'

export interface FetchRead extends RemoteMessage {
  /** What came for BODY[]: absent when the response has no such item, null for NIL. */
  body?: Uint8Array | null
  /** BODY[HEADER] and the beginning of BODY[TEXT]. */
  header?: Uint8Array | null
  text?: Uint8Array | null
  /** FLAGS and RFC822.SIZE were in it; a response without them tells only part. */
  hasFlags: boolean
  hasSize: boolean
}

/** Null when it names no UID: then nobody knows which message it speaks of. */
export function readFetch({ attributes = [] }: Response): FetchRead | null {
  const items = attributes[1]
  if (!Array.isArray(items)) return null
  const read: FetchRead = { uid: 0, flags: [], internalDate: null, zone: null, size: 0, emailId: null, hasFlags: false, hasSize: false }
  for (let i = 0; i + 1 < items.length; i += 2) {
    const key = items[i]
    if (isNode(key)) readItem(read, textOf(key)?.toUpperCase() ?? '', key.section, items[i + 1]!)
  }
  return read.uid > 0 ? read : null
}

function readItem(read: FetchRead, name: string, section: Token[] | undefined, value: Token): void {
  switch (name) {
    case 'UID':
      read.uid = numberOf(value) ?? 0
      break
    case 'FLAGS':
      // \Recent belongs to a session, not to the message.
      read.flags = textsOf(value).filter(flag => flag.toLowerCase() !== '\\recent')
      read.hasFlags = Array.isArray(value)
      break
    case 'INTERNALDATE': {
      const date = parseInternalDate(textOf(value))
      read.internalDate = date?.seconds ?? null
      read.zone = date?.zone ?? null
      break
    }
    case 'RFC822.SIZE': {
      const size = numberOf(value)
      read.size = size ?? 0
      read.hasSize = size !== null
      break
    }
    case 'EMAILID':
      read.emailId = textsOf(value)[0] ?? null
      break
    case 'X-GM-MSGID':
      read.emailId = textOf(value)
      break
    case 'X-GM-LABELS':
      read.labels = textsOf(value)
      break
    case 'BODY':
      if (section) read[partOf(section)] = bytesOf(value)
      break
  }
}

function partOf(section: Token[]): 'body' | 'header' | 'text' {
  const name = textOf(section[0])?.toUpperCase()
  return name === 'HEADER' ? 'header' : name === 'TEXT' ? 'text' : 'body'
}

/** The bytes of a literal, in an ArrayBuffer of their own. A quoted string has been through UTF-8 on its way here, so only plain ASCII can be believed. */
function bytesOf(value: Token): Uint8Array | null {
  if (!isNode(value) || value.value === undefined) return null
  if (typeof value.value !== 'string') return owned(value.value)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is the point
  return /^[\u0001-\u007f]*$/.test(value.value) ? owned(Buffer.from(value.value)) : null
}

// Small buffers of Node share one ArrayBuffer; transferring one to a worker would take its neighbours along.
const owned = (bytes: Uint8Array): Uint8Array =>
  bytes.byteLength === bytes.buffer.byteLength ? new Uint8Array(bytes.buffer as ArrayBuffer) : new Uint8Array(bytes)
