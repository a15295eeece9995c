import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AppError } from '../../../main/contract/errors.ts'
import { anArchive, play, type Stage } from './stage.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mailcoffer-cli-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const file = (text: string) => {
  const path = join(dir, 'password')
  writeFileSync(path, text)
  return path
}
const list = (stage: Stage, ...argv: string[]) => play(['archive', 'list', ...argv], stage)

test('the password comes from the variable, or from the first line of a file, whatever ends the line', async () => {
  expect((await list({})).code).toBe(0)
  for (const text of ['the password', 'the password\n', 'the password\r\nand a note', '\ufeffthe password\n'])
    expect((await list({ env: {} }, '--password-file', file(text))).code, JSON.stringify(text)).toBe(0)
  // The file was named on purpose; the variable may be set for something else.
  expect((await list({ env: { MAILCOFFER_PASSWORD: 'another' } }, '--password-file', file('the password'))).code).toBe(0)
  expect((await list({ env: {} }, '--password-file', file('\nthe password'))).code).toBe(2)
})

test('a person is asked, and may mistype it twice', async () => {
  const played = await list({ env: {}, typed: ['wrong', 'wrong again', 'the password'] })
  expect([played.code, played.asked.length]).toEqual([0, 3])
  const third = await list({ env: {}, typed: ['wrong', 'wrong again', 'still wrong'] })
  expect([third.code, third.asked.length]).toEqual([3, 3])
  expect(third.err).toContain('(wrong-password)')
})

test('a wrong password from a file or a variable is not tried again', async () => {
  const { code, calls, err } = await list({ env: { MAILCOFFER_PASSWORD: 'wrong' }, typed: ['the password'] })
  expect([code, calls.filter(({ name }) => name === 'profile.unlock').length]).toEqual([3, 1])
  expect(err).not.toContain('the password\n')
})

test('with nobody to ask, what is missing is named', async () => {
  const { code, err } = await list({ env: {} })
  expect(code).toBe(3)
  expect(err).toContain('(profile-locked)')
  expect(err).toContain('MAILCOFFER_PASSWORD')
})

test('no password is ever printed or put into JSON', async () => {
  const secrets = ['hunter2-profile', 'hunter2-account']
  const env = { MAILCOFFER_PASSWORD: secrets[0]!, MAILCOFFER_ACCOUNT_PASSWORD: secrets[1]! }
  for (const argv of [
    ['archive', 'list'],
    ['account', 'add', 'Work', '--imap', 'mail.example.org', '--user', 'ada'],
    ['sync'],
    ['archive', 'create', 'x'],
  ])
    for (const json of [[], ['--json']]) {
      const { out, err } = await play([...json, ...argv], {
        env,
        answers: { 'profile.unlock': () => ({ exists: true, unlocked: true, keychain: false, dir: '/p' }) },
      })
      for (const secret of secrets) expect(out + err).not.toContain(secret)
    }
})

const created = { archive: anArchive(), recoveryCode: 'AAAA-BBBB' }
const firstUse: NonNullable<Stage['answers']> = {
  'profile.status': () => ({ exists: false, unlocked: false, keychain: false, dir: '/profile' }),
  'profile.create': () => ({ exists: true, unlocked: true, keychain: false, dir: '/profile' }),
  'archive.create': () => created,
}

test('the first archive makes the profile: the password is typed twice, and again until both are the same', async () => {
  const played = await play(['archive', 'create', 'Work'], {
    env: {},
    typed: ['one password', 'another one', 'same password', 'same password'],
    answers: firstUse,
  })
  expect(played.code).toBe(0)
  expect(played.calls.find(({ name }) => name === 'profile.create')?.input).toEqual({ password: 'same password' })
  const unattended = await play(['archive', 'create', 'Work'], { answers: firstUse })
  expect(unattended.calls.find(({ name }) => name === 'profile.create')?.input).toEqual({ password: 'the password' })
})

test('only a command that makes archives makes a profile', async () => {
  const { code, err, calls } = await play(['archive', 'list'], { answers: firstUse })
  expect(code).toBe(3)
  expect(err).toContain('(profile-missing)')
  expect(calls.map(({ name }) => name)).toEqual(['profile.status'])
})

test('the recovery code is printed once, by the command that makes the archive', async () => {
  const { out, err } = await play(['archive', 'create', 'Work'], { answers: firstUse })
  expect(out.split('AAAA-BBBB')).toHaveLength(2)
  expect(err).not.toContain('AAAA-BBBB')
  expect((await play(['archive', 'create', 'Work', '--json'], { answers: firstUse })).json()).toEqual(created)
})

test('an archive is opened by the profile, else by the given password, else by what a person types: password or code', async () => {
  const code = 'abcd-efgh-jkmn-pqrs-tvwx-yz01-2345-6789-abcd'
  const opener = (accepts: object) => ({
    'archive.open': (input: { dir: string; name?: string | undefined; password?: string | undefined; recoveryCode?: string | undefined }) => {
      const { dir: _dir, name: _name, ...secret } = input
      if (JSON.stringify(secret) === JSON.stringify(accepts)) return anArchive()
      throw new AppError(secret.recoveryCode ? 'wrong-recovery-code' : secret.password ? 'wrong-password' : 'archive-locked', 'no')
    },
  })
  const open = (accepts: object, typed?: string[]) =>
    play(['archive', 'open', 'there', '--as', 'Old'], { answers: opener(accepts), ...(typed && { typed }) })
  const first = await open({})
  expect(first.code).toBe(0)
  expect(first.calls.at(-1)?.input).toEqual({ dir: '/somewhere/there', name: 'Old' })
  expect((await open({ password: 'the password' })).code).toBe(0)
  expect((await open({ password: 'its own' })).code).toBe(3)
  expect((await open({ password: 'its own' }, ['its own'])).code).toBe(0)
  expect((await open({ recoveryCode: code }, ['wrong', code])).code).toBe(0)
  const never = await open({ password: 'its own' }, ['a', 'b', 'c', 'd'])
  expect([never.code, never.asked.length]).toEqual([3, 3])
})
