import { expect, test } from 'vitest'
import golden from './golden/talk.txt?raw'
import { parseTalk } from './parse-talk.ts'

test('the golden block', () =>
  expect(parseTalk(golden)).toEqual([
    { address: '10.77.0.9', packets: 4123, bytes: 812345 },
    { address: 'fd12:3456:789a::9', packets: 12, bytes: 960 },
    { address: '10.42.3.7', packets: 2, bytes: 120 },
  ]))

test.each([
  '10.77.0.9',
  '10.77.0.9 1',
  '10.77.0.9 -1 1',
  '10.77.0.9 1 1e9',
  '10.77.0.9/32 1 1',
  'home-2 1 1',
  '10.77.0.9 1 1 1',
])('%s says nothing, and the next line counts', (line) =>
  expect(parseTalk(`${line}\n10.77.0.3 1 2`)).toEqual([{ address: '10.77.0.3', packets: 1, bytes: 2 }]),
)

test('an address counts once, and no more than there may be', () => {
  expect(parseTalk('10.77.0.3 1 2\n10.77.0.3 9 9')).toEqual([{ address: '10.77.0.3', packets: 1, bytes: 2 }])
  const lines = Array.from({ length: 100 }, (_, i) => `10.77.0.${i + 1} 1 1`)
  expect(parseTalk(lines.join('\n'))).toHaveLength(64)
})
