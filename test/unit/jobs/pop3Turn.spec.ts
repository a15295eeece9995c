/** The time that a provider wants between two logins. */
import { afterEach, expect, test } from 'vitest'
import type { AppError } from '../../../main/contract/errors.ts'
import type { AccountSettings } from '../../../main/contract/types.ts'
import type { Clock } from '../../../main/engine/base/clock.ts'
import { inItsTurn } from '../../../main/engine/jobs/pop3/turn.ts'
import { pop3Provider } from '../../../main/engine/mail/pop3/provider.ts'
import { type ScriptedPop3, startScriptedPop3 } from '../../help/scriptedPop3.ts'

let server: ScriptedPop3
afterEach(() => server?.close())

test('a second capture waits as long as LOGIN-DELAY says; connections within one do not', async () => {
  server = await startScriptedPop3({ capabilities: ['USER', 'LOGIN-DELAY 60'] })
  const settings: AccountSettings = { protocol: 'pop3', host: server.host, port: server.port, security: 'plain', user: server.user }
  let now = 1_000_000
  const clock: Clock = { now: () => now, sleep: async () => {} }
  const capture = () =>
    inItsTurn(settings, clock, async connect => {
      for (let i = 0; i < 2; i++) (await connect({ settings, password: server.password })).close()
    })
  await capture()
  now += 20_000
  const error: AppError = await capture().then(
    () => expect.fail('it did not wait'),
    reason => reason,
  )
  expect(error).toMatchObject({ code: 'server-throttled', facts: { reason: 'login-delay', retryAfterMs: 40_000 } })
  expect(server.connections).toBe(2)
  now += 40_000
  await capture()
  expect(server.connections).toBe(4)
})

test('what providers ask for on their help pages is known', () => {
  expect(pop3Provider({ host: 'pop3.web.de' }).interval).toBe(900)
  expect(pop3Provider({ host: 'pop.gmx.net' }).interval).toBe(900)
  expect(pop3Provider({ host: 'pop.example.org' })).toEqual({ windowed: false, interval: 0 })
  expect(pop3Provider({ host: 'pop.gmail.com' }).windowed).toBe(true)
  expect(pop3Provider({ host: 'pop.example.org', recent: true }).windowed).toBe(true)
})
