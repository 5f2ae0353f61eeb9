import { exactTime } from '~/ui/ago.tsx'
import { formatPercent, formatRate } from '~/ui/units.ts'
import type { Series } from './node-detail.ts'

export type Line = {
  key: Exclude<keyof Series, 'at' | 'stepSeconds'>
  /** beside the number when a chart has several */
  word?: string
  dashed?: boolean
}

export type ChartSpec = {
  id: string
  title: string
  lines: readonly Line[]
  format: (value: number | null) => string
  /** shares stand on a scale of 0 to 1, whatever their size */
  max: number | null
  wide?: boolean
}

export const CHARTS: readonly ChartSpec[] = [
  {
    id: 'rate',
    title: 'Tunnel traffic',
    lines: [
      { key: 'rx', word: 'in' },
      { key: 'tx', word: 'out', dashed: true },
    ],
    format: formatRate,
    max: null,
    wide: true,
  },
  { id: 'cpu', title: 'CPU', lines: [{ key: 'cpu' }], format: formatPercent, max: 1 },
  { id: 'memory', title: 'Memory', lines: [{ key: 'memory' }], format: formatPercent, max: 1 },
  {
    id: 'load',
    title: 'Load, 1 min',
    lines: [{ key: 'load1' }],
    format: (value) => value?.toFixed(2) ?? '–',
    max: null,
  },
  { id: 'disk', title: 'Disk', lines: [{ key: 'disk' }], format: formatPercent, max: 1 },
]

export const RANGES = ['1h', '6h', '24h', '7d', '30d'] as const
export type Range = (typeof RANGES)[number]

export const RANGE_WORDS: Record<Range, string> = {
  '1h': 'the last hour',
  '6h': 'the last 6 hours',
  '24h': 'the last 24 hours',
  '7d': 'the last 7 days',
  '30d': 'the last 30 days',
}

/** What the picture says, for those who do not see it. */
export function chartSummary(spec: ChartSpec, series: Series, range: Range): string {
  const parts = spec.lines.map(({ key, word }) => {
    const values = series[key].filter((value) => value !== null)
    if (values.length === 0) return [word, 'nothing measured'].filter(Boolean).join(' ')
    const [least, most, last] = [Math.min(...values), Math.max(...values), values.at(-1) ?? null]
    const text = `${spec.format(last)} at last, between ${spec.format(least)} and ${spec.format(most)}`
    return word ? `${word} ${text}` : text
  })
  return `${spec.title} over ${RANGE_WORDS[range]}: ${parts.join('; ')}`
}

/** At the cursor; without one the last that was measured. */
export function valueAt(values: readonly (number | null)[] | undefined, point: number | null): number | null {
  if (!values) return null
  return point === null ? (values.findLast((value) => value !== null) ?? null) : (values[point] ?? null)
}

/** What stands at the cursor, spoken. */
export function pointWords(spec: ChartSpec, series: Series | undefined, point: number | null): string {
  const at = point === null ? undefined : series?.at[point]
  const values = spec.lines.map(({ key, word }) =>
    [word, spec.format(valueAt(series?.[key], point))].filter(Boolean).join(' '),
  )
  return `${at === undefined ? 'latest' : exactTime(new Date(at * 1000)).slice(5, 16)}: ${values.join(', ')}`
}

/** Where an arrow key moves the cursor: null puts it away, undefined is no key of ours. A page is a tenth of the chart. */
export function stepOf(key: string, point: number | null, length: number): number | null | undefined {
  const from = point ?? length
  const page = Math.max(1, Math.round(length / 10))
  const to = {
    ArrowLeft: from - 1,
    ArrowRight: from + 1,
    PageUp: from - page,
    PageDown: from + page,
    Home: 0,
    End: length - 1,
  }[key]
  if (key === 'Escape') return point === null ? undefined : null
  return to === undefined ? undefined : Math.max(0, Math.min(length - 1, to))
}
