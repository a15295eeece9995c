import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AppError } from '../../../main/contract/errors.ts'
import type { EngineState } from '../../../main/contract/shell.ts'
import type { FromEngine } from '../../../main/contract/transport.ts'
import { createEngineHost, type EngineHost, type EngineHostOptions } from '../../../main/shell/engineHost.ts'
import { startChildProcess } from '../../../main/shell/nodeProcess.ts'
// @ts-expect-error a plain script without types
import { engineEnvironment, engineFlags } from '../../../scripts/engineFlags.mjs'

/** A real process that speaks the transport: answers `pid`, keeps a session, dies when told `die`. */
const engineSource = `
let session = ''
process.on('message', message => {
  if (message.type === 'session') session = message.state
  if (message.type === 'close') setTimeout(() => process.exit(0), 50)
  if (message.type === 'watch') process.send({ type: 'value', id: message.id, value: process.pid })
  if (message.type !== 'call') return
  if (message.name === 'die') process.kill(process.pid, 'SIGKILL')
  if (message.name === 'keep') process.send({ type: 'session', state: message.input })
  if (message.name === 'bytes') process.send({ type: 'result', id: message.id, value: new Uint8Array([1, 2, 255]) })
  if (message.name === 'ask') process.send({ type: 'result', id: message.id, value: { pid: process.pid, session, options: process.env.NODE_OPTIONS ?? '', argv: process.argv.slice(2), flags: process.execArgv, arenas: process.env.MALLOC_ARENA_MAX } })
})
process.on('disconnect', () => process.exit(0))
process.send({ type: 'ready' })
`

let folder: string
let host: EngineHost | null = null
const states: EngineState[] = []
const heard: FromEngine[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailcoffer-host-'))
  await writeFile(join(folder, 'engine.mjs'), engineSource)
  states.length = 0
  heard.length = 0
})
afterEach(async () => {
  await host?.close()
  host = null
  await rm(folder, { recursive: true, force: true })
})

function open(options: Partial<EngineHostOptions> = {}) {
  const opened = createEngineHost({
    transport: 'child_process',
    start: () => startChildProcess(process.execPath, join(folder, 'engine.mjs'), ['--profile=here']),
    limits: { pause: 10 },
    ...options,
  })
  host = opened
  states.push(opened.state())
  opened.onState(state => states.push(state))
  const connection = opened.connect(message => heard.push(message))
  let nextId = 1
  return {
    host: opened,
    send: (name: string, input: unknown = {}) => connection.receive({ type: 'call', id: nextId++, name, input }),
    watch: () => connection.receive({ type: 'watch', id: nextId++, name: 'pid', input: {} }),
  }
}

