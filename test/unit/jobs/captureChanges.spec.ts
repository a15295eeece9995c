/** Later captures of a mailbox: the server's word on what changed is used where it can be proven, and nowhere else. */
import { describe, expect, test } from 'vitest'
import { systemClock } from '../../../main/engine/base/clock.ts'
import { letter, letters, playAccount, truthOf } from '../../help/playedAccount.ts'
import type { ScriptedMailbox, ScriptOptions } from '../../help/scriptedImap.ts'

/** The first change of each day is not taken on trust. */
const tomorrow = { clock: { now: () => systemClock.now() + 24 * 60 * 60 * 1000, sleep: async () => {} } }

const condstore = ['IMAP4rev1', 'CONDSTORE']
const qresync = [...condstore, 'ENABLE', 'QRESYNC']
const LISTING = /^UID SEARCH (ALL|\d+:\d+$)|^UID FETCH 1:\* \(UID\)/
const ALL_FLAGS = /^UID FETCH .*INTERNALDATE RFC822\.SIZE\)/

const inbox = (count: number, more: Partial<ScriptedMailbox> = {}): ScriptedMailbox => ({
  name: 'INBOX',
  modseq: 5,
  uidNext: count + 1,
  messages: letters(count).map(message => ({ ...message, modseq: 5 })),
  expunged: [],
  ...more,
})

async function begin(options: ScriptOptions) {
  const account = await playAccount(options)
  await account.run()
  const box = account.server.mailboxes[0]!
  const bump = () => {
    box.modseq!++
    return box.modseq!
  }
  return {
    ...account,
    box,
    arrive: (uid: number) => {
      box.messages.push({ ...letter(uid), modseq: bump() })
      box.uidNext = uid + 1
    },
    flag: (uid: number, ...flags: string[]) => Object.assign(box.messages.find(message => message.uid === uid)!, { flags, modseq: bump() }),
    expunge: (uid: number) => {
      box.messages = box.messages.filter(message => message.uid !== uid)
      box.expunged!.push({ uid, modseq: bump() })
    },
  }
}

const gone = async (account: Awaited<ReturnType<typeof begin>>) => (await account.archive.factsOf('gone')).map(({ uids }) => uids)
const flags = async (account: Awaited<ReturnType<typeof begin>>) => (await account.archive.factsOf('flags')).map(({ uid, flags }) => [uid, flags])

