import { expect, test } from 'vitest'
import { insertDisjoint } from './insert-disjoint.ts'
import { formatPrefix, type Prefix, parsePrefix } from './prefix.ts'

const prefix = (text: string) => {
  const parsed = parsePrefix(text)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.value
}

test('the first one stays, and what meets it is refused, whether wider, narrower or equal', () => {
  const sorted: Prefix[] = []
  const said = [
    '10.42.2.0/24',
    'fd00::/64',
    '10.42.0.0/16',
    '10.42.2.128/25',
    '10.42.2.0/24',
    '10.42.1.0/24',
    '10.42.3.0/24',
    'fd00::/56',
    'fd00:0:0:1::/64',
  ]
  expect(said.map((text) => insertDisjoint(sorted, prefix(text)))).toEqual([
    true,
    true,
    false,
    false,
    false,
    true,
    true,
    false,
    true,
  ])
  expect(sorted.map(formatPrefix)).toEqual([
    '10.42.1.0/24',
    '10.42.2.0/24',
    '10.42.3.0/24',
    'fd00::/64',
    'fd00:0:0:1::/64',
  ])
})

test('ten thousand go in at once, in any order', () => {
  const sorted: Prefix[] = []
  for (let i = 0; i < 10_000; i++)
    insertDisjoint(sorted, { family: 4, base: 0x0a00_0000n + (BigInt((i * 7919) % 10_000) << 8n), length: 24 })
  expect(sorted).toHaveLength(10_000)
  expect(insertDisjoint(sorted, prefix('10.0.5.0/25'))).toBe(false)
})
