import { describe, expect, test } from 'vitest'
import { clientOver } from '../../../main/contract/client.ts'
import { AppError } from '../../../main/contract/errors.ts'
import { localChannel } from '../../../main/engine/localChannel.ts'
import { type Answers, type Events, serve } from '../../../main/engine/serve.ts'

const settled = () => new Promise(resolve => setTimeout(resolve, 5))
const status = { exists: true, unlocked: true, keychain: false, dir: '/p' }

function setUp(calls: Partial<Answers['calls']> = {}, watches: Partial<Answers['watches']> = {}) {
  const { client, engine } = localChannel()
  let say: (name: 'archive.changed', value: unknown) => void = () => {}
  const events: Events = {
    emit: () => {},
    subscribe: listener => {
      say = listener
      return () => {
        say = () => {}
      }
    },
  }
  serve(engine, { calls: calls as Answers['calls'], watches: watches as Answers['watches'] }, events)
  return { client: clientOver(client), close: () => client.close(), say: (value: unknown) => say('archive.changed', value) }
}

describe('the contract over a channel', () => {
  test('an answer comes back to its question', async () => {
    const { client } = setUp({ 'profile.status': () => status })
    expect(await client.call('profile.status', {})).toEqual(status)
  })

  test('an error keeps its code and facts', async () => {
    const { client } = setUp({
      'profile.unlock': () => {
        throw new AppError('wrong-password', 'no', { facts: { tries: 3 } })
      },
    })
    await expect(client.call('profile.unlock', { password: 'x' })).rejects.toMatchObject({ code: 'wrong-password', facts: { tries: 3 } })
  })

  test.each([
    ['a field that is not in the contract', { password: 'x', admin: true }],
    ['a value of the wrong type', { password: 7 }],
    ['a value that is too long', { password: 'x'.repeat(5000) }],
    ['nothing', undefined],
  ])('%s is refused before it reaches the engine', async (_, input) => {
    let reached = false
    const { client } = setUp({
      'profile.unlock': () => {
        reached = true
        return status
      },
    })
    await expect(client.call('profile.unlock', input as never)).rejects.toMatchObject({ code: 'invalid-input' })
    expect(reached).toBe(false)
  })

  test.each(['profile.destroy', 'constructor', 'jobs', 'archive.changed', '__proto__'])('%s is not a call', async name => {
    const { client } = setUp()
    await expect(client.call(name as never, {} as never)).rejects.toMatchObject({ code: 'contract-violation' })
  })

  test('cancelling reaches the answer that is under way', async () => {
    let aborted = false
    const { client } = setUp({
      'profile.status': (_, { signal }) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => {
            aborted = true
            reject(signal.reason)
          }),
        ),
    })
    const controller = new AbortController()
    const answer = client.call('profile.status', {}, { signal: controller.signal })
    await settled()
    controller.abort()
    await expect(answer).rejects.toMatchObject({ code: 'cancelled' })
    expect(aborted).toBe(true)
  })

  test('a watch gives the present value at once and never more than ten a second, the last one always', async () => {
    const values: number[] = []
    const { client } = setUp(
      {},
      {
        jobs: (_, emit) => {
          for (let n = 0; n <= 1000; n++) emit([n] as never)
          return () => {}
        },
      },
    )
    client.watch('jobs', {}, value => values.push((value as unknown as number[])[0]!))
    await settled()
    expect(values).toEqual([0])
    await new Promise(resolve => setTimeout(resolve, 250))
    expect(values).toEqual([0, 1000])
  })

  test('a watch that is ended says nothing more', async () => {
    let ended = false
    let emitLater: (value: never) => void = () => {}
    const values: unknown[] = []
    const { client } = setUp(
      {},
      {
        jobs: (_, emit) => {
          emit([])
          emitLater = emit
          return () => {
            ended = true
          }
        },
      },
    )
    const end = client.watch('jobs', {}, value => values.push(value))
    await settled()
    end()
    await settled()
    emitLater([1] as never)
    await new Promise(resolve => setTimeout(resolve, 150))
    expect(ended).toBe(true)
    expect(values).toEqual([[]])
  })

  test('events reach everybody who listens', async () => {
    const { client, say } = setUp()
    const heard: unknown[] = []
    client.on('archive.changed', value => heard.push(value))
    say({ archive: 'a', messages: 1 })
    await settled()
    expect(heard).toEqual([{ archive: 'a', messages: 1 }])
  })

  test('when the channel closes, callers are told and the engine stops working for them', async () => {
    let aborted = false
    let ended = false
    const { client, close } = setUp(
      { 'profile.status': (_, { signal }) => new Promise(() => signal.addEventListener('abort', () => (aborted = true))) },
      {
        jobs: () => () => {
          ended = true
        },
      },
    )
    const answer = client.call('profile.status', {})
    client.watch('jobs', {}, () => {})
    await settled()
    close()
    await expect(answer).rejects.toMatchObject({ code: 'engine-crashed' })
    expect([aborted, ended]).toEqual([true, true])
    await expect(client.call('profile.status', {})).rejects.toMatchObject({ code: 'engine-crashed' })
  })
})
