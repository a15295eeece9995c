import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemClock } from '../../../main/engine/base/clock.ts'
import { openWithPassword, openWithRecoveryCode, readKeyring } from '../../../main/engine/keys/keyring.ts'
import { type ArchiveEntry, openProfile, type Profile } from '../../../main/engine/keys/profile.ts'
import { adoptArchiveKeys, createArchiveKeys, openArchiveKeys } from '../../../main/engine/keys/profileArchives.ts'
import { parseRecoveryCode } from '../../../main/engine/keys/recoveryCode.ts'
import { codeOf, cost, errorOf, folder, key, OTHER, OWNER } from './cheap.ts'

const PASSWORD = 'correct horse battery'
const bytesOf = (value: Uint8Array) => Buffer.from(value).toString('hex')

async function profileIn(dir: string, notices: string[] = []): Promise<Profile> {
  return openProfile(dir, { clock: systemClock, cost, onNotice: line => notices.push(line) })
}

async function created(password = PASSWORD) {
  const dir = join(await folder(), 'profile')
  const profile = await profileIn(dir)
  await profile.create(password)
  return { dir, profile }
}

/** An archive as the engine makes one, as far as keys are concerned. */
async function archiveIn(profile: Profile, dir: string, id: string, name = 'Work') {
  await mkdir(dir, { recursive: true })
  const { master, recoveryCode, keys } = await createArchiveKeys(profile, dir, id)
  const entry: ArchiveEntry = { id, name, dir, recoveryConfirmed: false, demo: false, ...keys }
  await profile.update(settings => ({ ...settings, archives: [...settings.archives, entry] }))
  return { master, recoveryCode, entry }
}

const entryOf = (profile: Profile, id: string) => profile.settings().archives.find(one => one.id === id)!

test('a profile is made, locked, and opened by its password only', async () => {
  const { dir, profile } = await created()
  expect(profile.status()).toEqual({ exists: true, unlocked: true, keychain: false, dir })
  profile.lock()
  expect(profile.status().unlocked).toBe(false)
  expect(() => profile.settings()).toThrow(expect.objectContaining({ code: 'profile-locked' }))
  expect(await codeOf(profile.unlock({ password: 'something else' }))).toBe('wrong-password')
  expect(profile.status().unlocked).toBe(false)
  await profile.unlock({ password: PASSWORD })
  expect(profile.status().unlocked).toBe(true)
})

test('a password of seven characters is too weak, one of eight will do, whatever letters they are', async () => {
  const dir = await folder()
  const profile = await profileIn(dir)
  expect((await errorOf(profile.create('1234567')))?.code).toBe('weak-password')
  expect(await codeOf(profile.create('👍👍👍👍'))).toBe('weak-password')
  expect(profile.status().exists).toBe(false)
  await profile.create('zażółćgę')
  expect(profile.status().exists).toBe(true)
})

test('there is no second profile in the same place', async () => {
  const { dir, profile } = await created()
  expect(await codeOf(profile.create('another password'))).toBe('profile-exists')
  expect(await codeOf((await profileIn(dir)).create('another password'))).toBe('profile-exists')
})

test('unlocking where there is no profile says so', async () => {
  expect(await codeOf((await profileIn(await folder())).unlock({ password: PASSWORD }))).toBe('profile-missing')
})

test('no name, address, path or password can be read in any file of the profile', async () => {
  const { dir, profile } = await created()
  const account = { protocol: 'imap' as const, host: 'mail.example.org', port: 40993, security: 'tls' as const, user: 'ada@example.org' }
  const { entry } = await archiveIn(profile, join(profile.archivesDir(), OWNER), OWNER, 'Ada Lovelace')
  await profile.update(settings => ({ ...settings, archives: [{ ...entry, account, sealedPassword: 'c2VhbGVk' }] }))
  const secrets = ['Ada', 'Lovelace', 'example.org', 'mail.', '40993', 'imap', dir, 'archives/', PASSWORD, bytesOf(profile.key())]
  const files = (await readdir(dir, { recursive: true, withFileTypes: true })).filter(one => one.isFile())
  expect(files.map(({ name }) => name).sort()).toEqual([
    'keyring.json',
    'keyring.json',
    'keyring.prev.json',
    'keyring.prev.json',
    'profile.json',
    'settings.prev.sealed',
    'settings.sealed',
  ])
  for (const file of files) {
    const bytes = await readFile(join(file.parentPath, file.name))
    expect(bytes.includes(Buffer.from(profile.key())), file.name).toBe(false)
    for (const secret of secrets) expect(bytes.includes(secret), `${secret} in ${file.name}`).toBe(false)
  }
})

