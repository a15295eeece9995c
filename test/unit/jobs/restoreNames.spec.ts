import { describe, expect, test } from 'vitest'
import type { KeptMailbox } from '../../../main/engine/index/kept.ts'
import { flagsFor, type Naming, targetMailboxes } from '../../../main/engine/jobs/restore/names.ts'
import type { RemoteMailbox } from '../../../main/engine/mail/types.ts'

const kept = (path: string[], role: KeptMailbox['role'] = null, delimiter = '/'): KeptMailbox => ({
  mailbox: 1,
  path,
  delimiter,
  raw: path.join(delimiter),
  role,
  selectable: true,
  present: true,
  messages: 1,
})
const remote = (path: string[], role: RemoteMailbox['role'] = null, delimiter = '.'): RemoteMailbox => ({
  path,
  delimiter,
  raw: path.join(delimiter),
  role,
  selectable: true,
  subscribed: true,
})
const elsewhere: Naming = { remote: [remote(['INBOX'], 'inbox')], namespace: { prefix: '', delimiter: '.' }, prefix: '', own: false }
const names = (sources: KeptMailbox[], naming: Partial<Naming> = {}) =>
  targetMailboxes(sources, { ...elsewhere, ...naming }).map(({ raw, exists }) => (exists ? raw : `+${raw}`))

describe('the mailbox of another server that stands for one of the archive', () => {
  test('is the one with the same use, whatever it is called there', () => {
    expect(names([kept(['Gesendet'], 'sent')], { remote: [remote(['Sent Items'], 'sent')] })).toEqual(['Sent Items'])
  })
  test('has the same levels, parted as that server parts them, and is spelled in modified UTF-7', () => {
    expect(names([kept(['Projekty', 'Zażółć & co'])])).toEqual(['+Projekty.Za&AXwA8wFCAQc- &- co'])
  })
  test('does not get a level more from a delimiter in a name', () => {
    expect(names([kept(['v1.2', 'Notes'])])).toEqual(['+v1-2.Notes'])
  })
  test('is made where the server wants personal mailboxes to be', () => {
    expect(names([kept(['Projects'])], { namespace: { prefix: 'INBOX.', delimiter: '.' } })).toEqual(['+INBOX.Projects'])
  })
  test('loses the INBOX that only the old server put before all names', () => {
    expect(names([kept(['INBOX'], 'inbox', '.'), kept(['INBOX', 'Work'], null, '.')])).toEqual(['INBOX', '+Work'])
    expect(names([kept(['INBOX'], 'inbox'), kept(['INBOX', 'Work']), kept(['Other'])])).toEqual(['INBOX', '+INBOX.Work', '+Other'])
  })
  test('loses what Gmail puts before its own', () => {
    expect(names([kept(['[Gmail]', 'Sent Mail'], 'sent')])).toEqual(['+Sent Mail'])
  })
  test('stands below the folder that was asked for, also for INBOX and Sent', () => {
    expect(names([kept(['INBOX'], 'inbox'), kept(['Sent'], 'sent')], { prefix: 'Old/2024', remote: [remote(['Sent'], 'sent')] })).toEqual([
      '+Old.2024.INBOX',
      '+Old.2024.Sent',
    ])
  })
  test('is one for two of the archive that have the same name there', () => {
    expect(names([kept(['Sent'], 'sent'), kept(['Sent Messages'], 'sent')], { remote: [remote(['Sent'], 'sent')] })).toEqual(['Sent'])
  })
})

test('on the server it came from, a mailbox keeps its name to the byte', () => {
  const source = { ...kept(['Zażółć']), raw: 'Za&AXwA8wFCAQc-' }
  expect(names([source], { own: true, remote: [{ ...remote(['Zażółć']), raw: source.raw }] })).toEqual([source.raw])
  expect(names([source], { own: true })).toEqual([`+${source.raw}`])
})

describe('flags', () => {
  test('are those that the mailbox can keep', () => {
    expect(flagsFor(['\\Seen', '$Label1', '\\Recent'], ['\\Seen', '\\Flagged'], false)).toEqual(['\\Seen'])
    expect(flagsFor(['\\Seen', '$Label1'], ['\\Seen', '\\*'], false)).toEqual(['\\Seen', '$Label1'])
    expect(flagsFor(['\\SEEN', 'x'], null, false)).toEqual(['\\SEEN', 'x'])
  })
  test('of a message that was deleted are without the mark that deleted it', () => {
    expect(flagsFor(['\\Seen', '\\Deleted'], null, true)).toEqual(['\\Seen'])
    expect(flagsFor(['\\Seen', '\\Deleted'], null, false)).toEqual(['\\Seen', '\\Deleted'])
  })
  test('that are no flags are not sent', () => {
    expect(flagsFor(['two words', 'a(b', '', '\\Seen'], null, false)).toEqual(['\\Seen'])
  })
})
