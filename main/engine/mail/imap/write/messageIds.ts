/** The Message-ID fields of messages, without anything else of them. */
import { atom, isNode, type Response, sequence, textOf } from '../client.ts'
import { type Connection, command } from '../command.ts'
import { readFetch } from '../fetchResponse.ts'
import { setsOf } from '../uidSet.ts'

export async function fetchMessageIds(connection: Connection, uids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const found = new Map<number, string>()
  const wanted = [atom('UID'), { type: 'ATOM', value: 'BODY.PEEK', section: [atom('HEADER.FIELDS'), [atom('MESSAGE-ID')]] }]
  for (const set of setsOf(uids))
    await command(connection, 'UID FETCH', [sequence(set), wanted], {
      partial: true,
      untagged: {
        FETCH: response => {
          const uid = readFetch(response)?.uid
          const text = headerText(response)
          if (uid && text !== null) found.set(uid, fieldOf(text))
        },
      },
    })
  return found
}

function headerText({ attributes = [] }: Response): string | null {
  const items = attributes[1]
  if (!Array.isArray(items)) return null
  for (let i = 0; i + 1 < items.length; i += 2) {
    const key = items[i]
    if (isNode(key) && key.section !== undefined) return textOf(items[i + 1]) ?? ''
  }
  return null
}

/** The value of the first Message-ID field (RFC 5322 2.2.3: unfolded). */
function fieldOf(text: string): string {
  const match = /^message-id:((?:.|\r?\n[ \t])*)/im.exec(text)
  return match ? match[1]!.replace(/\r?\n/g, '').trim() : ''
}
