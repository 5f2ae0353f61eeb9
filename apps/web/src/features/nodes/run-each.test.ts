import { expect, test } from 'vitest'
import { runEach } from './run-each.ts'

test('one that is refused does not stop the others, and is named', async () => {
  const refused = new Error('It is a gateway.')
  const outcome = await runEach(['a', 'b', 'c'], async (id) => {
    if (id === 'b') throw refused
  })
  expect(outcome.done.toSorted()).toEqual(['a', 'c'])
  expect(outcome.failed).toEqual([{ id: 'b', error: refused }])
})

test('no more than the given number are under way at once', async () => {
  let underWay = 0
  let most = 0
  await runEach(
    Array.from({ length: 20 }, (_, index) => String(index)),
    async () => {
      most = Math.max(most, ++underWay)
      await new Promise((resolve) => setTimeout(resolve, 1))
      underWay--
    },
    3,
  )
  expect(most).toBe(3)
})
