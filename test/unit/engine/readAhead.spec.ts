import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createReadAhead } from '../../../main/engine/answers/readAhead.ts'

/** Reading that ends when it is told to. */
function reader() {
  const asked: string[] = []
  const open = new Map<string, { resolve(value: string): void; reject(error: Error): void }>()
  const ahead = createReadAhead<string, string>(value => value.length < 100)
  const read = (key: string) => {
    asked.push(key)
    return new Promise<string>((resolve, reject) => open.set(key, { resolve, reject }))
  }
  const answer = async (key: string, value = key) => {
    open.get(key)!.resolve(value)
    await turn()
  }
  const fail = async (key: string) => {
    open.get(key)!.reject(new Error('lost'))
    await turn()
  }
  return { asked, ahead, answer, fail, expecting: (...keys: string[]) => ahead.expect(keys, read) }
}

describe('messages that are probably opened next', () => {
  test('are read one after the other, and not again', async () => {
    const { asked, ahead, answer, expecting } = reader()
    expecting('1', '2')
    expect(asked).toEqual(['1'])
    await answer('1')
    await answer('2')
    expecting('2', '1')
    expect(asked).toEqual(['1', '2'])
    expect(await ahead.take('2')).toBe('2')
  })

  test('wait for one that a person opens, which may be the one that is being read', async () => {
    const { asked, ahead, answer, expecting } = reader()
    expecting('1', '2')
    const opened = ahead.take('1')
    await answer('1')
    expect(await opened).toBe('1')
    expect(asked).toEqual(['1'])
    expect(ahead.take('2')).toBeUndefined()
  })

  test('are forgotten when the archive has changed', async () => {
    const { ahead, answer, expecting } = reader()
    expecting('1')
    await answer('1')
    ahead.forget()
    expect(ahead.take('1')).toBeUndefined()
  })

  test('are few, none of them is large, and none is one that could not be read', async () => {
    const { ahead, answer, fail, expecting } = reader()
    const names = ['1', '2', '3', '4', '5', '6', '7', '8', '9']
    expecting(...names)
    for (const name of names) await (name === '8' ? fail(name) : answer(name, name === '9' ? 'x'.repeat(100) : name))
    expect(names.filter(name => ahead.take(name) !== undefined)).toEqual(['3', '4', '5', '6', '7'])
  })
})
