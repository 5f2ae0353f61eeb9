import { expect, test } from 'vitest'
import { isTroubled, signOf } from './path-words.ts'

test.each([
  { it: 'a living path shows its kind', kind: 'relayed', status: 'up', sign: 'relayed', troubled: false },
  {
    it: 'a dead path shows that it is dead, whatever its kind',
    kind: 'lan',
    status: 'down',
    sign: 'dead',
    troubled: true,
  },
  { it: 'a path of one direction shows that', kind: 'gateway', status: 'one-way', sign: 'one-way', troubled: true },
  { it: 'no way is as dead', kind: 'unreachable', status: 'unknown', sign: 'dead', troubled: true },
  { it: 'a paused node is no trouble', kind: 'none', status: 'down', sign: 'none', troubled: false },
  { it: 'what is not measured yet keeps its kind', kind: 'direct', status: 'unknown', sign: 'direct', troubled: false },
] as const)('$it', ({ kind, status, sign, troubled }) => {
  expect(signOf({ kind, status })).toBe(sign)
  expect(isTroubled({ kind, status })).toBe(troubled)
})
