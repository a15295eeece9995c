/** A queue between a server that sends and a loop that takes: the sender waits while what is queued weighs more than a bound. */
export interface Backpressure<T> extends AsyncIterable<T> {
  /** Resolves when there is room for more. Never rejects: once the reader has left, what comes is dropped. */
  push(item: T, weight: number): Promise<void>
  /** No more will come; with an error, the loop throws it after what is queued. */
  end(error?: unknown): void
}

export function createBackpressure<T>(mostWeight: number): Backpressure<T> {
  let queue: { item: T; weight: number }[] = []
  let weight = 0
  let ended = false
  let left = false
  let error: unknown
  let room: (() => void) | null = null
  let arrived: (() => void) | null = null

  const wakeReader = () => {
    arrived?.()
    arrived = null
  }
  const wakeSender = () => {
    room?.()
    room = null
  }

  return {
    push: (item, itsWeight) => {
      if (left || ended) return Promise.resolve()
      queue.push({ item, weight: itsWeight })
      weight += itsWeight
      wakeReader()
      if (weight <= mostWeight) return Promise.resolve()
      return new Promise(resolve => {
        room = resolve
      })
    },
    end: reason => {
      ended = true
      error = reason
      wakeReader()
    },
    async *[Symbol.asyncIterator]() {
      try {
        for (;;) {
          const next = queue.shift()
          if (next) {
            yield next.item
            weight -= next.weight
            if (weight <= mostWeight) wakeSender()
          } else if (ended) {
            if (error !== undefined) throw error
            return
          } else {
            await new Promise<void>(resolve => {
              arrived = resolve
            })
          }
        }
      } finally {
        left = true
        queue = []
        wakeSender()
      }
    },
  }
}
