import { expect, test } from 'vitest'
import { sortRows } from './sort-rows.ts'

const sorted = (values: (string | number | null)[], desc = false) => sortRows(values, (value) => value, desc)

test('names sort as people count', () => {
  expect(sorted(['node-10', 'node-2', 'Node-1'])).toEqual(['Node-1', 'node-2', 'node-10'])
})

test.each([false, true])('what has no value goes last (descending: %s)', (desc) => {
  expect(sorted([null, 2, 1, null], desc)).toEqual(desc ? [2, 1, null, null] : [1, 2, null, null])
})

test('equal rows keep their order in either direction', () => {
  const rows = [
    { id: 'a', load: 1 },
    { id: 'b', load: 1 },
    { id: 'c', load: 0 },
  ]
  expect(sortRows(rows, (row) => row.load, false).map(({ id }) => id)).toEqual(['c', 'a', 'b'])
  expect(sortRows(rows, (row) => row.load, true).map(({ id }) => id)).toEqual(['a', 'b', 'c'])
})

test('the rows given stay as they are', () => {
  const rows = [2, 1]
  sortRows(rows, (row) => row, false)
  expect(rows).toEqual([2, 1])
})
