/** What a worker does with one message. */
import type { KeyObject } from 'node:crypto'
import { giveBackAll } from '../../base/giveBack.ts'
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

/** How messages are read; a value, so that tests can put a reader in place that fails. Neither may throw. */
export interface ReadDeps {
  parse(view: Assembled['view'] | Uint8Array): ParsedMessage
  parseHeaders(view: Assembled['view'] | Uint8Array, failure: ParsedMessage['failure']): ParsedMessage
  unread(failure: ParsedMessage['failure']): ParsedMessage
}

export function prepareMessage(deps: PrepareDeps, message: Buffer, reading: Reading): Prepared {
  let assembled: Assembled
  let records: Unsealed[]
  try {
    ;({ assembled, records } = assemble(deps, message, reading.trust === 'none'))
  } catch {
    // A mistake in splitting must not cost the message: it is stored undivided, and this is proven as well.
    ;({ assembled, records } = assemble(deps, message, true))
  }
  const { id, size, refers, view } = assembled
  const parsed = readView(deps.read, view, reading)
  // Where the message's record does not shrink, it is these bytes.
  if (view.bytes.buffer !== records.at(-1)!.bytes.buffer) giveBackAll(view.bytes)
  return { id, size, refers, records, parsed }
}

export function readView(read: ReadDeps, view: Assembled['view'] | Uint8Array, { trust, failure, textLater }: Reading): ParsedMessage {
  if (trust === 'full') return textLater ? { ...read.parseHeaders(view, null), fts: null } : read.parse(view)
  return trust === 'headers' ? read.parseHeaders(view, failure) : read.unread(failure)
}

function assemble({ idKey, isStored }: PrepareDeps, message: Buffer, whole: boolean) {
  const records: Unsealed[] = []
  const assembler = createAssembler({ idKey, isStored, whole, inOnePiece: true, give: record => void records.push(record) })
  assembler.feed(message)
  return { assembled: assembler.end(), records }
}
