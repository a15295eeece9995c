/**
 * Messages that the archive has already, under another UID or in another mailbox: a move, a copy, a label, a new UIDVALIDITY. They are placed without a
 * second download. A wrong match would lose a message, so whatever is in doubt is downloaded.
 */
import { AppError } from '../../../contract/errors.ts'
import { decodeAssembly } from '../../log/assembly.ts'
import { assemblyRange } from '../../log/message.ts'
import type { RecordId } from '../../log/types.ts'
import type { ImapSession, MessageHead, RemoteMessage } from '../../mail/types.ts'
import { tellsApart } from '../pop3/head.ts'
import type { ArchiveStore } from '../types.ts'
import type { Place } from './facts.ts'
import type { Line } from './line.ts'
import type { CaptureRun } from './run.ts'

export interface Known {
  id: RecordId
  size: number
}

/**
 * By UID. Either the server itself names the message (EMAILID of RFC 8474, X-GM-MSGID) and size and INTERNALDATE are those of the stored one, or size and
 * INTERNALDATE are those of a stored message and the server's own bytes say the same: see `proof`.
 */
export async function matchMessages(run: CaptureRun, line: Line, place: Place, described: readonly RemoteMessage[]): Promise<Map<number, Known>> {
  const { index } = run.store
  const known = new Map<number, Known>()
  const candidates = new Map<number, { message: RemoteMessage; ids: RecordId[] }>()
  for (const message of described) {
    const named = message.emailId === null ? null : index.byEmailId(message.emailId)
    if (named && named.size === message.size && index.hasDate(named.id, message.internalDate)) {
      known.set(message.uid, named)
      continue
    }
    const ids = message.internalDate === null ? [] : index.alike(message.size, message.internalDate)
    if (ids.length > 0) candidates.set(message.uid, { message, ids })
  }
  if (candidates.size === 0) return known
  const isDrafts = place.target.remote.role === 'drafts'
  const compare = async (session: ImapSession) => {
    for await (const head of session.heads([...candidates.keys()], TEXT_BYTES)) {
      const asked = candidates.get(head.uid)
      if (!asked) continue
      const { size, flags } = asked.message
      const draft = isDrafts || flags.some(flag => flag.toLowerCase() === '\\draft')
      const id = await provenAmong(run.store, asked.ids, head, size, draft)
      if (id) known.set(head.uid, { id, size })
    }
  }
  for (let tries = 1; ; tries++) {
    try {
      await compare(await line.session())
      break
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      const stands = line.stands
      if (!stands) await line.recover(error)
      if (!stands && tries < 2) continue
      // A server may hang up over a message that it cannot read: which one, the download finds out.
      run.ctx.log(`no message can be recognised: ${error.code}`)
      break
    }
  }
  return known
}

/** What the server has under these UIDs begins as what is stored, as far as it has any of them. False where it says nothing of them. */
export async function beginAlike({ store }: CaptureRun, line: Line, stored: ReadonlyMap<number, Known>): Promise<boolean> {
  try {
    return await line.run(async session => {
      let met = 0
      for await (const head of session.heads([...stored.keys()], TEXT_BYTES)) {
        const known = stored.get(head.uid)
        if (known && (await proofOf(store, known.id, head, known.size)) === null) return false
        met += known ? 1 : 0
      }
      return met > 0
    })
  } catch (error) {
    if (!line.stands || !(error instanceof AppError)) throw error
    return false
  }
}

/** What is fetched of each candidate behind its header: all of a short message, and of a long one enough to tell form letters apart. */
const TEXT_BYTES = 1024

async function provenAmong(store: ArchiveStore, ids: readonly RecordId[], head: MessageHead, size: number, draft: boolean): Promise<RecordId | null> {
  const proven: RecordId[] = []
  for (const id of ids) {
    const proof = await proofOf(store, id, head, size)
    if (proof === 'whole') return id
    // Programs save a draft again and again under one Message-ID, and a machine may write many messages without one in a second.
    if (proof === 'beginning' && !draft && tellsApart(head.header)) proven.push(id)
  }
  // Two different messages that begin alike: which of them it is, only all of its bytes would tell.
  return proven.length === 1 ? proven[0]! : null
}

/**
 * `whole`: every byte was compared. `beginning`: header (with Message-ID, Date and Received lines) and the first 1,024 bytes of the text are the same, and
 * so is the length of the rest.
 */
async function proofOf(store: ArchiveStore, id: RecordId, { header, text }: MessageHead, size: number): Promise<'whole' | 'beginning' | null> {
  const given = Buffer.concat([header, text])
  if (given.length > size || header.length === 0) return null
  const stored = await beginningOf(store, id, given.length)
  if (!stored?.equals(given)) return null
  if (text.length < TEXT_BYTES) return given.length === size ? 'whole' : null
  return 'beginning'
}

/** Null where the archive cannot read it: then it is had again. */
async function beginningOf(store: ArchiveStore, id: RecordId, length: number): Promise<Buffer | null> {
  const read = async (record: RecordId) => {
    const place = store.index.place(record)
    if (!place) throw new Error('not stored')
    return (await store.log.read(place, record)).bytes
  }
  try {
    const pieces: Uint8Array[] = []
    for await (const piece of assemblyRange(read, decodeAssembly(await read(id)), 0, length)) pieces.push(piece)
    return Buffer.concat(pieces)
  } catch {
    return null // verify tells of damage
  }
}
