/** The connection settings of an archive, and whether they work. Settings never touch what is stored. */
import { AppError } from '../../contract/errors.ts'
import type { AccountSettings } from '../../contract/types.ts'
import type { EngineContext } from '../context.ts'
import { discover } from '../mail/discover.ts'
import { testAccount } from '../mail/imap/testAccount.ts'
import { testPop3Account } from '../mail/pop3/testAccount.ts'
import type { CallAnswers } from '../serve.ts'

export function accountCalls({
  archives,
  watches,
  signIns,
  log,
}: EngineContext): Pick<CallAnswers, 'account.set' | 'account.test' | 'account.discover'> {
  return {
    'account.discover': ({ address }, { signal }) => discover(address, signal),
    'account.set': async ({ archive, settings, password, signIn }) => {
      const secret = await secretFor(settings, password, signIn, (await archives.summary(archive)).account)
      const changed = await archives.setAccount(archive, settings, secret)
      await watches.restart(archive)
      return changed
    },
    'account.test': async ({ archive, settings, password, signIn }, { signal }) => {
      const given = signIn === undefined ? password : signIns.source(settings?.signIn ?? '', await signIns.secretOf(signIn), async () => {})
      const stored = archive && !(settings && given) ? await archives.account(archive) : null
      const use = { settings: settings ?? stored?.settings, password: given ?? stored?.password }
      if (!use.settings || use.password === undefined) throw new AppError('account-missing', 'no settings or no password to test with')
      const test = use.settings.protocol === 'pop3' ? testPop3Account : testAccount
      const tested = await test({ settings: use.settings, password: use.password, signal, log })
      // With what is stored: then it is refused no more, and asking again makes sense.
      if (tested.ok && archive && !settings && given === undefined) await archives.noteRefusal(archive, null)
      return tested
    },
  }

  /** A token is no password and a password no token: who changes from one to the other has to give the new one. */
  async function secretFor(settings: AccountSettings, password: string | undefined, signIn: string | undefined, before: AccountSettings | undefined) {
    if (settings.signIn === undefined ? signIn !== undefined : password !== undefined)
      throw new AppError('invalid-input', 'a secret of the other kind', { facts: { problem: 'An account has either a password or a sign-in.' } })
    if (signIn !== undefined) return await signIns.secretOf(signIn)
    if (password === undefined && settings.signIn !== before?.signIn)
      throw settings.signIn === undefined
        ? new AppError('account-missing', 'no password was given')
        : new AppError('sign-in-needed', 'nobody has signed in', { facts: { provider: settings.signIn } })
    return password
  }
}
