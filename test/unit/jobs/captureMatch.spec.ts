/** Messages that the archive has already are placed without being downloaded again; whatever is in doubt is downloaded. */
import { describe, expect, test } from 'vitest'
import { letter, letters, playAccount, truthOf } from '../../help/playedAccount.ts'
import type { Fetchable } from '../../help/scriptedFetch.ts'
import type { ScriptOptions } from '../../help/scriptedImap.ts'

const two = (messages: Fetchable[]) => [
  { name: 'INBOX', uidNext: 100, messages },
  { name: 'Archive', uidNext: 50, messages: [] as Fetchable[] },
]

async function begin(messages: Fetchable[], more: Partial<ScriptOptions> = {}) {
  const account = await playAccount({ mailboxes: two(messages), ...more })
  await account.run()
  const [inbox, archive] = account.server.mailboxes
  /** Moves it as a server does: another UID, the same INTERNALDATE. */
  const move = (uid: number, changes: Partial<Fetchable> = {}) => {
    const message = inbox!.messages.find(each => each.uid === uid)!
    inbox!.messages = inbox!.messages.filter(each => each !== message)
    archive!.messages.push({ ...message, uid: archive!.uidNext!++, ...changes })
  }
  return { ...account, move }
}

const long = (uid: number, text: string, more: Partial<Fetchable> = {}, headers = `Message-ID: <long.${uid}@example.com>\r\n`): Fetchable => ({
  ...letter(uid),
  bytes: Buffer.from(`From: anna@example.com\r\nSubject: long\r\n${headers}\r\n${'All letters begin with these words. '.repeat(60)}${text}\r\n`),
  ...more,
})

test('moved messages are placements: gone here, placed there, nothing downloaded', async () => {
  const account = await begin([...letters(10), long(11, 'the end')])
  for (const uid of [3, 4, 11]) account.move(uid)
  const heard = await account.run()
  expect(account.downloaded()).toEqual([])
  expect(heard.result).toMatchObject({ placedWithoutDownload: 3, gone: 3 })
  expect(await account.live()).toEqual(truthOf(account))
})

test('a message that is new is not taken for one of the same second and length', async () => {
  const account = await begin([letter(1, 'one'), letter(2, 'two')])
  account.server.mailboxes[1]!.messages.push(letter(50, 'six', { date: letter(1).date! }))
  await account.run()
  expect(account.downloaded()).toEqual(['50'])
  expect(await account.live()).toEqual(truthOf(account))
})

describe('when in doubt it is downloaded:', () => {
  const cases: { name: string; stored: Fetchable[]; moved: Partial<Fetchable>; script?: ScriptOptions['script'] }[] = [
    { name: 'another INTERNALDATE', stored: [long(1, 'x')], moved: { date: '01-Jan-2025 10:00:00 +0100' } },
    { name: 'a size that is stated wrongly', stored: [long(1, 'x')], moved: { size: 99 } },
    {
      name: 'the same header and another text',
      stored: [letter(1, 'one')],
      moved: { bytes: Buffer.from(Buffer.from(letter(1, 'one').bytes).toString().replace('This is', 'That is')) },
    },
    { name: 'a draft with the same beginning and another end', stored: [long(1, 'x')], moved: { ...long(1, 'y'), uid: 50, flags: ['\\Draft'] } },
    { name: 'the same beginning, another end, and no Message-ID', stored: [long(1, 'x', {}, '')], moved: { ...long(1, 'y', {}, ''), uid: 50 } },
    {
      name: 'two stored messages that begin alike',
      stored: [long(1, 'x'), { ...long(1, 'y'), uid: 2, date: letter(1).date! }],
      moved: {},
    },
    {
      name: 'a server that gives no headers',
      stored: [letter(1)],
      moved: {},
      script: ({ args }) => (args.includes('BODY.PEEK[HEADER]') ? { no: 'no headers' } : undefined),
    },
    {
      name: 'a server that gives no headers and says so by BAD',
      stored: [letter(1)],
      moved: {},
      script: ({ args }) => (args.includes('BODY.PEEK[HEADER]') ? { bad: 'what?' } : undefined),
    },
    {
      name: 'an empty header',
      stored: [letter(1)],
      moved: {},
      script: ({ args }) =>
        args.includes('BODY.PEEK[HEADER]')
          ? { edit: usual => usual.replace(/BODY\[HEADER\] \{\d+\}\r\n.*? BODY\[TEXT\]/s, 'BODY[HEADER] {0}\r\n BODY[TEXT]') }
          : undefined,
    },
  ]
  for (const { name, stored, moved, script } of cases)
    test(name, async () => {
      const account = await begin(stored, script ? { script } : {})
      account.move(1, moved)
      const heard = await account.run()
      expect(heard.failures).toEqual([])
      expect(account.downloaded()).toEqual(['50'])
      expect(await account.live()).toEqual(truthOf(account))
    })
})

describe('by the id that the server gives it (EMAILID)', () => {
  const capabilities = ['IMAP4rev1', 'OBJECTID']
  test('no header is asked for', async () => {
    const account = await begin([long(1, 'x', { emailId: 'M1' })], { capabilities })
    account.move(1)
    await account.run()
    expect(account.said(/BODY\.PEEK/)).toEqual([])
    expect(await account.live()).toEqual(truthOf(account))
  })

  test('an id that a server gives to another message is not believed', async () => {
    const account = await begin([long(1, 'x', { emailId: 'M1' })], { capabilities })
    account.server.mailboxes[1]!.messages.push(long(2, 'y', { uid: 50, emailId: 'M1' }))
    await account.run()
    expect(account.downloaded()).toEqual(['50'])
    expect(await account.live()).toEqual(truthOf(account))
  })
})

describe('a new UIDVALIDITY', () => {
  test('downloads only what is new; what went meanwhile is marked gone; nothing is stored or listed twice', async () => {
    const account = await begin(letters(400))
    const inbox = account.server.mailboxes[0]!
    Object.assign(inbox, {
      uidValidity: 77,
      uidNext: 1401,
      messages: [...letters(400).filter(({ uid }) => uid % 100 !== 0), letter(401)].map(message => ({ ...message, uid: message.uid + 999 })),
    })
    const heard = await account.run()
    expect(heard.outcomes.added).toBe(1)
    expect(account.downloaded()).toEqual(['1400'])
    expect(await account.archive.factsOf('gone')).toEqual([{ k: 'gone', epoch: 1, uids: '100,200,300,400' }])
    expect(await account.live()).toEqual(truthOf(account))
    const again = await account.run()
    expect(again.outcomes).toMatchObject({ added: 0, unchanged: 397 })
  })

  test('while one message cannot be had, the old epoch keeps what the new one lacks', async () => {
    let broken = false
    const account = await begin(letters(3), {
      script: ({ verb, args }) => (broken && verb === 'UID FETCH' && /^14? .*BODY/.test(args) ? { no: 'broken' } : undefined),
    })
    Object.assign(account.server.mailboxes[0]!, {
      uidValidity: 77,
      uidNext: 20,
      messages: [letter(14, 'number 1', { date: '05-Jan-2024 10:00:00 +0000' })],
    })
    broken = true
    const heard = await account.run()
    expect(heard.failures.map(({ what }) => what)).toEqual(['INBOX UID 14'])
    expect(await account.archive.factsOf('gone')).toEqual([])
    broken = false
    await account.run({ clock: { now: () => Date.now() + 3_600_000, sleep: async () => {} } })
    expect(await account.archive.factsOf('gone')).toEqual([{ k: 'gone', epoch: 1, uids: '2:3' }])
    expect(await account.live()).toEqual(truthOf(account))
  })
})
