/** The person's profile: made, opened, closed, its password changed. */
import type { EngineContext } from '../context.ts'
import { followPasswordEverywhere } from '../keys/profileArchives.ts'
import type { CallAnswers } from '../serve.ts'

type ProfileCalls = Extract<keyof CallAnswers, `profile.${string}`>

export function profileCalls({ profiles, archives }: EngineContext): Pick<CallAnswers, ProfileCalls> {
  const status = async () => ({ ...(await profiles.current()).status(), ...(profiles.temporary && { temporary: true }) })
  const changed = () => {
    profiles.changed()
    return status()
  }
  return {
    'profile.status': status,
    'profile.create': async ({ password, keychainSecret }) => {
      // Somebody who has tried the sample mailbox makes their own profile now.
      if (profiles.temporary) await leave()
      await (await profiles.current()).create(password, keychainSecret === undefined ? undefined : fromHex(keychainSecret))
      return changed()
    },
    'profile.unlock': async ({ password, keychainSecret }) => {
      const profile = await profiles.current()
      if (keychainSecret !== undefined) await profile.unlock({ keychainSecret: fromHex(keychainSecret) })
      else await profile.unlock({ password: password ?? '' })
      return changed()
    },
    'profile.lock': async () => {
      await leave()
      return status()
    },
    'profile.changePassword': async ({ oldPassword, newPassword }) => {
      const profile = await profiles.current()
      await profile.changePassword(oldPassword, newPassword)
      await followPasswordEverywhere(profile)
      return changed()
    },
    'profile.setKeychain': async ({ keychainSecret }) => {
      await (await profiles.current()).setKeychain(keychainSecret === null ? null : fromHex(keychainSecret))
      return changed()
    },
  }

  async function leave() {
    await archives.close(null)
    await profiles.lock()
  }
}

const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'))
