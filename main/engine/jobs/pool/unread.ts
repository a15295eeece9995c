/** What is said of messages that could not be read. Apart from parsed.ts, so that the engine's thread does not load all that reads mail. */
import type { ParsedMessage, ReadMessage } from '../../index/types.ts'

/** Stands for a message that could not be read. */
export function unread(failure: ParsedMessage['failure']): ReadMessage {
  return {
    subject: '',
    from: [],
    to: [],
    cc: [],
    date: null,
    rfcMessageId: '',
    inReplyTo: '',
    references: [],
    attachments: [],
    snippet: '',
    fts: { subject: '', sender: '', addressee: '', copied: '', body: '', names: '', marks: '' },
    failure,
  }
}
