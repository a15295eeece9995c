/** How the accounts of archives are captured: what the profile remembers of rules and refusals. */
import { join } from 'node:path'
import type { CaptureRules } from '../contract/captureRules.ts'
import type { AccountSettings } from '../contract/types.ts'
import type { ArchiveEntry } from './keys/settings.ts'
import type { Profiles } from './profiles.ts'

export interface Care {
  rules: Partial<CaptureRules>
  refused: NonNullable<ArchiveEntry['refused']> | null
  /** Where the day's use of the account is counted; archives of the same account share one. */
  trafficFile: string
}

export interface CareOfAccounts {
  /** How its account is captured, and what has become of the last try. */
  care(id: string): Promise<Care>
  setRules(id: string, change: Partial<CaptureRules>): Promise<void>
  /** The server refused the account (null: it does no more). Nothing is asked of it before that is taken back. */
  noteRefusal(id: string, refused: Care['refused']): Promise<void>
}

interface Deps {
  profiles: Profiles
  entryOf(id: string): Promise<ArchiveEntry>
  changeEntry(id: string, change: Partial<ArchiveEntry>): Promise<void>
}

export function careOfAccounts({ profiles, entryOf, changeEntry }: Deps): CareOfAccounts {
  return {
    care: async id => {
      const { account, rules = {}, refused = null } = await entryOf(id)
      const profile = await profiles.current()
      return { rules, refused, trafficFile: join(profile.dir, 'traffic', `${sameAccount(profile.settings().archives, account, id)}.json`) }
    },
    setRules: async (id, change) => {
      await changeEntry(id, { rules: { ...(await entryOf(id)).rules, ...change } })
    },
    noteRefusal: async (id, refused) => {
      if (!refused && !(await entryOf(id)).refused) return
      await changeEntry(id, { refused: refused ?? undefined })
    },
  }
}

/** One of the archives that have this account, always the same one. */
function sameAccount(entries: readonly ArchiveEntry[], account: AccountSettings | undefined, id: string): string {
  const key = ({ protocol, host, user }: AccountSettings) => JSON.stringify([protocol, host.toLowerCase(), user.toLowerCase()])
  const same = entries.filter(one => account && one.account && key(one.account) === key(account)).map(one => one.id)
  return same.sort()[0] ?? id
}
