/** An archive of given messages in one mailbox, as an export sees it: with real records, and no disk. */
import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import type { AppError } from '../../main/contract/errors.ts'
import type { KeptMailbox, KeptPlace } from '../../main/engine/index/kept.ts'
import type { ExportSource } from '../../main/engine/jobs/export/items.ts'
import { createAssembler } from '../../main/engine/jobs/pool/assemble.ts'
import type { RecordId, Unsealed } from '../../main/engine/log/types.ts'
import { recordStore, testIdKey } from './preparedMail.ts'

export interface Prepared extends ExportSource {
  /** The same, but the record of one message cannot be read. */
  damaged(at: number, error: AppError): ExportSource
}

/** `parse`: nothing of the messages was read yet, and who asks reads them with this. */
export function preparedSource(messages: readonly Buffer[], parse?: ExportSource['parse']): Prepared {
  const store = recordStore()
  const places = messages.map((bytes, i): KeptPlace => {
    const records: Unsealed[] = []
    const assembler = createAssembler({ idKey: testIdKey, isStored: () => false, give: record => void records.push(record) })
    assembler.feed(bytes)
    const { id, size } = assembler.end()
    store.put(records)
    return {
      ...{ id, size, mailbox: 1, placement: i + 1, uidValidity: 1, uid: i + 1, flags: ['\\Seen'], internalDate: 1_700_000_000 + i, zone: 0 },
      ...{
        sortTime: (1_700_000_000 + i) * 1000,
        messageId: parse ? null : '',
        subject: parse ? '' : `number ${i}`,
        from: [],
        date: null,
        live: true,
        gone: false,
        redundant: false,
      },
    }
  })
  const inbox: KeptMailbox = {
    ...{ mailbox: 1, path: ['INBOX'], delimiter: '/', raw: 'INBOX', role: 'inbox', selectable: true, present: true },
    messages: places.length,
  }
  const source = (read: ExportSource['read']): ExportSource => ({
    archive: createHash('md5').update('test').digest('hex'),
    mailboxes: async () => [inbox],
    page: async () => ({ rows: places.toReversed(), next: null }),
    places: async ids => places.filter(({ id }) => ids.includes(id)),
    search: async function* () {},
    loss: async function* () {},
    withoutMailbox: async function* () {},
    parse: parse ?? (() => expect.unreachable('everything was read')),
    read,
    readMany: async ids => {
      const found = new Map<RecordId, Uint8Array>()
      for (const id of ids) {
        const bytes = await read(id).catch(() => null) // left out, as the archive does
        if (bytes) found.set(id, bytes)
      }
      return found
    },
  })
  return {
    ...source(store.read),
    damaged: (at, error) => {
      const bad: RecordId = places[at]!.id
      return source(async id => {
        if (id === bad) throw error
        return store.read(id)
      })
    },
  }
}
