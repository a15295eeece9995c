/** The thread that reads one file of Outlook's: an answer for each time it is asked, from the item it was told to begin with. */
import { parentPort, workerData } from 'node:worker_threads'
import { composeMessage } from './compose.ts'
import { readMsg } from './msg.ts'
import type { OutlookAnswer, OutlookTask } from './outlookFile.ts'
import { pstItems } from './pst.ts'
import type { OutlookMessage } from './types.ts'

const { path, kind, from } = workerData as OutlookTask
const port = parentPort!
const steps = (kind === 'pst' ? fromPst() : fromMsg())[Symbol.iterator]()

port.on('message', () => {
  const { value, done } = steps.next()
  const answer: OutlookAnswer = done ? { kind: 'end' } : value
  port.postMessage(answer, 'bytes' in answer ? [answer.bytes.buffer as ArrayBuffer] : [])
})
port.postMessage({ kind: 'ready' } satisfies OutlookAnswer)

function* fromPst(): Iterable<OutlookAnswer> {
  let n = 0
  try {
    for (const { path: levels, role, number, read } of pstItems(path)) {
      if (n++ < from) continue
      yield answerOf({ path: levels, role, where: `${levels.join('/')} #${number}` }, read)
    }
  } catch (error) {
    yield { kind: 'broken', why: whyOf(error) }
  }
}

function* fromMsg(): Iterable<OutlookAnswer> {
  if (from === 0) yield answerOf({ path: [], role: null, where: '' }, () => readMsg(path))
}

type Place = Pick<Extract<OutlookAnswer, { kind: 'message' }>, 'path' | 'role' | 'where'>

function answerOf(place: Place, read: () => OutlookMessage): OutlookAnswer {
  try {
    const message = read()
    if (!isMail(message.messageClass)) return { kind: 'passed', where: place.where }
    // A buffer of its own: it is handed over.
    return { kind: 'message', ...place, bytes: new Uint8Array(composeMessage(message)), flags: [...message.flags], received: message.received }
  } catch (error) {
    return { kind: 'unreadable', where: place.where, why: whyOf(error) }
  }
}

/** Contacts, appointments, tasks and notes are no mail; what is sent about them is. */
const isMail = (messageClass: string): boolean =>
  messageClass === '' || /^(IPM\.(Note|Schedule|Post|Sharing|Outlook\.Recall|Recall)|REPORT)\b/i.test(messageClass)

const whyOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 300)
