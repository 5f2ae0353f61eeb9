import { expect, test } from 'vitest'
import { invariant } from './invariant.ts'

test('an invariant that holds says nothing, a broken one names itself', () => {
  expect(() => invariant(true, 'never read')).not.toThrow()
  expect(() => invariant(0, 'ordinals start at 1')).toThrow('broken invariant: ordinals start at 1')
})
