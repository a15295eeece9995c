/** The connection settings of an archive, and whether they work. Settings never touch what is stored. */
import { AppError } from '../../contract/errors.ts'
import type { EngineContext } from '../context.ts'
import { testAccount } from '../mail/imap/testAccount.ts'
import { testPop3Account } from '../mail/pop3/testAccount.ts'
import type { CallAnswers } from '../serve.ts'

export function accountCalls({ archives, watches, log }: EngineContext): Pick<CallAnswers, 'account.set' | 'account.test'> {
  return {
    'account.set': async ({ archive, settings, password }) => {
      const changed = await archives.setAccount(archive, settings, password)
      await watches.restart(archive)
      return changed
    },
    'account.test': async ({ archive, settings, password }, { signal }) => {
      const stored = archive && !(settings && password) ? await archives.account(archive) : null
      const use = { settings: settings ?? stored?.settings, password: password ?? stored?.password }
      if (!use.settings || use.password === undefined) throw new AppError('account-missing', 'no settings or no password to test with')
      const test = use.settings.protocol === 'pop3' ? testPop3Account : testAccount
      const tested = await test({ settings: use.settings, password: use.password, signal, log })
      // With what is stored: then it is refused no more, and asking again makes sense.
      if (tested.ok && archive && !settings && password === undefined) await archives.noteRefusal(archive, null)
      return tested
    },
  }
}
