/** QUIT (RFC 1939 section 6). What it is there for, removing messages marked as deleted, never applies: we mark none. */
import type { Conversation } from './conversation.ts'

/** Everything is stored by then: whatever is answered, or not, the session is over. */
export async function quit({ wire }: Conversation): Promise<void> {
  try {
    if (wire.usable) {
      wire.send('QUIT\r\n')
      await wire.line()
    }
  } catch {
    // A server that hangs up instead of saying goodbye.
  } finally {
    wire.close()
  }
}
