/** What lists and the reader ask. */
import { AppError } from '../../contract/errors.ts'
import type { MessageSummary, MessageView } from '../../contract/types.ts'
import type { OpenArchive } from '../archive/openArchive.ts'
import { unpackHoled } from '../base/holed.ts'
import type { EngineContext } from '../context.ts'
import { saveFile } from '../jobs/saveFile.ts'
import { messageFacts, messagePieces, parseView } from '../log/message.ts'
import type { RecordId } from '../log/types.ts'
import type { CallAnswers, WatchAnswers } from '../serve.ts'
import { createPieceReader } from './pieceReader.ts'
import { createReadAhead, type ReadAhead } from './readAhead.ts'

/** Characters of a message that is kept when it was read ahead: pictures within it may be megabytes, and six are held. */
const AHEAD_MAX = 4 * 1024 * 1024
const never = new AbortController().signal
const PIECE = 4 * 1024 * 1024 // the contract's bound for one answer

type ReadingCalls =
  | 'message.window'
  | 'message.at'
  | 'message.months'
  | 'message.position'
  | 'message.find'
  | 'message.show'
  | 'message.expect'
  | 'message.headers'
  | 'message.raw'
  | 'message.save'

export function readingCalls({ archives }: EngineContext): Pick<CallAnswers, ReadingCalls> {
  const pieceReader = createPieceReader()
  /** As long as the archive is open. */
  const aheads = new WeakMap<OpenArchive, ReadAhead<string, MessageView>>()
  const aheadOf = (open: OpenArchive) => {
    const ahead = aheads.get(open) ?? createReadAhead<string, MessageView>(({ html, text }) => (html?.length ?? 0) + text.length < AHEAD_MAX)
    aheads.set(open, ahead)
    return ahead
  }
  archives.onCommit(archive => {
    archives.ifOpen(archive)?.then(
      open => aheads.get(open)?.forget(),
      () => {}, // it did not open: nothing was read from it
    )
  })

  return {
    'message.window': async ({ archive, ...input }, { signal }) => (await archives.open(archive)).ask('window', [input], signal),
    'message.months': async ({ archive, mailbox }, { signal }) => ({
      months: await (await archives.open(archive)).ask('months', [{ mailbox }], signal),
    }),
    'message.position': async ({ archive, ...input }, { signal }) => (await archives.open(archive)).ask('position', [input], signal),
    'message.at': async ({ archive, ...input }, { signal }) => (await archives.open(archive)).ask('at', [input], signal),
    'message.find': async ({ archive, prefix }, { signal }) => ({ ids: await (await archives.open(archive)).ask('idsByPrefix', [prefix], signal) }),
    'message.show': async ({ archive, message, beginning }, { signal }) => {
      const open = await archives.open(archive)
      return (beginning && aheadOf(open).take(message)) || show(open, message as RecordId, signal, beginning)
    },
    'message.expect': async ({ archive, messages }) => {
      const open = await archives.open(archive)
      aheadOf(open).expect(messages, message => show(open, message as RecordId, never, true))
      return {}
    },
    'message.headers': async ({ archive, message }) => {
      const open = await archives.open(archive)
      return { headers: headersOf(unpackHoled(await parseView(open.read, message as RecordId, { inlineImages: false })).bytes) }
    },
    'message.raw': async ({ archive, message, offset }) => {
      const open = await archives.open(archive)
      const { size } = await messageFacts(open.read, message as RecordId)
      const bytes = await pieceReader.read(`${archive}/${message}`, offset, PIECE, () => messagePieces(open.read, message as RecordId))
      return { bytes, total: size }
    },
    'message.save': async ({ archive, message, to }) => {
      const open = await archives.open(archive)
      return saveFile(to, messagePieces(open.read, message as RecordId))
    },
  }
}

export function readingWatches({ archives }: EngineContext): Pick<WatchAnswers, 'mailboxes'> {
  return {
    mailboxes: ({ archive }, emit, fail) => {
      let ended = false
      const send = async () => {
        try {
          const mailboxes = await (await archives.open(archive)).ask('mailboxes', [])
          if (!ended) emit(mailboxes)
        } catch (error) {
          if (!ended) fail(error)
        }
      }
      void send()
      const unsubscribe = archives.onCommit(changed => {
        if (changed === archive) void send()
      })
      return () => {
        ended = true
        unsubscribe()
      }
    },
  }
}

async function show(open: OpenArchive, id: RecordId, signal: AbortSignal, beginning = false) {
  const [found, placements, conversation, { sha256 }, { failure, ...viewed }] = await Promise.all([
    open.ask('message', [id], signal),
    open.ask('placements', [id], signal),
    open.ask('conversation', [id], signal),
    messageFacts(open.read, id),
    parseView(open.read, id, { inlineImages: true }).then(view => open.pool.view(view, beginning)),
  ])
  if (!found) throw new AppError('message-unknown', `no message ${id.slice(0, 12)}`)
  const { cc: _cc, rfcMessageId: _id, attachmentList: _list, ...summary } = found
  return {
    summary: summary.parse === 'blank' ? await readNow(open, summary) : summary,
    ...viewed,
    placements,
    conversation,
    sha256: Buffer.from(sha256).toString('hex'),
    ...(failure && { problem: { code: failure, message: 'the text of this message could not be read', facts: {} } }),
  }
}

/** Of one whose turn to be read has not come: who opens it does not wait for that. */
async function readNow(open: OpenArchive, summary: MessageSummary): Promise<MessageSummary> {
  const view = await parseView(open.read, summary.id as RecordId, { inlineImages: false })
  const [read] = await open.pool.parse([view])
  const { subject, from, to, date, snippet, attachments } = read!
  return { ...summary, subject, from, to, date, snippet, attachments: attachments.filter(({ inline }) => !inline).length, parse: 'pending' }
}

/** Everything before the first empty line, as Latin-1 where it is not UTF-8: headers are shown as they came. */
function headersOf(view: Uint8Array): string {
  const bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength)
  const ends = [bytes.indexOf('\r\n\r\n'), bytes.indexOf('\n\n')].filter(at => at >= 0)
  const head = bytes.subarray(0, ends.length > 0 ? Math.min(...ends) : bytes.length)
  const text = head.toString('utf8')
  return text.includes('\ufffd') ? head.toString('latin1') : text
}
