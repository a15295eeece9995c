import { describe, expect, test } from 'vitest'
import {
  type AccountDraft,
  draftOf,
  guessHost,
  settingsOf,
  withFound,
  withHost,
  withProtocol,
  withSecurity,
} from '../../../renderer/dialogs/accountForm.ts'
import { groupsOf, groupsToAsk, normaliseGroup } from '../../../renderer/dialogs/recoveryGroups.ts'
import { strengthOf } from '../../../renderer/dialogs/strength.ts'

const filled: AccountDraft = { ...draftOf(undefined), user: 'ada@nowak.example', host: 'imap.nowak.example', password: 'x' }

describe('the account form', () => {
  test('begins with TLS on 993, and the port follows the security', () => {
    expect(draftOf(undefined)).toMatchObject({ port: '993', security: 'tls' })
    expect(withSecurity(filled, 'starttls').port).toBe('143')
    expect(withSecurity(withSecurity(filled, 'starttls'), 'tls').port).toBe('993')
  })

  test('leaves a port of one’s own alone', () => {
    expect(withSecurity({ ...filled, port: '10993' }, 'starttls').port).toBe('10993')
  })

  test('offers imap.<domain> for an address, and nothing for anything else', () => {
    expect(['ada@Nowak.example', ' ada@nowak.example ', 'ada', 'ada@localhost', ''].map(user => guessHost(user, 'imap'))).toEqual([
      'imap.nowak.example',
      'imap.nowak.example',
      '',
      '',
      '',
    ])
  })

  test('brings port and guessed server along when the protocol changes, and leaves what was typed', () => {
    const popped = withProtocol({ ...filled, pin: 'a'.repeat(64) }, 'pop3')
    expect(popped).toMatchObject({ protocol: 'pop3', host: 'pop.nowak.example', port: '995', pin: null })
    expect(withSecurity(popped, 'starttls').port).toBe('110')
    expect(withProtocol(popped, 'imap')).toMatchObject({ host: 'imap.nowak.example', port: '993' })
    expect(withProtocol({ ...filled, host: 'mail.nowak.example', port: '10993' }, 'pop3')).toMatchObject({
      host: 'mail.nowak.example',
      port: '10993',
    })
  })

  test('takes what was found for the address: over the protocol that was chosen, else over the other where that is of use', () => {
    const found = (protocol: 'imap' | 'pop3', host: string, port: number) =>
      ({ protocol, host, port, security: 'tls', source: 'name', certificate: 'trusted', outside: false }) as const
    const both = [found('imap', 'mail.nowak.example', 993), found('pop3', 'pop3.nowak.example', 1995)]
    expect(withFound({ ...filled, pin: 'a'.repeat(64) }, both, false)).toMatchObject({ protocol: 'imap', host: 'mail.nowak.example', pin: null })
    expect(withFound(withProtocol(filled, 'pop3'), both, false)).toMatchObject({ protocol: 'pop3', host: 'pop3.nowak.example', port: '1995' })
    expect(withFound(filled, both.slice(1), false)).toMatchObject({ protocol: 'pop3', host: 'pop3.nowak.example', security: 'tls' })
    expect(withFound(filled, both.slice(1), true)).toBeNull()
    expect(withFound(filled, [], false)).toBeNull()
  })

  test('asks Gmail over POP3 for the recent mail only, and no other server', () => {
    const gmail = { ...withProtocol(filled, 'pop3'), host: 'pop.gmail.com', recent: true }
    expect(settingsOf(gmail)).toMatchObject({ protocol: 'pop3', recent: true })
    expect(settingsOf({ ...gmail, host: 'pop.example.org' })).not.toHaveProperty('recent')
    expect(settingsOf({ ...gmail, protocol: 'imap' })).not.toHaveProperty('recent')
  })

  test('never sends a password unencrypted to another computer without being told to', () => {
    expect(settingsOf({ ...filled, security: 'plain' })).toBeNull()
    expect(settingsOf({ ...filled, security: 'plain', allowPlain: true })).toMatchObject({ allowPlain: true })
    expect(settingsOf({ ...filled, security: 'plain', host: '127.0.0.1' })).not.toBeNull()
    expect(settingsOf({ ...filled, security: 'plain', host: '127.0.0.1.evil.example' })).toBeNull()
  })

  test('forgets the pinned certificate when the server changes', () => {
    const pinned = { ...filled, pin: 'a'.repeat(64) }
    expect(settingsOf(pinned)).toHaveProperty('pin')
    expect(settingsOf(withHost(pinned, 'other.example'))).not.toHaveProperty('pin')
  })

  test.each(['', '0', '65536', 'abc', '9.5'])('does not take %j for a port', port => {
    expect(settingsOf({ ...filled, port })).toBeNull()
  })

  test('gives back what was stored', () => {
    const settings = { protocol: 'imap', host: 'h', port: 143, security: 'starttls', user: 'u', ca: 'PEM', pin: 'b'.repeat(64) } as const
    expect(settingsOf(draftOf(settings))).toEqual(settings)
  })
})

describe('the recovery code on the screen', () => {
  test('has its groups compared as the engine reads it: case, spaces, O and 0, I, L and 1 do not matter', () => {
    expect(normaliseGroup(' k7qm ')).toBe('K7QM')
    expect(normaliseGroup('o1il')).toBe('0111')
    expect(groupsOf('K7QM-2XTB')).toEqual(['K7QM', '2XTB'])
  })

  test('is asked for in two different groups, never the first', () => {
    for (let a = 0; a < 1; a += 0.03)
      for (let b = 0; b < 1; b += 0.03) {
        const dice = [a, b]
        const [first, second] = groupsToAsk(9, () => dice.shift()!)
        expect(first).toBeGreaterThanOrEqual(1)
        expect(second).toBeLessThanOrEqual(8)
        expect(second).toBeGreaterThan(first)
      }
  })
})

describe('the hint at a password', () => {
  test.each([
    ['abc', 'short'],
    ['password1', 'weak'],
    ['aaaaaaaaaaaaaaaa', 'weak'],
    ['12345678', 'weak'],
    ['abcdefghijkl', 'weak'],
    ['three quiet harbour lamps', 'strong'],
    ['五个安静的港口灯', 'strong'],
  ])('calls %s %s', (password, strength) => {
    expect(strengthOf(password)).toBe(strength)
  })

  test('never gets worse by a different character more', () => {
    const order = ['short', 'weak', 'fair', 'good', 'strong']
    let last = 0
    for (let length = 1; length <= 24; length++) {
      const now = order.indexOf(strengthOf('kY7#pq2Lw!zR9mTx4vBn8sJd'.slice(0, length)))
      expect(now).toBeGreaterThanOrEqual(last)
      last = now
    }
  })
})
