import { expect, test } from 'vitest'
import { jsonLine, median, tableHead, tableLine } from './measurement.ts'

const found = { value: 123.456789, unit: 'ms', reference: 61.7283945 }

test('a line of --json is one object with the five keys, and the ratio is value / reference', () => {
  const line = jsonLine('propagation-1000', found)
  expect(line).not.toContain('\n')
  expect(line).toBe('{"name":"propagation-1000","value":123.5,"unit":"ms","reference":61.73,"ratio":2}')
})

test('the columns of the table stand under their heads', () => {
  const line = tableLine('propagation-1000', found, 'one change')
  expect(line.indexOf('one change')).toBe(tableHead.indexOf('what it is'))
  expect(line).toMatch(/^propagation-1000 +123 {2}ms +61\.7 +2 {2}one change$/)
})

test.each([
  { values: [3, 1, 2], want: 2 },
  { values: [4, 1, 3, 2], want: 2.5 },
  { values: [7], want: 7 },
])('the median of $values is $want', ({ values, want }) => expect(median(values)).toBe(want))

test('the median of nothing is an error, not a number', () => {
  expect(() => median([])).toThrow('nothing was measured')
})
