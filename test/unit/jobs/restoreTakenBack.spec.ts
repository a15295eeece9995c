import { expect, test } from 'vitest'
import type { KeptMailbox, KeptPlace } from '../../../main/engine/index/kept.ts'
import { type JournalState, placeKey } from '../../../main/engine/jobs/restore/journal.ts'
import { withTakenBack } from '../../../main/engine/jobs/restore/takenBack.ts'
import type { RestoreSource } from '../../../main/engine/jobs/restore/types.ts'

const place = (uid: number, more: Partial<KeptPlace> = {}) => ({ mailbox: 3, uidValidity: 7, uid, live: true, gone: false, ...more }) as KeptPlace
const places = [place(10), place(11), place(12), place(10, { uidValidity: 8 }), place(10, { mailbox: 4 }), place(13, { live: false, gone: true })]
const source = {
  archive: 'a',
  mailboxes: async () => [{ mailbox: 3, raw: 'INBOX' } as KeptMailbox, { mailbox: 4, raw: 'Sent' } as KeptMailbox],
  page: async () => ({ rows: places, next: null }),
  places: async () => places,
} as unknown as RestoreSource

const journal = (account: string | null, undone: number[]) =>
  ({
    begun: { account },
    batches: [
      { raw: 'INBOX', uidValidity: 7, uids: [10, 0, 11] },
      { raw: 'INBOX', uidValidity: 7, uids: null },
    ],
    undone: new Set(undone.map(uid => placeKey('INBOX', uid))),
  }) as unknown as JournalState

const live = async (one: RestoreSource) =>
  (await one.places([])).filter(each => each.live).map(({ mailbox, uidValidity, uid }) => [mailbox, uidValidity, uid])

test('what an undo took away is gone, though a capture that looked before calls it there', async () => {
  const corrected = withTakenBack(source, [journal('a', [10])])
  const expected = [
    [3, 7, 11],
    [3, 7, 12],
    [3, 8, 10],
    [4, 7, 10],
  ]
  expect(await live(corrected)).toEqual(expected)
  expect((await corrected.page(3, null, 10)).rows[0]).toMatchObject({ uid: 10, live: false, gone: true })
})

test('what a restore put in and nobody took away is there, and what was undone in another account says nothing here', async () => {
  expect(await live(withTakenBack(source, [journal('a', []), journal('b', [10]), journal(null, [11])]))).toHaveLength(5)
})
