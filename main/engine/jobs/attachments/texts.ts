/**
 * Reads what attachments say, for the index: after the messages' own texts, the newest first, in a thread that is ended over time or memory. What was read is
 * written with the words of its message; what was not goes on being listed as waiting, so that a crash costs nothing but the repetition. What cannot be
 * read is named with its reason.
 */
import { createHash } from 'node:crypto'
import { AppError } from '../../../contract/errors.ts'
import type { UnreadReason } from '../../../contract/unread.ts'
import { giveBackAll } from '../../base/giveBack.ts'
import { mayHoldText } from '../../base/mayHoldText.ts'
import type { ReadAttachments, WaitingAttachments } from '../../index/attachments.ts'
import type { IndexWriter } from '../../index/types.ts'
import { parseView, type ReadRecord } from '../../log/message.ts'
import type { RecordId } from '../../log/types.ts'
import type { AttachedText } from '../../mail/attached/types.ts'
import type { AttachmentPlace } from '../../mail/open.ts'
import { cutTokens } from '../../search/normalise.ts'
import type { Opening } from '../opening/opening.ts'
import type { Pool } from '../pool/types.ts'
import type { JobContext } from '../types.ts'
import { attachmentBytes } from './attachment.ts'

type Asking = Pick<Opening, 'ask' | 'hand'>

export interface AttachmentDeps {
  read: ReadRecord
  /** The one that is open at the moment: it may be built anew meanwhile. */
  index(): IndexWriter
  pool: Pool
  /** A thread for this alone: nobody waits behind it who wants to see a message. */
  thread: Asking
  /** Mail comes in, or its text is being read: that goes first. */
  isBusy(): boolean
}

/** Of what a file may take. */
export const attachmentLimits = { timeoutMs: 30_000, memoryMb: 384, restMs: 5_000 }
const BYTES_MAX = 96 * 1024 * 1024
/** Of the words of all attachments of one message: characters. */
const WORDS_MAX = 2 * 1024 * 1024
const AT_ONCE = 200
const WRITE_MS = 2000
const WRITE_CHARACTERS = 512 * 1024
const WAIT_MS = 500

export async function readAttachments(given: AttachmentDeps, context: JobContext): Promise<void> {
  const known = createKnown()
  const { signal } = context
  // Who closes the archive does not wait for a file of half a minute; its thread is ended with it.
  const thread: Asking = {
    ask: (name, ...args) => unlessAborted(signal, given.thread.ask(name, ...args)),
    hand: (name, ...args) => unlessAborted(signal, given.thread.hand(name, ...args)),
  }
  const deps = { ...given, thread }
  let done = 0
  context.progress({ phase: 'indexing', done, total: null, current: '' })
  for (let waiting = deps.index().pendingAttachments(AT_ONCE); waiting.length > 0; waiting = deps.index().pendingAttachments(AT_ONCE)) {
    let found: ReadAttachments[] = []
    let characters = 0
    let since = context.clock.now()
    const write = () => {
      deps.index().setAttached(found)
      found = []
      characters = 0
      since = context.clock.now()
    }
    try {
      for (const one of waiting) {
        await quiet(deps, context)
        // There is one thread more, a large one, and no mail to prepare: workers that came to rest meanwhile end.
        await deps.pool.rest()
        const read = await readOne(deps, one, known, context)
        found.push(read)
        characters += read.fts?.text.length ?? 0
        context.progress({ done: ++done })
        if (context.clock.now() - since > WRITE_MS || characters > WRITE_CHARACTERS) write()
      }
    } finally {
      // However it ends, what was read is kept.
      if (found.length > 0) write()
    }
  }
  deps.index().flush()
  context.result({ read: done })
}

function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((done, failed) => {
    const stop = () => failed(new AppError('cancelled', 'attachments are read no further'))
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    work.then(done, failed).finally(() => signal.removeEventListener('abort', stop))
  })
}

async function quiet({ isBusy }: AttachmentDeps, context: JobContext): Promise<void> {
  await context.checkpoint()
  while (isBusy()) {
    await new Promise(go => setTimeout(go, WAIT_MS))
    await context.checkpoint()
  }
}

