/**
 * Pieces of work that wait for a disk, several at once: whoever waits for each before the next is begun spends most of the time waiting. Nothing else
 * decides how many go on together.
 */

export interface Task<R> {
  /** Bytes that it holds. */
  weight: number
  work(): Promise<R>
}

export interface Bounds {
  tasks: number
  /** One that is heavier goes alone. */
  weight: number
}

/**
 * Results in the order in which the work was begun. Throws the first error in that order, or that of `tasks`; whatever was begun has ended by then, and also
 * when whoever asks has enough. The next task is asked for when it may be begun, or waits for its weight.
 */
export async function* atOnce<R>(tasks: AsyncIterable<Task<R>>, most: Bounds): AsyncIterable<R> {
  const begun: { weight: number; result: Promise<R>; over: boolean }[] = []
  let weight = 0
  const next = () => {
    const first = begun.shift()!
    weight -= first.weight
    return first.result
  }
  try {
    for await (const task of tasks) {
      while (begun.length > 0 && weight + task.weight > most.weight) yield await next()
      const one = { weight: task.weight, result: task.work(), over: false }
      const end = () => {
        one.over = true
      }
      one.result.then(end, end) // an error is thrown in its turn
      begun.push(one)
      weight += one.weight
      while (begun[0]?.over || begun.length === most.tasks) yield await next()
    }
    while (begun.length > 0) yield await next()
  } finally {
    await Promise.allSettled(begun.map(({ result }) => result))
  }
}
