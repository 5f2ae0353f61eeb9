import { expect, test } from 'vitest'
import { parseNetworkName } from './parse-network-name.ts'

test.each(['prod', 'home-2', 'x'.repeat(63)])('%s is a network name', (text) => {
  expect(parseNetworkName(text)).toEqual({ ok: true, value: text })
})

test.each([
  { it: 'the address of the page that makes one', text: 'new', kind: 'reserved', suggestion: 'network-new' },
  { it: 'capitals', text: 'Prod', kind: 'bad-characters', suggestion: 'prod' },
  { it: 'nothing', text: '', kind: 'empty', suggestion: 'network-1' },
  { it: 'a path', text: '../admin', kind: 'bad-characters', suggestion: 'admin' },
  { it: 'a bare number', text: '7', kind: 'reads-as-address', suggestion: 'network-7' },
])('$it is refused, with a name that works', ({ text, kind, suggestion }) => {
  expect(parseNetworkName(text)).toMatchObject({ ok: false, error: { kind, suggestion } })
  expect(parseNetworkName(suggestion).ok).toBe(true)
})
