import { expect, test } from 'vitest'
import { stepped } from './step.ts'

test.each([
  { it: 'an arrow goes one cell', key: 'ArrowDown', from: { row: 1, column: 1 }, to: { row: 2, column: 1 } },
  { it: 'the edge holds', key: 'ArrowUp', from: { row: 0, column: 4 }, to: { row: 0, column: 4 } },
  { it: 'a page stops at the last row', key: 'PageDown', from: { row: 5, column: 2 }, to: { row: 8, column: 2 } },
  { it: 'End is the last column of the row', key: 'End', from: { row: 3, column: 0 }, to: { row: 3, column: 4 } },
  { it: 'Home is the first column of the row', key: 'Home', from: { row: 3, column: 3 }, to: { row: 3, column: 0 } },
  { it: 'from nowhere one comes to the first cell', key: 'ArrowRight', from: null, to: { row: 0, column: 0 } },
])('$it', ({ key, from, to }) => expect(stepped(from, key, 9, 5)).toEqual(to))