test('the keychain secret opens the profile until it is taken away; the password always does', async () => {
  const { dir, profile } = await created()
  await profile.setKeychain(key(3))
  const other = await profileIn(dir)
  expect(other.status().keychain).toBe(true)
  await other.unlock({ keychainSecret: key(3) })
  expect(bytesOf(other.key())).toBe(bytesOf(profile.key()))
  expect(await codeOf((await profileIn(dir)).unlock({ keychainSecret: key(4) }))).toBe('no-keychain')
  await profile.setKeychain(key(5))
  expect(await codeOf((await profileIn(dir)).unlock({ keychainSecret: key(3) }))).toBe('no-keychain')
  await profile.setKeychain(null)
  expect(profile.status().keychain).toBe(false)
  expect(await codeOf((await profileIn(dir)).unlock({ keychainSecret: key(5) }))).toBe('no-keychain')
  await (await profileIn(dir)).unlock({ password: PASSWORD })
})

test('every damage to settings.sealed is noticed and healed from the generation before', async () => {
  const { dir, profile } = await created()
  const { entry } = await archiveIn(profile, join(profile.archivesDir(), OWNER), OWNER)
  await profile.update(settings => settings)
  const path = join(dir, 'settings.sealed')
  const good = await readFile(path)
  const damages = [Buffer.alloc(0), good.subarray(0, 20), good.subarray(0, -1), Buffer.concat([good, Buffer.of(0)])]
  for (let at = 0; at < good.length; at += 17) {
    const flipped = Buffer.from(good)
    flipped[at]! ^= 1 << (at & 7)
    damages.push(flipped)
  }
  for (const bad of damages) {
    await writeFile(path, bad)
    const notices: string[] = []
    const again = await profileIn(dir, notices)
    await again.unlock({ profileKey: profile.key() })
    expect(again.settings().archives).toEqual([entry])
    expect(notices.join()).toContain('settings.sealed was damaged')
  }
})

test('when both generations of the settings are lost, the archives in the profile are found again', async () => {
  const { dir, profile } = await created()
  const place = join(profile.archivesDir(), OWNER)
  const { master } = await archiveIn(profile, place, OWNER)
  await mkdir(join(profile.archivesDir(), OTHER)) // a folder that is no archive is passed over
  for (const name of ['settings.sealed', 'settings.prev.sealed']) await writeFile(join(dir, name), 'rubbish')
  const notices: string[] = []
  const again = await profileIn(dir, notices)
  await again.unlock({ password: PASSWORD })
  expect(again.settings().archives.map(({ id, dir }) => [id, dir])).toEqual([[OWNER, place]])
  expect(bytesOf((await openArchiveKeys(again, entryOf(again, OWNER))).master)).toBe(bytesOf(master))
  expect(notices.join()).toContain('settings are lost')
})

test('settings of another profile do not open', async () => {
  const [one, two] = [await created(), await created()]
  await archiveIn(one.profile, join(one.profile.archivesDir(), OWNER), OWNER)
  for (const name of ['settings.sealed', 'settings.prev.sealed']) await writeFile(join(two.dir, name), await readFile(join(one.dir, name)))
  await two.profile.unlock({ password: PASSWORD })
  expect(two.profile.settings().archives).toEqual([])
})

test('changes asked for at the same time all take place', async () => {
  const { dir, profile } = await created()
  const entry = (n: number): ArchiveEntry => ({ id: n.toString(16).padStart(32, '0'), name: `${n}`, dir: '/', recoveryConfirmed: true, demo: false })
  await Promise.all(Array.from({ length: 20 }, (_, n) => profile.update(settings => ({ ...settings, archives: [...settings.archives, entry(n)] }))))
  const again = await profileIn(dir)
  await again.unlock({ password: PASSWORD })
  expect(again.settings().archives.map(({ name }) => Number(name))).toEqual(Array.from({ length: 20 }, (_, n) => n))
})

test('what another process wrote into the settings is not overwritten by what this one remembers', async () => {
  const { dir, profile } = await created()
  const other = await profileIn(dir)
  await other.unlock({ password: PASSWORD })
  await archiveIn(other, join(profile.archivesDir(), OWNER), OWNER, 'from the other')
  await archiveIn(profile, join(profile.archivesDir(), OTHER), OTHER, 'from this one')
  expect(profile.settings().archives.map(({ name }) => name)).toEqual(['from the other', 'from this one'])
})

