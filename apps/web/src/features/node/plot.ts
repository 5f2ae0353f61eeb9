/** The only file that knows uPlot: it comes with its style when the first chart is drawn. */
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { ChartSpec } from './chart-spec.ts'
import type { Series } from './node-detail.ts'
import { lonely, withoutShortGaps } from './short-gaps.ts'

const HEIGHT = 128

export type Plot = {
  draw: (series: Series) => void
  /** the cursor of all charts of the node goes to this step; null puts it away */
  pointTo: (index: number | null) => void
  /** the colour scheme changed */
  recolour: () => void
  destroy: () => void
}

/** Draws into `host`; `onPoint` hears which step the cursor is at on any chart of the same node, null when it left. */
export function makePlot(
  host: HTMLElement,
  spec: ChartSpec,
  group: string,
  onPoint: (index: number | null) => void,
): Plot {
  const colour = (name: string) => getComputedStyle(host).getPropertyValue(name).trim()
  const axis = {
    stroke: () => colour('--text-3'),
    font: `12px ${getComputedStyle(host).fontFamily}`,
    ticks: { show: false },
    border: { show: false },
    grid: { stroke: () => colour('--line'), width: 1 },
  }
  const plot = new uPlot(
    {
      width: host.clientWidth || 300,
      height: HEIGHT,
      padding: [10, 18, 0, 0],
      legend: { show: false },
      cursor: { sync: { key: group }, drag: { x: false, y: false }, y: false, points: { size: 7 } },
      scales: { x: { time: true }, y: { range: (_, _min, max) => [0, spec.max ?? niceMax(max)] } },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 24,
          gap: 4,
          space: 64,
          values: (self, splits) => splits.map((at) => timeText(at, spanOf(self))),
        },
        {
          ...axis,
          size: spec.max === null && spec.wide ? 84 : 52,
          gap: 6,
          splits: (_, _axis, _min, max) => [0, max / 2, max],
          values: (_, splits) => splits.map((value) => spec.format(value)),
        },
      ],
      series: [
        {},
        ...spec.lines.map((line, index) => ({
          stroke: () => colour(index === 0 ? '--accent' : '--warn-mark'),
          fill: index === 0 ? () => `${colour('--accent')}1a` : undefined,
          width: 1.5,
          dash: line.dashed ? [5, 3] : undefined,
          points: {
            show: true,
            size: 4,
            filter: (self: uPlot, at: number) => lonely(self.data[at] as (number | null)[]),
          },
        })),
      ],
      hooks: { setCursor: [(self) => onPoint(self.cursor.idx ?? null)] },
    },
    [[], ...spec.lines.map(() => [])],
    host,
  )
  const resized = new ResizeObserver(() => {
    if (host.clientWidth > 0 && host.clientWidth !== plot.width)
      plot.setSize({ width: host.clientWidth, height: HEIGHT })
  })
  resized.observe(host)
  return {
    draw: (series) =>
      plot.setData([
        series.at,
        ...spec.lines.map(({ key }) => withoutShortGaps(series[key], series.stepSeconds)),
      ] as uPlot.AlignedData),
    pointTo: (index) => {
      const at = index === null ? undefined : plot.data[0][index]
      plot.setCursor({ left: at === undefined ? -10 : plot.valToPos(at, 'x'), top: at === undefined ? -10 : 10 })
    },
    recolour: () => plot.redraw(false),
    destroy: () => {
      resized.disconnect()
      plot.destroy()
    },
  }
}

const DAY = 86_400

function spanOf({ scales }: uPlot): number {
  return (scales.x?.max ?? 0) - (scales.x?.min ?? 0)
}

/** '15:20' within a day or so; 'Nov 21' over more: one line either way. */
function timeText(at: number, span: number): string {
  const date = new Date(at * 1000)
  const options =
    span <= 1.5 * DAY
      ? ({ hour: '2-digit', minute: '2-digit' } as const)
      : ({ month: 'short', day: 'numeric' } as const)
  return date.toLocaleString('en', { ...options, hourCycle: 'h23' })
}

/** The next of 1, 2, 5 times a power of ten: the top of the scale is a number one can read. */
function niceMax(max: number | null): number {
  if (max === null || max <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(max))
  return [1, 2, 5, 10].map((step) => step * power).find((top) => top >= max) ?? max
}
