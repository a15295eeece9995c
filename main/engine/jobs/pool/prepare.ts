/** What a worker does with one message. */
import type { KeyObject } from 'node:crypto'
import { giveBackAll } from '../../base/giveBack.ts'
import type { HoledBytes } from '../../base/holed.ts'
import type { ParsedMessage } from '../../index/types.ts'
import type { RecordId, Unsealed } from '../../log/types.ts'
import { type Assembled, createAssembler } from './assemble.ts'
import type { Reading } from './protocol.ts'
import type { Prepared } from './types.ts'

export interface PrepareDeps {
  idKey: KeyObject
  isStored(id: RecordId): boolean
  read: ReadDeps
}

type View = HoledBytes | Uint8Array

/** How messages are read; a value, so that tests can put a reader in place that fails. Neither may throw. */
export interface ReadDeps {
  parse(view: View): ParsedMessage
  parseHeaders(view: View, failure: ParsedMessage['failure']): ParsedMessage
  unread(failure: ParsedMessage['failure']): ParsedMessage
}

export function prepareMessage(deps: PrepareDeps, message: Buffer, reading: Reading): Prepared {
  let assembled: Assembled
  let records: Unsealed[]
  try {
    ;({ assembled, records } = assemble(deps, message, reading))
  } catch {
    // A mistake in splitting must not cost the message: it is stored undivided, and this is proven as well.
    ;({ assembled, records } = assemble(deps, message, { ...reading, trust: 'none' }))
  }
  const { id, size, refers, view } = assembled
  const parsed = view && readView(deps.read, view, reading)
  // Where the message's record does not shrink, it is these bytes.
  if (view && view.bytes.buffer !== records.at(-1)!.bytes.buffer) giveBackAll(view.bytes)
  return { id, size, refers, records, parsed }
}

export function readView(read: ReadDeps, view: View, { trust, failure, later }: Reading): ParsedMessage {
  if (trust === 'full') return later ? { ...read.parseHeaders(view, null), fts: null } : read.parse(view)
  return trust === 'headers' ? read.parseHeaders(view, failure) : read.unread(failure)
}

function assemble({ idKey, isStored }: PrepareDeps, message: Buffer, { trust, later }: Reading) {
  const records: Unsealed[] = []
  const assembler = createAssembler({
    idKey,
    isStored,
    whole: trust === 'none',
    viewless: trust === 'full' && later === 'all',
    inOnePiece: true,
    give: record => void records.push(record),
  })
  assembler.feed(message)
  return { assembled: assembler.end(), records }
}