test('locking while a change is under way does not spoil it', async () => {
  const { dir, profile } = await created()
  const changing = archiveIn(profile, join(dir, 'archives', OWNER), OWNER)
  await new Promise(resolve => setTimeout(resolve, 5))
  profile.lock()
  await changing.catch(() => {}) // refused, because it is locked, or done
  await profile.unlock({ password: PASSWORD })
  expect(profile.settings().password).not.toBeNull()
})

test('an archive opens by the profile, by the same password, and by its recovery code', async () => {
  const { profile } = await created()
  const dir = join(profile.archivesDir(), OWNER)
  const { master, recoveryCode, entry } = await archiveIn(profile, dir, OWNER)
  const keyring = await readKeyring(dir, OWNER)
  expect(bytesOf((await openArchiveKeys(profile, entry)).master)).toBe(bytesOf(master))
  expect(bytesOf(await openWithPassword(keyring, PASSWORD))).toBe(bytesOf(master))
  expect(bytesOf(await openWithRecoveryCode(keyring, parseRecoveryCode(recoveryCode)))).toBe(bytesOf(master))
})

test('an archive made while the profile was opened by the keychain has the password slot all the same', async () => {
  const { dir, profile } = await created()
  await profile.setKeychain(key(3))
  const other = await profileIn(dir)
  await other.unlock({ keychainSecret: key(3) })
  const { master } = await archiveIn(other, join(dir, 'archives', OWNER), OWNER)
  expect(bytesOf(await openWithPassword(await readKeyring(join(dir, 'archives', OWNER)), PASSWORD))).toBe(bytesOf(master))
})

test('a changed password opens the profile and its archives; the old one opens neither', async () => {
  const { dir, profile } = await created()
  const place = join(profile.archivesDir(), OWNER)
  const { master } = await archiveIn(profile, place, OWNER)
  expect(await codeOf(profile.changePassword('not the password', 'a new password'))).toBe('wrong-password')
  expect(await codeOf(profile.changePassword(PASSWORD, 'short'))).toBe('weak-password')
  expect(await profile.changePassword(PASSWORD, 'a new password')).toEqual({ deferred: [] })
  const again = await profileIn(dir)
  expect(await codeOf(again.unlock({ password: PASSWORD }))).toBe('wrong-password')
  await again.unlock({ password: 'a new password' })
  const keyring = await readKeyring(place)
  expect(bytesOf(await openWithPassword(keyring, 'a new password'))).toBe(bytesOf(master))
  expect(await codeOf(openWithPassword(keyring, PASSWORD))).toBe('wrong-password')
})

test('an archive on a drive that was away follows the new password when it is opened again, even through the keychain', async () => {
  const { dir, profile } = await created()
  await profile.setKeychain(key(3))
  const [here, away] = [join(profile.archivesDir(), OWNER), join(await folder(), 'drive')]
  await archiveIn(profile, here, OWNER)
  const { master } = await archiveIn(profile, away, OTHER)
  await rename(away, `${away}-unplugged`)
  expect(await profile.changePassword(PASSWORD, 'a new password')).toEqual({ deferred: [OTHER] })
  await rename(`${away}-unplugged`, away)
  expect(bytesOf(await openWithPassword(await readKeyring(away), PASSWORD))).toBe(bytesOf(master))

  const again = await profileIn(dir)
  await again.unlock({ keychainSecret: key(3) })
  const opened = await openArchiveKeys(again, entryOf(again, OTHER))
  expect(opened.keys.passwordSlot).not.toEqual(entryOf(again, OTHER).passwordSlot)
  expect(bytesOf(await openWithPassword(await readKeyring(away), 'a new password'))).toBe(bytesOf(master))
  expect(await codeOf(openWithPassword(await readKeyring(away), PASSWORD))).toBe('wrong-password')
})

test('a crash between the two halves of a password change is put right at the next unlocking', async () => {
  const { dir, profile } = await created()
  const place = join(profile.archivesDir(), OWNER)
  const { master } = await archiveIn(profile, place, OWNER)
  const [settings, previous] = [await readFile(join(dir, 'settings.sealed')), await readFile(join(dir, 'settings.prev.sealed'))]
  const [ring, ringBefore] = [await readFile(join(place, 'keyring.json')), await readFile(join(place, 'keyring.prev.json'))]
  await profile.changePassword(PASSWORD, 'a new password')
  // As if only the profile's own slot had been written.
  await writeFile(join(dir, 'settings.sealed'), settings)
  await writeFile(join(dir, 'settings.prev.sealed'), previous)
  await writeFile(join(place, 'keyring.json'), ring)
  await writeFile(join(place, 'keyring.prev.json'), ringBefore)

  const again = await profileIn(dir)
  await again.unlock({ password: 'a new password' })
  await openArchiveKeys(again, entryOf(again, OWNER))
  expect(bytesOf(await openWithPassword(await readKeyring(place), 'a new password'))).toBe(bytesOf(master))
})

