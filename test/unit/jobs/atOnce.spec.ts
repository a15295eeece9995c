/** Pieces of work under way together: never more than so many, told in their order, and none left behind. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { atOnce, type Task } from '../../../main/engine/jobs/atOnce.ts'
import { randomOf } from '../../help/random.ts'

const random = randomOf(7)

/** Tasks that take a while, each told of by its number; `fails` are those that throw. */
function working(weights: readonly number[], fails: readonly number[] = []) {
  const seen = { now: 0, weight: 0, most: 0, heaviest: 0, begun: 0, ended: 0 }
  const tasks = async function* (): AsyncIterable<Task<number>> {
    for (const [n, weight] of weights.entries())
      yield {
        weight,
        work: async () => {
          seen.begun++
          seen.most = Math.max(seen.most, ++seen.now)
          seen.weight += weight
          if (seen.now > 1) seen.heaviest = Math.max(seen.heaviest, seen.weight)
          await sleep(random.below(5))
          seen.now--
          seen.weight -= weight
          seen.ended++
          if (fails.includes(n)) throw new Error(`task ${n}`)
          return n
        },
      }
  }
  return { seen, tasks: tasks() }
}

test('results come in the order of the tasks; never are more under way, or heavier ones together, than was said', async () => {
  const weights = Array.from({ length: 60 }, (_, n) => (n % 20 === 7 ? 50 : random.below(6)))
  const { seen, tasks } = working(weights)
  const results: number[] = []
  for await (const n of atOnce(tasks, { tasks: 4, weight: 12 })) results.push(n)
  expect(results).toEqual(weights.map((_, n) => n))
  expect(seen.most).toBe(4)
  expect(seen.heaviest).toBeLessThanOrEqual(12)
})

test('the first error in that order ends it, when all that was begun has ended; what came before was told', async () => {
  const { seen, tasks } = working(Array(20).fill(1), [6, 8])
  const results: number[] = []
  const all = async () => {
    for await (const n of atOnce(tasks, { tasks: 5, weight: 100 })) results.push(n)
  }
  await expect(all()).rejects.toThrow('task 6')
  expect(results).toEqual([0, 1, 2, 3, 4, 5])
  expect(seen.now).toBe(0)
  expect(seen.ended).toBe(seen.begun)
  expect(seen.begun).toBeLessThan(20)
})

test('who has enough, or cannot go on, is left with nothing under way', async () => {
  const { seen, tasks } = working(Array(20).fill(1), [5])
  for await (const n of atOnce(tasks, { tasks: 5, weight: 100 })) if (n === 2) break
  expect([seen.now, seen.ended]).toEqual([0, seen.begun])
})
