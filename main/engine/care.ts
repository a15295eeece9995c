/** How the accounts of archives are captured: what the profile remembers of rules and refusals. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { CaptureRules } from '../contract/captureRules.ts'
import type { AccountSettings } from '../contract/types.ts'
import type { ArchiveEntry } from './keys/settings.ts'
import type { Profiles } from './profiles.ts'

export interface Care {
  rules: Partial<CaptureRules>
  refused: NonNullable<ArchiveEntry['refused']> | null
  busy: NonNullable<ArchiveEntry['busy']> | null
  /** Where the day's use of the account is counted; archives of the same account share one. */
  trafficFile: string
  /** Connections to it that are made beside captures. */
  borrowed: number
}

export interface CareOfAccounts {
  /** How its account is captured, and what has become of the last try. */
  care(id: string): Promise<Care>
  setRules(id: string, change: Partial<CaptureRules>): Promise<void>
  /** The server refused the account (null: it does no more). Nothing is asked of it before that is taken back. */
  noteRefusal(id: string, refused: Care['refused']): Promise<void>
  /** The server wants to be left alone until then (null: it does no more); known also to the next start. */
  noteBusy(id: string, busy: Care['busy']): Promise<void>
  /** The same of an account by its settings: of an archive that has it, else as nothing is known of it. */
  careFor(settings: AccountSettings): Promise<Care>
  /** One connection more is made to this account, until the returned function is called: captures make one less meanwhile. */
  borrowConnection(settings: AccountSettings): () => void
}

interface Deps {
  profiles: Profiles
  entryOf(id: string): Promise<ArchiveEntry>
  changeEntry(id: string, change: Partial<ArchiveEntry>): Promise<void>
}

export function careOfAccounts({ profiles, entryOf, changeEntry }: Deps): CareOfAccounts {
  const borrowed = new Map<string, number>()
  const borrow = (key: string, by: number) => borrowed.set(key, (borrowed.get(key) ?? 0) + by)
  const borrowedOf = (account: AccountSettings | undefined) => (account && borrowed.get(accountOf(account))) ?? 0
  const fileOf = (dir: string, name: string) => join(dir, 'traffic', `${name}.json`)

  return {
    care: async id => {
      const { account, rules = {}, refused = null, busy = null } = await entryOf(id)
      const profile = await profiles.current()
      return {
        rules,
        refused,
        busy,
        trafficFile: fileOf(profile.dir, sameAccount(profile.settings().archives, account, id)),
        borrowed: borrowedOf(account),
      }
    },
    careFor: async settings => {
      const profile = await profiles.current()
      const same = profile.settings().archives.find(({ account }) => account && accountOf(account) === accountOf(settings))
      const name = sameAccount(profile.settings().archives, settings, createHash('sha256').update(accountOf(settings)).digest('hex').slice(0, 16))
      return {
        rules: same?.rules ?? {},
        refused: same?.refused ?? null,
        busy: same?.busy ?? null,
        trafficFile: fileOf(profile.dir, name),
        borrowed: borrowedOf(settings),
      }
    },
    borrowConnection: settings => {
      const key = accountOf(settings)
      borrow(key, 1)
      let returned = false
      return () => {
        if (!returned) borrow(key, -1)
        returned = true
      }
    },
    setRules: async (id, change) => {
      await changeEntry(id, { rules: { ...(await entryOf(id)).rules, ...change } })
    },
    noteRefusal: async (id, refused) => {
      if (!refused && !(await entryOf(id)).refused) return
      await changeEntry(id, { refused: refused ?? undefined })
    },
    noteBusy: async (id, busy) => {
      if (!busy && !(await entryOf(id)).busy) return
      await changeEntry(id, { busy: busy ?? undefined })
    },
  }
}

/** One of the archives that have this account, always the same one. */
function sameAccount(entries: readonly ArchiveEntry[], account: AccountSettings | undefined, id: string): string {
  const same = entries.filter(one => account && one.account && accountOf(one.account) === accountOf(account)).map(one => one.id)
  return same.sort()[0] ?? id
}

const accountOf = ({ protocol, host, user }: AccountSettings): string => JSON.stringify([protocol, host.toLowerCase(), user.toLowerCase()])
