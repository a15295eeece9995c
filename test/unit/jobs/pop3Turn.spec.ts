/** The time that a provider wants between two logins. */
import { afterEach, expect, test } from 'vitest'
import type { AccountSettings } from '../../../main/contract/types.ts'
import { createTurn } from '../../../main/engine/jobs/pop3/turn.ts'
import { pop3Provider } from '../../../main/engine/mail/pop3/provider.ts'
import { type ScriptedPop3, startScriptedPop3 } from '../../help/scriptedPop3.ts'

let server: ScriptedPop3
afterEach(() => server?.close())

test('a login says when the next capture may begin, and another connection of the same capture is not held back', async () => {
  server = await startScriptedPop3({ capabilities: ['USER', 'LOGIN-DELAY 60'] })
  const settings: AccountSettings = { protocol: 'pop3', host: server.host, port: server.port, security: 'plain', user: server.user }
  let now = 1_000_000
  const turn = createTurn({ now: () => now, sleep: async () => {} })
  expect(turn.next).toBe(0)
  for (let i = 0; i < 2; i++, now += 5000) (await turn.connect({ settings, password: server.password })).close()
  expect(server.connections).toBe(2)
  expect(turn.next).toBe(1_065_000)
})

test('what providers ask for on their help pages is known', () => {
  expect(pop3Provider({ host: 'pop3.web.de' }).interval).toBe(900)
  expect(pop3Provider({ host: 'pop.gmx.net' }).interval).toBe(900)
  expect(pop3Provider({ host: 'pop.example.org' })).toEqual({ windowed: false, interval: 0 })
  expect(pop3Provider({ host: 'pop.gmail.com' }).windowed).toBe(true)
  expect(pop3Provider({ host: 'pop.example.org', recent: true }).windowed).toBe(true)
})
