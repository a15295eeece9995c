import { expect, test } from 'vitest'
import type { FromEngine, ToEngine } from '../../../main/contract/transport.ts'
import { createRelay } from '../../../main/shell/relay.ts'

const crash = { code: 'engine-crashed', message: 'gone', facts: {} } as const

function twoWindows() {
  const relay = createRelay()
  const first: FromEngine[] = []
  const second: FromEngine[] = []
  const toEngine: ToEngine[] = []
  const one = relay.connect(message => first.push(message))
  const two = relay.connect(message => second.push(message))
  return { relay, one, two, first, second, toEngine, up: () => relay.up(message => toEngine.push(message)) }
}

test('two windows may use the same numbers, and each gets its own answer', () => {
  const { relay, one, two, first, second, toEngine, up } = twoWindows()
  up()
  one.receive({ type: 'call', id: 1, name: 'engine.about', input: {} })
  two.receive({ type: 'call', id: 1, name: 'profile.status', input: {} })
  const ids = toEngine.map(message => ('id' in message ? message.id : 0))
  expect(new Set(ids).size).toBe(2)
  relay.deliver({ type: 'result', id: ids[1]!, value: 'second' })
  relay.deliver({ type: 'result', id: ids[0]!, value: 'first' })
  expect(first).toEqual([{ type: 'result', id: 1, value: 'first' }])
  expect(second).toEqual([{ type: 'result', id: 1, value: 'second' }])
})

test('questions asked before the engine is there wait for it', () => {
  const { one, toEngine, first, up } = twoWindows()
  one.receive({ type: 'call', id: 7, name: 'engine.about', input: {} })
  expect(toEngine).toEqual([])
  up()
  expect(toEngine).toMatchObject([{ type: 'call', name: 'engine.about' }])
  expect(first).toEqual([])
})

test('after a crash open calls fail, watches begin again, and neither is asked for by the window', () => {
  const { relay, one, first, toEngine, up } = twoWindows()
  up()
  one.receive({ type: 'call', id: 1, name: 'job.capture', input: {} })
  one.receive({ type: 'watch', id: 2, name: 'jobs', input: {} })
  relay.down()
  expect(first).toMatchObject([{ type: 'error', id: 1, error: { code: 'engine-crashed' } }])
  toEngine.length = 0
  up()
  expect(toEngine).toMatchObject([{ type: 'watch', name: 'jobs' }])
  const again = toEngine[0] as { id: number }
  relay.deliver({ type: 'value', id: again.id, value: ['a job'] })
  expect(first.at(-1)).toEqual({ type: 'value', id: 2, value: ['a job'] })
})

test('a call asked while the engine is down is kept for the next engine, through several crashes of its start', () => {
  const { relay, one, first, toEngine, up } = twoWindows()
  up()
  relay.down()
  one.receive({ type: 'call', id: 1, name: 'engine.about', input: {} })
  relay.down()
  up()
  expect(first).toEqual([])
  expect(toEngine).toMatchObject([{ type: 'call', name: 'engine.about' }])
})

test('an engine that cannot be started answers every question with the reason', () => {
  const { relay, one, first, toEngine, up } = twoWindows()
  one.receive({ type: 'call', id: 1, name: 'engine.about', input: {} })
  one.receive({ type: 'watch', id: 2, name: 'jobs', input: {} })
  relay.failed(crash)
  one.receive({ type: 'call', id: 3, name: 'engine.about', input: {} })
  expect(first.map(message => ('id' in message ? message.id : 0))).toEqual([1, 2, 3])
  expect(first.every(message => message.type === 'error' && message.error.code === 'engine-crashed')).toBe(true)
  relay.down()
  one.receive({ type: 'call', id: 4, name: 'engine.about', input: {} })
  up()
  expect(toEngine).toHaveLength(1)
})

test('a window that is loaded again or closed cancels what it had asked, and hears nothing more of it', () => {
  const { relay, one, two, first, second, toEngine, up } = twoWindows()
  up()
  one.receive({ type: 'call', id: 1, name: 'message.show', input: {} })
  one.receive({ type: 'watch', id: 2, name: 'jobs', input: {} })
  two.receive({ type: 'watch', id: 2, name: 'jobs', input: {} })
  const [call, watch, other] = toEngine as { id: number }[]
  toEngine.length = 0
  one.reset()
  expect(toEngine).toEqual([
    { type: 'cancel', id: call!.id },
    { type: 'unwatch', id: watch!.id },
  ])
  relay.deliver({ type: 'value', id: watch!.id, value: [] })
  relay.deliver({ type: 'value', id: other!.id, value: [] })
  expect(first).toEqual([])
  expect(second).toHaveLength(1)
})

test('cancelling a call that still waits for the engine answers it at once', () => {
  const { one, first, toEngine, up } = twoWindows()
  one.receive({ type: 'call', id: 1, name: 'engine.about', input: {} })
  one.receive({ type: 'cancel', id: 1 })
  expect(first).toMatchObject([{ type: 'error', id: 1, error: { code: 'cancelled' } }])
  up()
  expect(toEngine).toEqual([])
})

test('events go to every window, and what is the shell’s own goes to none', () => {
  const { relay, first, second, up } = twoWindows()
  up()
  relay.deliver({ type: 'event', name: 'archive.changed', value: {} })
  relay.deliver({ type: 'session', state: 'the key of the profile' })
  relay.deliver({ type: 'ready' })
  expect(first).toEqual([{ type: 'event', name: 'archive.changed', value: {} }])
  expect(second).toEqual(first)
})

test.each([
  ['a session', { type: 'session', state: 'forged' }],
  ['an order to close', { type: 'close' }],
  ['an order to close dressed as a call', { type: 'close', id: 1, name: 'engine.about', input: {} }],
  ['a call without a name', { type: 'call', id: 1, input: {} }],
  ['a call without a number', { type: 'call', name: 'engine.about', input: {} }],
  ['a call numbered with a word', { type: 'call', id: '1', name: 'engine.about', input: {} }],
  ['text', 'close'],
  ['nothing', null],
])('a window cannot send the engine %s', (_what, message) => {
  const { one, toEngine, up } = twoWindows()
  up()
  one.receive(message)
  expect(toEngine).toEqual([])
})