test('an archive from another computer is taken in by its password or its code, and then opens by this profile', async () => {
  const [home, work] = [await created('password at home'), await created('password at work')]
  const dir = join(await folder(), 'archive')
  const { master, recoveryCode } = await archiveIn(home.profile, dir, OWNER)
  expect(await codeOf(adoptArchiveKeys(work.profile, dir, OWNER, {}))).toBe('archive-locked')
  expect(await codeOf(adoptArchiveKeys(work.profile, dir, OWNER, { password: 'password at work' }))).toBe('wrong-password')
  expect(await codeOf(adoptArchiveKeys(work.profile, dir, OWNER, { recoveryCode: recoveryCode.slice(1) }))).toBe('wrong-recovery-code')
  expect(bytesOf((await adoptArchiveKeys(work.profile, dir, OWNER, { recoveryCode })).master)).toBe(bytesOf(master))
  expect(bytesOf((await adoptArchiveKeys(work.profile, dir, OWNER, {})).master)).toBe(bytesOf(master))
  // Its own password is still the one from home: a change at work is no business of the archive's.
  await work.profile.changePassword('password at work', 'another at work')
  expect(bytesOf(await openWithPassword(await readKeyring(dir), 'password at home'))).toBe(bytesOf(master))
})

test('an archive in a folder that cannot be written opens as well, and nothing is written into it', async context => {
  if (process.getuid?.() === 0 || process.platform === 'win32') return context.skip('root and Windows write into read-only folders')
  const [home, work] = [await created('password at home'), await created('password at work')]
  const dir = join(await folder(), 'archive')
  const { master } = await archiveIn(home.profile, dir, OWNER)
  const before = await readFile(join(dir, 'keyring.json'))
  await chmod(dir, 0o500)
  try {
    const { keys } = await adoptArchiveKeys(work.profile, dir, OWNER, { password: 'password at home' })
    const entry: ArchiveEntry = { id: OWNER, name: 'CD', dir, recoveryConfirmed: true, demo: false, ...keys }
    expect(bytesOf((await openArchiveKeys(work.profile, entry)).master)).toBe(bytesOf(master))
    expect(await readFile(join(dir, 'keyring.json'))).toEqual(before)
  } finally {
    await chmod(dir, 0o700)
  }
})

test('an archive whose keyring.json is damaged opens, and the keyring is put right', async () => {
  const { profile } = await created()
  const dir = join(profile.archivesDir(), OWNER)
  const { master, entry } = await archiveIn(profile, dir, OWNER)
  await writeFile(join(dir, 'keyring.json'), 'rubbish')
  expect(bytesOf((await openArchiveKeys(profile, entry)).master)).toBe(bytesOf(master))
  expect((await readKeyring(dir)).damaged).toBe(false)
})

test('a damaged profile.json does no harm; a lost keyring is said and not taken for a free place', async () => {
  const { dir } = await created()
  await writeFile(join(dir, 'profile.json'), '{')
  await (await profileIn(dir)).unlock({ password: PASSWORD })
  await writeFile(join(dir, 'profile.json'), JSON.stringify({ mailcoffer: 'profile', format: 1 }))
  for (const name of ['keyring.json', 'keyring.prev.json']) await rm(join(dir, name))
  expect(await codeOf(profileIn(dir))).toBe('keyring-damaged')
})

test('a profile of a newer format is not opened', async () => {
  const { dir } = await created()
  await writeFile(join(dir, 'profile.json'), JSON.stringify({ mailcoffer: 'profile', format: 2 }))
  expect(await codeOf(profileIn(dir))).toBe('newer-format')
})

test('a key from before a crash opens only the profile it belongs to', async () => {
  const [one, two] = [await created(), await created()]
  two.profile.lock()
  expect(await codeOf(two.profile.unlock({ profileKey: one.profile.key() }))).toBe('profile-locked')
  await two.profile.unlock({ profileKey: await keyOfProfile(two.dir) })
})

async function keyOfProfile(dir: string): Promise<Uint8Array> {
  const profile = await profileIn(dir)
  await profile.unlock({ password: PASSWORD })
  return profile.key()
}
