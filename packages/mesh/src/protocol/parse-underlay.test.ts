import { expect, test } from 'vitest'
import golden from './golden/direct.txt?raw'
import { parseUnderlay } from './parse-underlay.ts'

const KEY = '3p7bfXt9wbTTW2HC7OQ1Nz+DQ8hbeGdNrfx+FG+IK08='

test('the golden block', () =>
  expect(parseUnderlay(golden)).toEqual([{ interfaceName: 'span0b', publicKey: KEY, bytes: 1492 }]))

test('of two lines about one tunnel the first counts, and each tunnel has its own', () =>
  expect(parseUnderlay(`mtu span0 ${KEY} 1400\nmtu span0 ${KEY} 1500\nmtu span0b ${KEY} 1480\n`)).toMatchObject([
    { interfaceName: 'span0', bytes: 1400 },
    { interfaceName: 'span0b', bytes: 1480 },
  ]))

test.each([
  undefined,
  '',
  'span0 1400',
  ...[575, 65_536, -1, '1e3', '1400 x'].map((text) => `mtu span0 ${KEY} ${text}`),
])('%j says nothing', (block) => expect(parseUnderlay(block)).toEqual([]))

test.each([`mtu span0 x 1400`, `mtu Span ${KEY} 1400`, `mtu span0/../x ${KEY} 1400`])('%j says nothing', (block) =>
  expect(parseUnderlay(block)).toEqual([]),
)