async function readOne(
  { read, pool, thread }: AttachmentDeps,
  { id, attachments }: WaitingAttachments,
  known: Known,
  context: JobContext,
): Promise<ReadAttachments> {
  const unread: ReadAttachments['unread'] = []
  let words = ''
  try {
    const view = await parseView(read, id, { inlineImages: false })
    for (const place of await thread.ask('places', view)) {
      const { index, name, type, size } = place.attachment
      // What is within a message that is not encoded stands in this one's own text already.
      if (!mayHoldText(name, type) || (type.startsWith('message/') && place.encoding === 'identity')) continue
      const { text, why } = await readFile({ read, thread }, id, place, known)
      words = cutTokens(`${words}${words && text ? ` ${BETWEEN} ` : ''}${text}`, WORDS_MAX)
      if (why) unread.push({ index, name, size, why })
    }
    if (words === '') return { id, fts: null, unread }
    const [parsed] = await pool.parse([view])
    giveBackAll(view)
    return { id, fts: { ...parsed!.fts!, text: words }, unread }
  } catch (error) {
    const why = reasonFor(error)
    if (!why) throw error
    context.failed(`message ${id.slice(0, 12)}`, error as AppError)
    const all = attachments.filter(({ name, type }) => mayHoldText(name, type))
    return { id, fts: null, unread: all.map(({ index, name, size }) => ({ index, name, size, why })) }
  }
}

/** Null: it has nothing to do with this message (the drive is gone, the archive is being closed), which goes on waiting. */
function reasonFor(error: unknown): UnreadReason | null {
  if (!(error instanceof AppError)) return null
  if (error.code === 'parse-timeout' || error.code === 'parse-failed') return 'gave-up'
  return error.code === 'record-damaged' || error.code === 'byte-check-failed' || error.code === 'message-unknown' ? 'damaged' : null
}

/** Stands between two attachments, so that no phrase goes from one into the other. No query has it. */
const BETWEEN = '\u2063'

async function readFile(
  { read, thread }: Pick<AttachmentDeps, 'read' | 'thread'>,
  id: RecordId,
  place: AttachmentPlace,
  known: Known,
): Promise<AttachedText> {
  const { name, type, size } = place.attachment
  if (size > BYTES_MAX) return { text: '', why: 'too-large' }
  const bytes = await attachmentBytes(read, id, place, BYTES_MAX)
  const key = createHash('sha256').update(`${name}\n${type}\n${place.charset}\n`).update(bytes).digest('base64')
  const before = known.get(key)
  if (before) {
    giveBackAll(bytes)
    return before
  }
  let text: AttachedText
  try {
    text = await thread.hand('words', bytes, { name, type }, place.charset, WORDS_MAX)
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'cancelled') throw error
    text = { text: '', why: error.code === 'parse-timeout' || isLost(error) ? 'gave-up' : 'damaged' }
  }
  giveBackAll(bytes) // what was not handed over whole; not before that: a question that is given up may still wait behind another
  known.put(key, text)
  return text
}

/** The thread ended: memory, mostly. A file that only cannot be understood is an answer of the thread. */
const isLost = (error: AppError): boolean => error.cause !== undefined

interface Known {
  get(key: string): AttachedText | undefined
  put(key: string, text: AttachedText): void
}

const KNOWN_CHARACTERS = 2 * 1024 * 1024
const KNOWN_FILES = 2000

/** The same file is often sent again soon: it is read once. */
function createKnown(): Known {
  const files = new Map<string, AttachedText>()
  let characters = 0
  return {
    get: key => files.get(key),
    put: (key, text) => {
      files.set(key, text)
      characters += text.text.length
      for (const [oldest, { text }] of files) {
        if (characters <= KNOWN_CHARACTERS && files.size <= KNOWN_FILES) break
        files.delete(oldest)
        characters -= text.length
      }
    },
  }
}

export interface AttachmentWords {
  index: number
  name: string
  text: string
}

const SHOWN_BYTES = 16 * 1024 * 1024

/** As people read it, attachment by attachment: to show where a word stands. What cannot be read, or only slowly, is left out. */
export async function attachmentTexts({ read, thread }: Pick<AttachmentDeps, 'read' | 'thread'>, id: RecordId): Promise<AttachmentWords[]> {
  const texts: AttachmentWords[] = []
  for (const place of await thread.ask('places', await parseView(read, id, { inlineImages: false }))) {
    const { index, name, type, size } = place.attachment
    if (!mayHoldText(name, type) || size > SHOWN_BYTES || (type.startsWith('message/') && place.encoding === 'identity')) continue
    const said = await thread.hand('attached', await attachmentBytes(read, id, place, SHOWN_BYTES), { name, type }, place.charset).catch(() => null)
    if (said && said.text !== '') texts.push({ index, name, text: said.text })
  }
  return texts
}
