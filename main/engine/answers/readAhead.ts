/** Messages that are probably opened next, read before anybody asks: a few, one after the other, and only the latest guess. */
export interface ReadAhead<K, V> {
  /** What was read ahead, or is being read; undefined where it has to be read now. What is under way goes on, what waits is dropped: a person is waiting. */
  take(key: K): Promise<V> | undefined
  /** In place of what was expected before. `read` is not called for what is held. */
  expect(keys: readonly K[], read: (key: K) => Promise<V>): void
  /** What was read may not be so any more. */
  forget(): void
}

const MOST = 6

/** `isHeld`: whether it is small enough to be kept. */
export function createReadAhead<K, V>(isHeld: (value: V) => boolean): ReadAhead<K, V> {
  const held = new Map<K, Promise<V>>()
  let waiting: { key: K; read(key: K): Promise<V> }[] = []
  let reading = false

  async function work(): Promise<void> {
    if (reading) return
    reading = true
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { key, read } = next
      if (held.has(key)) continue
      const asked = read(key)
      held.set(key, asked)
      while (held.size > MOST) held.delete(held.keys().next().value!)
      const keeps = await asked.then(isHeld, () => false) // who opens it is told why it cannot be read
      if (!keeps && held.get(key) === asked) held.delete(key)
    }
    reading = false
  }

  return {
    take(key) {
      waiting = []
      return held.get(key)
    },
    expect(keys, read) {
      waiting = keys.map(key => ({ key, read }))
      void work()
    },
    forget: () => held.clear(),
  }
}
