/** The archives of the profile in use: which there are, opening each when it is first asked for, closing them all. */
import { readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { AppError, toPlainError } from '../contract/errors.ts'
import type { AccountSettings, ArchiveSummary } from '../contract/types.ts'
import { copyFace, holdsArchive, withoutKey } from './archive/copied.ts'
import { inKeyringTurn } from './archive/keyringTurn.ts'
import { indexPathOf, type OpenArchive, openArchive } from './archive/openArchive.ts'
import type { Clock } from './base/clock.ts'
import type { ComputerConditions } from './base/conditions.ts'
import { createEmitter } from './base/emitter.ts'
import { fileError } from './base/fileError.ts'
import { makeFolders } from './base/folders.ts'
import { newArchiveId } from './base/ids.ts'
import { type CareOfAccounts, careOfAccounts } from './care.ts'
import { journalsOf } from './jobs/restore/journal.ts'
import { type TakenBack, takenBackFrom } from './jobs/restore/takenBack.ts'
import type { Runner } from './jobs/runner.ts'
import type { JobContext } from './jobs/types.ts'
import { deriveArchiveKeys } from './keys/archiveKeys.ts'
import type { CopyEntry } from './keys/copyEntry.ts'
import { openWithRecoveryCode, readKeyring, slotSummaries } from './keys/keyring.ts'
import { addProfileSlot, adoptArchiveKeys, createArchiveKeys, openArchiveKeys } from './keys/profileArchives.ts'
import { parseRecoveryCode } from './keys/recoveryCode.ts'
import { openSecret, sealSecret } from './keys/secret.ts'
import type { ArchiveEntry } from './keys/settings.ts'
import { readArchiveFile } from './log/archiveFile.ts'
import { readCopyClaim, removeCopyFile } from './log/copyFile.ts'
import { takeLock } from './log/lock.ts'
import { createLog } from './log/open.ts'
import type { Secret } from './mail/secret.ts'
import type { Profiles } from './profiles.ts'
import type { SignIns } from './signIn.ts'

export interface Archives extends CareOfAccounts {
  list(): Promise<ArchiveSummary[]>
  summary(id: string): Promise<ArchiveSummary>
  create(options: { name: string; dir?: string | undefined; demo?: boolean | undefined }): Promise<{ archive: ArchiveSummary; recoveryCode: string }>
  /** Takes in an existing folder. */
  adopt(options: {
    dir: string
    name?: string | undefined
    password?: string | undefined
    recoveryCode?: string | undefined
  }): Promise<ArchiveSummary>
  /** What was a copy is the archive from now on: for when the archive itself is lost. */
  takeOver(id: string): Promise<ArchiveSummary>
  confirmRecovery(id: string, code: string): Promise<ArchiveSummary>
  rename(id: string, name: string): Promise<ArchiveSummary>
  /** Out of the profile's list; the folder stays as it is. */
  forget(id: string): Promise<void>
  /** Open, and its index caught up. Throws archive-unknown, profile-locked, and what opening throws. */
  open(id: string): Promise<OpenArchive>
  /** The archive if it is open: for whoever only looks on, and is no reason to open it, least of all while it is being closed. */
  ifOpen(id: string): Promise<OpenArchive> | null
  rebuild(id: string, job: JobContext): Promise<void>
  slots(id: string): Promise<ReturnType<typeof slotSummaries>>
  setAccount(id: string, settings: AccountSettings, password: string | undefined): Promise<ArchiveSummary>
  /** Whether its new mail is captured as it comes. */
  setWatch(id: string, on: boolean): Promise<ArchiveSummary>
  /** The copies it has, as far as this profile knows. */
  copies(id: string): Promise<CopyEntry[]>
  changeCopies(id: string, change: (copies: CopyEntry[]) => CopyEntry[]): Promise<void>
  readonly conditions: ComputerConditions
  /** A capture that began then found every mailbox complete. */
  noteProven(id: string, at: number): void
  /** What undone restores took away from its account; null where that is nothing. */
  takenBack(id: string): Promise<TakenBack | null>
  /** Settings and password, for connecting. Throws account-missing. */
  account(id: string): Promise<{ settings: AccountSettings; password: Secret }>
  /** Closes it under a job that goes on: the next `open` brings a damaged index up to the log again. */
  reopen(id: string): Promise<OpenArchive>
  /** Ends the jobs of one archive, or of all, and closes. */
  close(id: string | null): Promise<void>
  onChange(listener: () => void): () => void
  onCommit(listener: (id: string, messages: number) => void): () => void
}

interface Deps {
  profiles: Profiles
  runner: Runner
  clock: Clock
  conditions: ComputerConditions
  signIns: Pick<SignIns, 'source'>
  log(line: string): void
}

export function createArchives({ profiles, runner, clock, conditions, signIns, log }: Deps): Archives {
  const opened = new Map<string, Promise<OpenArchive>>()
  const closing = new Map<string, Promise<void>>()
  const states = new Map<string, Pick<ArchiveSummary, 'state' | 'error'> & { writable: boolean }>()
  const proven = new Map<string, number>()
  const changes = createEmitter<void>()
  const commits = createEmitter<{ id: string; messages: number }>()

  const entryOf = async (id: string): Promise<ArchiveEntry> => {
    const entry = (await profiles.current()).settings().archives.find(one => one.id === id)
    if (!entry) throw new AppError('archive-unknown', `no archive ${id} in this profile`)
    return entry
  }
  const changeEntry = async (id: string, change: Partial<ArchiveEntry>) => {
    await (await profiles.current()).update(settings => ({
      ...settings,
      archives: settings.archives.map(one => (one.id === id ? { ...one, ...change } : one)),
    }))
    changes.emit()
  }
  const addEntry = async (entry: ArchiveEntry) => {
    await (await profiles.current()).update(settings => {
      nameIsFree(settings.archives, entry.name, entry.id)
      return { ...settings, archives: [...settings.archives.filter(one => one.id !== entry.id), entry] }
    })
    changes.emit()
  }
  const setState = (id: string, state: ArchiveSummary['state'], error?: unknown, writable = true) => {
    states.set(id, { state, writable, ...(error !== undefined && { error: toPlainError(error) }) })
    changes.emit()
  }

  const openNow = async (id: string, job?: JobContext): Promise<OpenArchive> => {
    await closing.get(id) // it holds the lock until its end
    const profile = await profiles.current()
    const entry = await entryOf(id)
    await stat(entry.dir).catch(fileError('destination-missing', entry.dir))
    await readArchiveFile(entry.dir)
    const isCopy = (await readCopyClaim(entry.dir)) !== null
    if (isCopy !== (entry.isCopy ?? false)) await changeEntry(id, { isCopy })
    const { master, keys } = await openArchiveKeys(profile, entry)
    if (JSON.stringify(keys.passwordSlot) !== JSON.stringify(entry.passwordSlot)) await changeEntry(id, keys)
    const open = await openArchive({
      dir: entry.dir,
      keys: deriveArchiveKeys(master, id),
      indexPath: indexPathOf(profile.dir, id),
      clock,
      onChange: messages => commits.emit({ id, messages }),
      log,
    })
    try {
      if (open.ownsIndex && (await open.isBehind())) await (job ? open.catchUp(job) : catchUpAsJob(open))
      proven.set(id, Math.max((await open.lastProven()) ?? 0, proven.get(id) ?? 0))
    } catch (error) {
      await open.close()
      throw error
    }
    return open
  }

  /** As a job, so that a person sees how far it is. */
  const catchUpAsJob = async (open: OpenArchive) => {
    const { id } = runner.start({ kind: 'rebuild', archive: open.id, patient: false, run: job => open.catchUp(job) })
    const job = await runner.wait(id)
    if (job.error) throw new AppError(job.error.code, job.error.message, { facts: job.error.facts })
    if (job.state === 'cancelled') throw new AppError('cancelled', 'the index was not finished')
  }

  /** `job`: the one that needs it, and that brings the index up itself; one of its kind cannot wait for another. */
  const open = (id: string, job?: JobContext): Promise<OpenArchive> => {
    const going = opened.get(id)
    if (going) return going
    setState(id, 'opening')
    const opening = openNow(id, job)
    opened.set(id, opening)
    opening.then(
      archive => opened.get(id) === opening && setState(id, 'open', undefined, archive.ownsIndex),
      error => {
        if (opened.get(id) !== opening) return // closed before it was open
        opened.delete(id)
        const missing = error instanceof AppError && error.code === 'destination-missing'
        setState(id, missing ? 'missing' : 'problem', error, false)
      },
    )
    return opening
  }

  const close = async (id: string | null) => {
    await runner.stop(id)
    for (const one of [...opened.keys()]) if (id === null || one === id) await closeOne(one)
  }

  const closeOne = async (id: string) => {
    const opening = opened.get(id)
    if (!opening) return
    opened.delete(id)
    // Said first: nobody shall take it for open meanwhile.
    setState(id, 'closed')
    const ending = opening
      .then(archive => archive.close())
      .catch(error => log(`closing ${id}: ${toPlainError(error).code}`))
      .finally(() => closing.get(id) === ending && closing.delete(id))
    closing.set(id, ending)
    await ending
  }

  const summaryOf = (entry: ArchiveEntry): ArchiveSummary => {
    const state = states.get(entry.id) ?? { state: 'closed' as const, writable: true }
    const { id, name, dir, account, recoveryConfirmed, demo } = entry
    const copy = entry.isCopy === true
    const watch = account !== undefined && entry.watch !== false && !copy
    const writable = state.writable && !copy
    return {
      id,
      name,
      dir,
      ...state,
      writable,
      ...(account && { account }),
      recoveryConfirmed,
      demo,
      watch,
      lastProven: proven.get(id) || null,
      ...(copy && { copy }),
      ...(entry.copies && entry.copies.length > 0 && { copies: entry.copies.map(copyFace) }),
    }
  }
  const summary = async (id: string) => summaryOf(await entryOf(id))

  return {
    list: async () => {
      const profile = await profiles.current()
      return profile.status().unlocked ? profile.settings().archives.map(summaryOf) : []
    },
    summary,

    create: async ({ name, dir, demo }) => {
      const profile = await profiles.current()
      const id = newArchiveId()
      nameIsFree(profile.settings().archives, name, id)
      const place = dir ? resolve(dir) : join(profile.archivesDir(), id)
      await emptyFolder(place)
      const { master, recoveryCode, keys } = await createArchiveKeys(profile, place, id).catch(fileError('destination-missing', place))
      const writer = await createLog(place, { id, keys: deriveArchiveKeys(master, id), clock })
      await writer.close()
      await addEntry({ id, name, dir: place, ...keys, recoveryConfirmed: false, demo: demo ?? false })
      return { archive: await summary(id), recoveryCode }
    },

    adopt: async ({ dir, name, ...secret }) => {
      const place = resolve(dir)
      const { id } = await readArchiveFile(place)
      const profile = await profiles.current()
      const known = profile.settings().archives.find(one => one.id === id)
      const isCopy = (await readCopyClaim(place)) !== null
      // The list would lose the archive itself. Where that is lost already, its copy stands in for it.
      if (isCopy && known && resolve(known.dir) !== place && (await holdsArchive(known.dir, id)))
        throw new AppError('archive-is-copy', `${place} is a copy of ${known.dir}`, { facts: { path: place } })
      const takeIn = () => adoptArchiveKeys(profile, place, id, secret)
      // The keyring of a copy is its archive's, and is not written by who opens it.
      const { keys } = await (isCopy ? takeIn() : inKeyringTurn(place, clock, takeIn))
      await close(id)
      await addEntry({
        ...known,
        id,
        name:
          name ??
          known?.name ??
          freeName(
            profile.settings().archives.map(one => one.name),
            id.slice(0, 8),
          ),
        dir: place,
        ...keys,
        recoveryConfirmed: known?.recoveryConfirmed ?? secret.recoveryCode !== undefined,
        demo: known?.demo ?? false,
        isCopy,
      })
      await open(id)
      return summary(id)
    },

    confirmRecovery: async (id, code) => {
      const entry = await entryOf(id)
      await openWithRecoveryCode(await readKeyring(entry.dir, id), parseRecoveryCode(code))
      await changeEntry(id, { recoveryConfirmed: true })
      return summary(id)
    },

    takeOver: async id => {
      const profile = await profiles.current()
      const entry = await entryOf(id)
      await close(id)
      const { master } = await openArchiveKeys(profile, entry)
      const lock = await takeLock(join(entry.dir, 'lock'), { clock })
      try {
        await removeCopyFile(entry.dir).catch(fileError('destination-missing', entry.dir))
        await addProfileSlot(profile, entry.dir, id, master)
      } finally {
        await lock.release()
      }
      await (await profiles.current()).update(settings => ({
        ...settings,
        archives: settings.archives.map(one => (one.id === id ? { ...withoutKey(one), isCopy: false } : one)),
      }))
      await open(id)
      return summary(id)
    },

    rename: async (id, name) => {
      nameIsFree((await profiles.current()).settings().archives, name, id)
      await changeEntry(id, { name })
      return summary(id)
    },

    forget: async id => {
      await entryOf(id)
      await close(id)
      states.delete(id)
      await (await profiles.current()).update(settings => ({ ...settings, archives: settings.archives.filter(one => one.id !== id) }))
      changes.emit()
    },

    open: id => open(id),
    ifOpen: id => opened.get(id) ?? null,
    rebuild: async (id, job) => (await open(id, job)).rebuild(job),
    slots: async id => slotSummaries(await readKeyring((await entryOf(id)).dir, id)),

    setAccount: async (id, settings, password) => {
      if (password !== undefined) {
        const { keys } = await open(id)
        await changeEntry(id, { account: settings, sealedPassword: sealSecret(keys, password), refused: undefined, busy: undefined })
      } else await changeEntry(id, { account: settings, refused: undefined, busy: undefined })
      return summary(id)
    },

    setWatch: async (id, on) => {
      await entryOf(id)
      await changeEntry(id, { watch: on })
      return summary(id)
    },

    copies: async id => (await entryOf(id)).copies ?? [],
    changeCopies: async (id, change) => {
      await entryOf(id)
      await (await profiles.current()).update(settings => ({
        ...settings,
        archives: settings.archives.map(one => (one.id === id ? { ...one, copies: change(one.copies ?? []) } : one)),
      }))
      changes.emit()
    },

    ...careOfAccounts({ profiles, entryOf, changeEntry }),
    conditions,

    takenBack: async id => takenBackFrom(id, await journalsOf(await profiles.current()).list()),
    noteProven: (id, at) => {
      if (at <= (proven.get(id) ?? 0)) return
      proven.set(id, at)
      changes.emit()
    },

    account: async id => {
      const { account, sealedPassword } = await entryOf(id)
      if (!account || sealedPassword === undefined) throw new AppError('account-missing', 'this archive has no account')
      const { keys } = await open(id)
      const secret = openSecret(keys, sealedPassword)
      if (account.signIn === undefined) return { settings: account, password: secret }
      let stored = sealedPassword
      const replaced = async (next: string) => {
        // The account may have been given another secret meanwhile; that one is newer.
        if ((await entryOf(id)).sealedPassword !== stored) return
        stored = sealSecret(keys, next)
        await changeEntry(id, { sealedPassword: stored })
      }
      return { settings: account, password: signIns.source(account.signIn, secret, replaced) }
    },

    reopen: async id => {
      await closeOne(id)
      return open(id)
    },
    close,
    onChange: listener => changes.subscribe(listener),
    onCommit: listener => commits.subscribe(({ id, messages }) => listener(id, messages)),
  }
}

/** A new archive goes into a folder of its own: nothing of a person's is there that it could be mixed with. */
async function emptyFolder(dir: string): Promise<void> {
  const fail = fileError('destination-missing', dir)
  await makeFolders(dir, 0o700).catch(fail)
  const entries = await readdir(dir).catch(fail)
  if (entries.length > 0) throw new AppError('folder-not-empty', 'the folder is not empty', { facts: { path: dir } })
}

function nameIsFree(entries: readonly ArchiveEntry[], name: string, id: string): void {
  const key = name.normalize('NFC').toLowerCase()
  if (entries.some(one => one.id !== id && one.name.normalize('NFC').toLowerCase() === key))
    throw new AppError('name-taken', 'another archive has this name', { facts: { name } })
}

/** `name`, or `name (2)`, … */
export function freeName(names: readonly string[], name: string): string {
  const taken = new Set(names)
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name} (${n})`
    if (!taken.has(candidate)) return candidate
  }
}
