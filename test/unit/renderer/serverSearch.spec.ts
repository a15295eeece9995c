/** What an address fills in, and what of it goes with the address. */
import { describe, expect, test } from 'vitest'
import type { FoundServer, ProviderOffer } from '../../../main/contract/captureRules.ts'
import { type AccountDraft, draftOf, guessHost, withHost, withProtocol } from '../../../renderer/dialogs/accountForm.ts'
import { type Filled, fillIn, findingOf, takeFound } from '../../../renderer/dialogs/serverSearch.ts'

const at = (user: string, change: Partial<AccountDraft> = {}): AccountDraft => ({ ...draftOf(undefined), user, ...change })
const server = (protocol: 'imap' | 'pop3', host: string, port: number): FoundServer => ({
  protocol,
  host,
  port,
  security: 'tls',
  source: 'name',
  certificate: 'trusted',
  outside: false,
})
const imap = server('imap', 'mail.firm.example', 993)
const pop3 = server('pop3', 'pop3.firm.example', 995)
const bridge: ProviderOffer = {
  id: 'bridge',
  name: 'Bridge',
  domains: ['bridge.example'],
  imap: { host: '127.0.0.1', port: 1143, security: 'starttls' },
  pop3: null,
  hints: ['bridge'],
}
const fill = (draft: AccountDraft, filled: Filled | null = null) => fillIn(draft, filled, [bridge])
const filled = fill(at('a@firm.example'))!
const take = (draft: AccountDraft, servers: FoundServer[], before: Filled = filled) => takeFound(draft, before, servers, false)

describe('an address fills in', () => {
  test('a guess, or what its provider has, and nothing over what was typed', () => {
    expect(filled).toMatchObject({ isKnown: false, after: { host: 'imap.firm.example', port: '993' } })
    expect(fill(at('a@bridge.example'))).toMatchObject({ isKnown: true, after: { host: '127.0.0.1', port: '1143', security: 'starttls' } })
    expect(fill(at('a@firm.example', { host: 'mine.example' }))).toBeNull()
    expect(fill(at('nobody'))).toBeNull()
  })

  test('another one takes with it all that the one before had filled in', () => {
    const first = fill(at('a@bridge.example'))!
    expect(fill({ ...first.after, user: 'a@firm.example' }, first)!.after).toMatchObject({ host: 'imap.firm.example', port: '993', security: 'tls' })
    const found = { ...filled, after: take(filled.after, [pop3])! }
    expect(found.after).toMatchObject({ protocol: 'pop3', host: 'pop3.firm.example' })
    expect(fill({ ...found.after, user: 'a@other.example' }, found)!.after).toMatchObject({ protocol: 'imap', host: 'imap.other.example' })
  })

  test('and leaves a port that was chosen meanwhile', () => {
    expect(fill({ ...filled.after, user: 'a@other.example', port: '1993' }, filled)!.after).toMatchObject({
      host: 'imap.other.example',
      port: '1993',
    })
  })
})

describe('what is found', () => {
  test('takes the place of the guess, once', () => {
    const next = take(filled.after, [imap, pop3])!
    expect(next).toMatchObject({ protocol: 'imap', host: 'mail.firm.example', port: '993' })
    expect(take(next, [imap, pop3], { ...filled, after: next })).toBeNull()
  })

  test.each([
    ['host', { host: 'mine.example' }],
    ['port', { port: '1993' }],
    ['security', { security: 'starttls' as const }],
    ['certificate', { pin: 'a'.repeat(64) }],
  ])('leaves a %s that was chosen meanwhile', (_, change) => {
    expect(take({ ...filled.after, ...change }, [imap])).toBeNull()
  })

  test('a guess that a person typed in place of what was found is theirs', () => {
    const next = take(filled.after, [imap])!
    expect(take(withHost(next, guessHost(next.user, 'imap')), [imap], { ...filled, after: next })).toBeNull()
  })

  test('follows the protocol that is chosen, before and after, and never changes that back', () => {
    expect(take(withProtocol(filled.after, 'pop3'), [imap, pop3])).toMatchObject({ protocol: 'pop3', host: 'pop3.firm.example' })
    expect(take(withProtocol(filled.after, 'pop3'), [imap])).toBeNull()
    const next = take(filled.after, [imap, pop3])!
    expect(take(withProtocol(next, 'pop3'), [imap, pop3], { ...filled, after: next })).toMatchObject({ protocol: 'pop3', host: 'pop3.firm.example' })
  })

  test('is said as long as it stands there; a server of somebody else is called so', () => {
    const discovery = { servers: [imap], unanswered: false }
    const next = take(filled.after, [imap])!
    expect(findingOf(next, discovery, false)).toBe('found')
    expect(findingOf({ ...next, port: '1993' }, discovery, false)).toBeNull()
    expect(findingOf(filled.after, { servers: [], unanswered: false }, false)).toBe('nothing')
    expect(findingOf(filled.after, { servers: [], unanswered: true }, false)).toBe('unanswered')
    const away = { ...server('imap', 'mail.elsewhere.example', 993), outside: true }
    const outside = take(filled.after, [away])!
    expect(findingOf(outside, { servers: [away], unanswered: false }, false)).toBe('outside')
  })
})
