import { expect, test } from 'vitest'
import { actionOn, splitByAction, whyNoneCan } from './bulk.ts'
import type { NodeRow } from './node-row.ts'

const node = (name: string, state: NodeRow['state']) => ({ id: name, name, state }) as NodeRow

test('of many chosen, those it cannot be done to are named with their reason', () => {
  const split = splitByAction('pause', [node('a', 'active'), node('b', 'paused'), node('c', 'enrolled')])
  expect(split.able.map(({ name }) => name)).toEqual(['a', 'c'])
  expect(split.unable).toEqual([
    { node: node('b', 'paused'), why: 'Only a node that has joined and is at work can be paused.' },
  ])
})

test('removing an invited node revokes its invitation', () => {
  expect(actionOn('remove', node('guest', 'invited'))).toBe('revoke')
  expect(splitByAction('remove', [node('guest', 'invited'), node('home', 'active')]).unable).toEqual([])
})

test('an action that fits none of them is barred, with the reason', () => {
  expect(whyNoneCan('pause', [node('guest', 'invited')])).toContain('Only a node that has joined')
  expect(whyNoneCan('pause', [node('guest', 'invited'), node('home', 'active')])).toBeNull()
})
