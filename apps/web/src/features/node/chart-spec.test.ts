import { expect, test } from 'vitest'
import { CHARTS, chartSummary, pointWords, stepOf, valueAt } from './chart-spec.ts'
import type { Series } from './node-detail.ts'

const none = [null, null, null]
const series: Series = {
  ...{ stepSeconds: 20, at: [1_790_000_000, 1_790_000_020, 1_790_000_040] },
  ...{ cpu: [0.1, 0.5, null], memory: none, disk: none, load1: none, rx: [125, 250, 1000], tx: [0, 0, 0] },
}
const chart = (id: string) => CHARTS.find((spec) => spec.id === id) as (typeof CHARTS)[number]

test('a chart says in words what it shows', () => {
  expect(chartSummary(chart('cpu'), series, '1h')).toMatch(
    /^CPU over the last hour: 50.% at last, between 10.% and 50.%$/,
  )
  expect(chartSummary(chart('disk'), series, '30d')).toBe('Disk over the last 30 days: nothing measured')
})

test('without a cursor the number is the last that was measured; at a gap it is none', () => {
  expect(valueAt(series.cpu, null)).toBe(0.5)
  expect(valueAt(series.cpu, 2)).toBeNull()
  expect(valueAt(undefined, 0)).toBeNull()
})

test('what stands at the cursor is spoken with its time, each line by its word', () => {
  expect(pointWords(chart('rate'), series, 1)).toMatch(/^\d\d-\d\d \d\d:\d\d: in 2.0.kbit\/s, out 0.bit\/s$/)
  expect(pointWords(chart('cpu'), series, null)).toMatch(/^latest: 50.%$/)
})

test.each([
  { key: 'ArrowLeft', from: null, to: 99 },
  { key: 'ArrowLeft', from: 0, to: 0 },
  { key: 'ArrowRight', from: 98, to: 99 },
  { key: 'ArrowRight', from: 99, to: 99 },
  { key: 'PageUp', from: 50, to: 40 },
  { key: 'Home', from: 50, to: 0 },
  { key: 'End', from: 0, to: 99 },
  { key: 'Escape', from: 5, to: null },
  { key: 'Escape', from: null, to: undefined },
  { key: 'a', from: 5, to: undefined },
])('$key moves the cursor from $from to $to', ({ key, from, to }) => expect(stepOf(key, from, 100)).toBe(to))
