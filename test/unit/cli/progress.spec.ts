/** What stands on a terminal while jobs run. */
import { expect, test } from 'vitest'
import { createProgress } from '../../../main/cli/progress.ts'
import type { PlainError } from '../../../main/contract/errors.ts'
import { aJob } from './stage.ts'

test('while a copy waits for its place it is said once what is safe and what to do, and anew where that is something else', () => {
  let err = ''
  const say = (text: string) => {
    err += text
  }
  const progress = createProgress({ err: say, errIsTty: true, columns: 200, now: () => 0 })
  const shown = (code: PlainError['code']) => {
    err = ''
    const error = { code, message: '', facts: { path: '/media/usb' } }
    progress.show([aJob({ kind: 'copy', state: 'paused', pause: { reason: 'problem', until: null }, error, endedAt: null })], new Map())
    return err
  }
  expect(shown('read-only')).toContain('Make it writable, and it goes on by itself.\n')
  expect(shown('read-only')).not.toContain('goes on by itself')
  expect(shown('disk-full')).toContain('Everything up to then is saved and whole. Make room, and it goes on by itself.\n')
})
