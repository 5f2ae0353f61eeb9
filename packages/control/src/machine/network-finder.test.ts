import { expect, test } from 'vitest'
import { networkFinder } from './network-finder.ts'
import type { Sql } from './sql.ts'

const hashOf = (n: number): string => String(n).padStart(64, '0')

test('a thousand that ask at once are asked for in two queries, each with its own answer', async () => {
  const { find, asked } = scene()
  const found = await Promise.all(Array.from({ length: 1_000 }, (_, n) => find(hashOf(n))))
  expect(found).toEqual(Array.from({ length: 1_000 }, (_, n) => (n % 2 === 0 ? `network-${n}` : undefined)))
  expect(asked.length).toBeLessThanOrEqual(2)
})

test('who asks while a query runs is in the next, and one at a time runs', async () => {
  const { find, asked, most } = scene()
  const first = find(hashOf(2))
  await new Promise((resolve) => setTimeout(resolve, 2))
  const others = [find(hashOf(4)), find(hashOf(6))]
  expect(await Promise.all([first, ...others])).toEqual(['network-2', 'network-4', 'network-6'])
  expect(asked).toEqual([1, 2])
  expect(most()).toBe(1)
})

test('a query that fails is told to those who were in it, and to nobody after them', async () => {
  const { find, breakNext } = scene()
  breakNext()
  const answers = await Promise.allSettled([find(hashOf(2)), find(hashOf(4))])
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await find(hashOf(2))).toBe('network-2')
})

/** A database in which every credential with an even number is of a network of its own. */
function scene() {
  const asked: number[] = []
  let running = 0
  let most = 0
  let isBroken = false
  const sql = {
    async query(_text: string, [hashes]: [Buffer[]]) {
      asked.push(hashes.length)
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, 10))
      running--
      if (isBroken) {
        isBroken = false
        throw new Error('the connection broke')
      }
      return hashes
        .map((hash) => hash.toString('hex'))
        .filter((hash) => Number(hash) % 2 === 0)
        .map((hash) => ({ hash, network_id: `network-${Number(hash)}` }))
    },
  } as unknown as Sql
  return {
    ...{ asked, find: networkFinder(sql) },
    most: () => most,
    breakNext: () => {
      isBroken = true
    },
  }
}
