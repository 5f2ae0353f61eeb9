import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createPace } from './pace.ts'

test('the first call runs at once, a storm as one more, and the last call is never lost', async () => {
  const done: string[] = []
  const pace = createPace((key) => done.push(key))
  for (let i = 0; i < 100; i++) pace.now('a')
  expect(done).toEqual(['a'])
  pace.now('b')
  expect(done).toEqual(['a', 'b'])
  await sleep(80)
  expect(done).toEqual(['a', 'b', 'a'])
  pace.close()
})

test('closed, nothing runs any more', async () => {
  const done: string[] = []
  const pace = createPace((key) => done.push(key))
  pace.now('a')
  pace.now('a')
  pace.close()
  await sleep(80)
  expect(done).toEqual(['a'])
})