async function until<T>(look: () => T | undefined | false): Promise<T> {
  for (;;) {
    const found = look()
    if (found) return found
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}
const answerTo = (id: number) => until(() => heard.find(message => 'id' in message && message.id === id))

test('a question asked at once is answered as soon as the engine is up', async () => {
  const { send, host } = open()
  send('ask')
  const answer = await answerTo(1)
  expect(answer).toMatchObject({ type: 'result', value: { pid: host.pid, argv: ['--profile=here'] } })
  expect(states.map(({ state }) => state)).toEqual(['starting', 'ready'])
})

test('bytes arrive as bytes', async () => {
  const { send } = open()
  send('bytes')
  const answer = (await answerTo(1)) as { value: Uint8Array }
  expect(Uint8Array.from(answer.value)).toEqual(new Uint8Array([1, 2, 255]))
})

test('an engine that dies is started again, gets its session back before any question, and watches go on', async () => {
  const { send, watch, host } = open()
  watch()
  send('keep', 'the open profile')
  await until(() => heard.some(message => message.type === 'value'))
  const before = host.pid
  send('die')
  send('ask')
  expect(await answerTo(3)).toMatchObject({ type: 'error', error: { code: 'engine-crashed' } })
  await until(() => states.at(-1)?.state === 'restarted')
  send('ask')
  expect(await answerTo(5)).toMatchObject({ value: { session: 'the open profile' } })
  expect(host.pid).not.toBe(before)
  expect(heard.filter(message => message.type === 'value')).toMatchObject([{ value: before }, { value: host.pid }])
  expect(states.map(({ state }) => state)).toEqual(['starting', 'ready', 'crashed', 'restarted'])
  expect(states.at(-1)?.restarts).toBe(1)
})

test('an engine that dies again and again is left alone, and started once more when a person asks', async () => {
  let broken = true
  await writeFile(join(folder, 'broken.mjs'), 'process.exit(7)')
  const { send, host } = open({
    start: () => startChildProcess(process.execPath, join(folder, broken ? 'broken.mjs' : 'engine.mjs'), []),
    limits: { pause: 1, crashes: 2 },
  })
  send('ask')
  const failed = await until(() => states.find(({ state }) => state === 'failed'))
  expect(failed.error?.code).toBe('engine-crashed')
  expect(failed.restarts).toBe(2)
  expect(await answerTo(1)).toMatchObject({ type: 'error', error: { code: 'engine-crashed' } })
  broken = false
  host.start()
  send('ask')
  expect(await answerTo(2)).toMatchObject({ type: 'result' })
})

test('a program that is not there is a failure with its reason, not a silence', async () => {
  open({ start: () => startChildProcess(join(folder, 'no-such-node'), join(folder, 'engine.mjs'), []), limits: { pause: 1, crashes: 1 } })
  const failed = await until(() => states.find(({ state }) => state === 'failed'))
  expect(failed.error?.message).toContain('ENOENT')
})

test('an engine that says nothing is taken for dead', async () => {
  await writeFile(join(folder, 'silent.mjs'), 'setInterval(() => {}, 1000)')
  open({ start: () => startChildProcess(process.execPath, join(folder, 'silent.mjs'), []), limits: { silence: 100, crashes: 0 } })
  await until(() => states.find(({ state }) => state === 'failed'))
})

test('a runtime that cannot run the engine is never started, and every question gets the reason', async () => {
  const unable = new AppError('runtime-too-old', 'Node-API 9', { facts: { missing: 'Node-API 10' } })
  const { send } = open({
    unable,
    start: () => {
      throw new Error('started all the same')
    },
  })
  expect(states[0]).toMatchObject({ state: 'failed', error: { code: 'runtime-too-old' } })
  send('ask')
  expect(await answerTo(1)).toMatchObject({ type: 'error', error: { code: 'runtime-too-old', facts: { missing: 'Node-API 10' } } })
})

test('closing waits until the engine has ended, and is no crash', async () => {
  const { host, send } = open()
  send('ask')
  await answerTo(1)
  const pid = host.pid!
  await host.close()
  expect(() => process.kill(pid, 0)).toThrow()
  expect(states.map(({ state }) => state)).toEqual(['starting', 'ready'])
})

test('an engine that does not close is ended after a few seconds', async () => {
  await writeFile(join(folder, 'stubborn.mjs'), `process.on('message', () => {}); process.send({ type: 'ready' }); setInterval(() => {}, 1000)`)
  const { host } = open({ start: () => startChildProcess(process.execPath, join(folder, 'stubborn.mjs'), []), limits: { closing: 100 } })
  await until(() => states.at(-1)?.state === 'ready')
  const pid = host.pid!
  await host.close()
  await until(() => {
    try {
      process.kill(pid, 0)
      return false
    } catch {
      return true
    }
  })
})

test('the engine is not given the options of whoever started the app', async () => {
  process.env['NODE_OPTIONS'] = '--no-warnings'
  try {
    const { send } = open()
    send('ask')
    expect(await answerTo(1)).toMatchObject({ value: { options: '' } })
  } finally {
    delete process.env['NODE_OPTIONS']
  }
})

test('the engine of the app starts with the bounds on its memory that the command line gives it', async () => {
  const { send } = open()
  send('ask')
  expect(await answerTo(1)).toMatchObject({ value: { flags: engineFlags } })
  const { value } = (await answerTo(1)) as { value: { arenas?: string } }
  expect(value.arenas).toBe((engineEnvironment as NodeJS.ProcessEnv)['MALLOC_ARENA_MAX'])
})
