/** What is said of messages that could not be read. Apart from parsed.ts, so that the engine's thread does not load all that reads mail. */
import type { ParsedMessage, ReadMessage } from '../../index/types.ts'
import type { ViewedMessage } from './types.ts'

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

/** The same for the reader. */
export function unviewed(failure: ViewedMessage['failure']): ViewedMessage {
  return {
    cc: [],
    bcc: [],
    replyTo: [],
    rfcMessageId: '',
    text: '',
    html: null,
    remoteContentBlocked: false,
    truncated: false,
    attachments: [],
    links: { mismatched: 0, lookalike: 0 },
    remoteImages: [],
    trackers: 0,
    authentication: null,
    events: [],
    contacts: [],
    failure,
  }
}
