/** Signing in at a provider in place of a password. */
import type { EngineContext } from '../context.ts'
import type { CallAnswers } from '../serve.ts'

type SignInCalls = 'signIn.offers' | 'signIn.setClient' | 'signIn.removeClient' | 'signIn.begin' | 'signIn.wait' | 'signIn.cancel'

export function signInCalls({ signIns }: EngineContext): Pick<CallAnswers, SignInCalls> {
  return {
    'signIn.offers': () => signIns.offers(),
    'signIn.setClient': async client => {
      await signIns.setClient(client)
      return signIns.offers()
    },
    'signIn.removeClient': async ({ provider }) => {
      await signIns.removeClient(provider)
      return signIns.offers()
    },
    'signIn.begin': options => signIns.begin(options),
    'signIn.wait': async ({ id }, { signal }) => {
      await signIns.wait(id, signal)
      return {}
    },
    'signIn.cancel': ({ id }) => {
      signIns.cancel(id)
      return {}
    },
  }
}
