import { expect, test } from 'vitest'
import { lonely, withoutShortGaps } from './short-gaps.ts'

test.each([
  { it: 'drawn through a step that fell between two reports', values: [1, null, 2], step: 20, want: [1, undefined, 2] },
  {
    it: 'broken where reports were missing for longer than a node stays fresh',
    values: [1, null, null, null, 2],
    step: 20,
    want: [1, null, null, null, 2],
  },
  { it: 'broken at any empty step of a coarse range', values: [1, null, 2], step: 300, want: [1, null, 2] },
  { it: 'not begun before the first measure', values: [null, 1, 2], step: 20, want: [null, 1, 2] },
  { it: 'not drawn on after the last', values: [1, 2, null], step: 20, want: [1, 2, null] },
])('a line is $it', ({ values, step, want }) => expect(withoutShortGaps(values, step)).toEqual(want))

test('a single measure between two gaps is shown as a point', () => {
  expect(lonely([null, 5, null, 6, 7, null, 8])).toEqual([1, 6])
})

test('a measure that is joined over a short gap needs no point', () => {
  expect(lonely([5, undefined, 6, null])).toEqual([])
})
