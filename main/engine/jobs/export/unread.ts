/**
 * Messages whose turn to be read has not come: the index knows neither subject nor sender. Files and lists say what the messages' own headers say, which is
 * what they will be named by the next time.
 */
import type { KeptPlace } from '../../index/kept.ts'
import type { ParsedMessage } from '../../index/types.ts'
import { isAboutMessage, parseView, type ReadRecord } from '../../log/message.ts'
import type { RecordId } from '../../log/types.ts'
import { type RecordSource, readInOrder, TOGETHER } from '../readInOrder.ts'
import type { JobContext } from '../types.ts'

export interface HeaderSource extends RecordSource {
  /** Parse views, as Pool.parse takes them. */
  parse(views: Uint8Array[]): Promise<ParsedMessage[]>
}

/** The items in their order, with what was not known of them. A message that is damaged stays as it is: who writes it names it. */
export async function withHeaders<T extends KeptPlace>(
  source: HeaderSource,
  items: readonly T[],
  { checkpoint }: Pick<JobContext, 'checkpoint'>,
): Promise<readonly T[]> {
  const unread = items.filter(({ messageId }) => messageId === null)
  if (unread.length === 0) return items
  const read = readInOrder(source, unread)
  const headers = new Map<RecordId, Partial<KeptPlace>>()
  let together: { id: RecordId; view: Uint8Array }[] = []
  let bytes = 0
  const readThem = async () => {
    await checkpoint()
    const parsed = await source.parse(together.map(({ view }) => view))
    for (const [i, { subject, from, date, rfcMessageId }] of parsed.entries())
      headers.set(together[i]!.id, { subject, from, date, messageId: rfcMessageId })
    together = []
    bytes = 0
  }
  for (const { id } of unread) {
    const view = await viewOf(read, id)
    if (!view) continue
    together.push({ id, view })
    bytes += view.length
    if (together.length === TOGETHER.messages || bytes >= TOGETHER.bytes) await readThem()
  }
  await readThem()
  return items.map(item => ({ ...item, ...headers.get(item.id) }))
}

async function viewOf(read: ReadRecord, id: RecordId): Promise<Uint8Array | null> {
  try {
    return await parseView(read, id, { inlineImages: false })
  } catch (error) {
    if (isAboutMessage(error)) return null
    throw error
  }
}