describe('with QRESYNC', () => {
  test('opening the mailbox tells what came, changed and went; nothing is listed, and what went is asked for once more', async () => {
    const account = await begin({ mailboxes: [inbox(20)], capabilities: qresync })
    account.arrive(21)
    account.flag(3, '\\Seen')
    account.expunge(7)
    account.expunge(8)
    await account.run()
    expect(await account.live()).toEqual(truthOf(account))
    expect(await gone(account)).toEqual(['7:8'])
    expect(await flags(account)).toEqual([[3, ['\\Seen']]])
    expect(account.said(LISTING)).toEqual([])
    expect(account.said(/^UID SEARCH/)).toEqual(['UID SEARCH UID 7:8'])
    expect(account.downloaded()).toEqual(['21'])
    expect(account.said(/FETCH .*FLAGS/)).toHaveLength(2) // the new message, described and fetched
  })

  test('is asked for with the UIDs that are known and all after them, before any mailbox is open', async () => {
    const account = await begin({ mailboxes: [inbox(5)], capabilities: qresync })
    account.flag(1, '\\Flagged')
    await account.run()
    expect(account.said(/^(ENABLE|EXAMINE)/)).toEqual([
      'ENABLE QRESYNC',
      'EXAMINE "INBOX" (CONDSTORE)',
      'EXAMINE "INBOX" (QRESYNC (1 5 1:4294967295))',
    ])
  })

  const lies: { name: string; script: NonNullable<ScriptOptions['script']>; change: 'expunge' | 'flag'; gone: string[]; error?: string }[] = [
    {
      name: 'it forgets what went: the count disagrees with EXISTS, and all is listed',
      script: ({ verb }) => (verb === 'EXAMINE' ? { edit: usual => usual.replace(/\* VANISHED.*\r\n/, '') } : undefined),
      change: 'expunge',
      gone: ['2'],
    },
    {
      name: 'it says that a message vanished that is there',
      script: ({ verb }) => (verb === 'EXAMINE' ? { edit: usual => usual.replace('* FLAGS', '* VANISHED (EARLIER) 4\r\n* FLAGS') } : undefined),
      change: 'flag',
      gone: [],
    },
    {
      name: 'it says so, and counts as if it were true',
      script: ({ verb }) =>
        verb === 'EXAMINE'
          ? { edit: usual => usual.replace('* FLAGS', '* VANISHED (EARLIER) 4\r\n* FLAGS').replace('5 EXISTS', '4 EXISTS') }
          : undefined,
      change: 'flag',
      gone: [],
      error: 'server-lied',
    },
    {
      name: 'it vanishes one more than went',
      script: ({ verb }) => (verb === 'EXAMINE' ? { edit: usual => usual.replace(/(VANISHED \(EARLIER\) )2/, '$11:2') } : undefined),
      change: 'expunge',
      gone: ['2'],
    },
    {
      name: 'it vanishes another than went',
      script: ({ verb }) => (verb === 'EXAMINE' ? { edit: usual => usual.replace(/(VANISHED \(EARLIER\) )2/, '$11') } : undefined),
      change: 'expunge',
      gone: ['2'],
    },
  ]
  for (const { name, script, change, gone: expected, error } of lies)
    test(`is not believed where ${name}`, async () => {
      let lying = false
      const account = await begin({ mailboxes: [inbox(5)], capabilities: qresync, script: request => (lying ? script(request) : undefined) })
      if (change === 'expunge') account.expunge(2)
      else account.flag(2, '\\Seen')
      lying = true
      const heard = await account.run()
      expect(heard.failures.map(({ error }) => error.code)).toEqual(error ? [error] : [])
      expect(await gone(account)).toEqual(expected)
      lying = false
      if (error) await account.run()
      expect(await account.live()).toEqual(truthOf(account))
    })

  test('what came and is not named is asked for', async () => {
    const account = await begin({
      mailboxes: [inbox(5)],
      capabilities: qresync,
      script: ({ verb }) => (verb === 'EXAMINE' ? { edit: usual => usual.replace(/\* \d+ FETCH \(UID 6 .*\r\n/, '') } : undefined),
    })
    account.arrive(6)
    account.arrive(7)
    account.flag(2, '\\Seen')
    await account.run()
    expect(await account.live()).toEqual(truthOf(account))
    expect(account.said(/^UID SEARCH/)).toEqual(['UID SEARCH UID 6:*'])
    expect(await flags(account)).toEqual([[2, ['\\Seen']]])
  })

  test('one that came and one that went, and neither is named: the count agrees, and all is listed all the same', async () => {
    const account = await begin({
      mailboxes: [inbox(5)],
      capabilities: qresync,
      script: ({ verb }) => (verb === 'EXAMINE' ? { edit: usual => usual.replace(/\* (\d+ FETCH|VANISHED) .*\r\n/g, '') } : undefined),
    })
    account.arrive(6)
    account.expunge(2)
    await account.run()
    expect(await account.live()).toEqual(truthOf(account))
    expect(await gone(account)).toEqual(['2'])
  })

  test('a server that takes the question and does not answer it is asked for flags by CHANGEDSINCE', async () => {
    const account = await begin({
      mailboxes: [inbox(5)],
      capabilities: qresync,
      script: ({ verb, args }) =>
        verb === 'EXAMINE' && args.includes('QRESYNC') ? { edit: usual => usual.replace(/\* \d+ FETCH .*\r\n/g, '') } : undefined,
    })
    account.flag(2, '\\Seen')
    await account.run()
    expect(await flags(account)).toEqual([[2, ['\\Seen']]])
    expect(account.said(/CHANGEDSINCE/)).toHaveLength(1)
  })

  test('a server that offers it and refuses to turn it on is asked by CONDSTORE', async () => {
    const account = await begin({
      mailboxes: [inbox(5)],
      capabilities: qresync,
      script: ({ verb }) => (verb === 'ENABLE' ? { no: 'not today' } : undefined),
    })
    account.flag(2, '\\Seen')
    account.expunge(4)
    await account.run()
    expect(account.said(/QRESYNC/)).toEqual(['ENABLE QRESYNC'])
    expect([await flags(account), await gone(account)]).toEqual([[[2, ['\\Seen']]], ['4']])
  })
})

describe('with CONDSTORE alone', () => {
  test('new mail and flags need no listing while the count agrees', async () => {
    const account = await begin({ mailboxes: [inbox(20)], capabilities: condstore })
    account.arrive(25)
    account.flag(3, '\\Seen')
    await account.run()
    expect(await account.live()).toEqual(truthOf(account))
    expect(account.said(/^UID SEARCH/)).toEqual(['UID SEARCH UID 21:*'])
    expect(account.said(/CHANGEDSINCE/)).toEqual(['UID FETCH 1:20 (UID FLAGS) (CHANGEDSINCE 5)'])
    expect(await flags(account)).toEqual([[3, ['\\Seen']]])
  })

  test('one message fewer than the count says, and all UIDs are listed', async () => {
    const account = await begin({ mailboxes: [inbox(20)], capabilities: condstore })
    account.arrive(25)
    account.expunge(3)
    await account.run()
    expect(account.said(LISTING)).toHaveLength(1)
    expect(await gone(account)).toEqual(['3'])
    expect(await account.live()).toEqual(truthOf(account))
  })

  test('the first change of each day is listed in full', async () => {
    const account = await begin({ mailboxes: [inbox(5)], capabilities: condstore })
    account.arrive(6)
    await account.run(tomorrow)
    expect(account.said(LISTING)).toHaveLength(1)
    expect(await account.live()).toEqual(truthOf(account))
  })
})

describe('UIDs that mean other messages under the same UIDVALIDITY', () => {
  test('a server put back to an earlier state that goes on from there: a new epoch, and nothing is lost', async () => {
    const account = await begin({ mailboxes: [inbox(10)], capabilities: condstore })
    account.box.messages = [...letters(7), letter(8, 'other 8', { date: '02-Jan-2024 10:00:00 +0100' })].map(message => ({ ...message, modseq: 4 }))
    Object.assign(account.box, { uidNext: 9, modseq: 4 })
    await account.run()
    expect(await account.live()).toEqual(truthOf(account))
    expect((await account.archive.factsOf('epoch')).map(({ uidValidity }) => uidValidity)).toEqual([1, 1])
    expect(account.downloaded()).toEqual(['8'])
    expect(await gone(account)).toEqual(['8:10'])
  })

  test('a server that counts them anew', async () => {
    const account = await begin({ mailboxes: [inbox(10)], capabilities: condstore })
    const left = account.box.messages.filter((_, i) => i % 3 !== 0)
    account.box.messages = left.map((message, i) => ({ ...message, uid: i + 1 }))
    Object.assign(account.box, { uidNext: left.length + 1, modseq: 9 })
    await account.run()
    expect(await account.live()).toEqual(truthOf(account))
    expect(account.downloaded()).toEqual([])
  })

  test('put back, with the same messages: the epoch goes on, and all flags are compared', async () => {
    const account = await begin({ mailboxes: [inbox(10)], capabilities: condstore })
    account.box.messages.length = 7
    account.box.messages[2]!.flags = ['\\Answered']
    Object.assign(account.box, { uidNext: 8, modseq: 4 })
    await account.run()
    expect(account.said(ALL_FLAGS)).toHaveLength(1)
    expect(await account.archive.factsOf('epoch')).toHaveLength(1)
    expect([await gone(account), await flags(account)]).toEqual([['8:10'], [[3, ['\\Answered']]]])
  })
})
