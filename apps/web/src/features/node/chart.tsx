'use client'

import { useComputedColorScheme } from '@mantine/core'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { exactTime } from '~/ui/ago.tsx'
import classes from './chart.module.css'
import { type ChartSpec, chartSummary, pointWords, type Range, stepOf, valueAt } from './chart-spec.ts'
import type { Series } from './node-detail.ts'
import type { Plot } from './plot.ts'

type Props = { spec: ChartSpec; series: Series | undefined; range: Range; group: string }

/** One chart: its latest number in words, its shape below. The number follows the cursor, by pointer or arrow keys, on all charts at once. */
export function Chart({ spec, series, range, group }: Props) {
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<Plot | null>(null)
  const [point, setPoint] = useState<number | null>(null)
  const [failed, setFailed] = useState(false)
  const latest = useRef(series)
  const scheme = useComputedColorScheme('light')

  useEffect(() => {
    let gone = false
    import('./plot.ts')
      .then(({ makePlot }) => {
        if (gone || !host.current) return
        plot.current = makePlot(host.current, spec, group, setPoint)
        if (latest.current) plot.current.draw(latest.current)
      })
      .catch(() => setFailed(true))
    return () => {
      gone = true
      plot.current?.destroy()
      plot.current = null
    }
  }, [spec, group])

  useEffect(() => {
    latest.current = series
    if (series) plot.current?.draw(series)
  }, [series])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read anew when the scheme changes
  useEffect(() => {
    // the attribute on <html> changes in the same turn; the colours after it
    const frame = requestAnimationFrame(() => plot.current?.recolour())
    return () => cancelAnimationFrame(frame)
  }, [scheme])

  const measured = series && spec.lines.some(({ key }) => series[key].some((value) => value !== null))
  const at = point === null ? undefined : series?.at[point]
  const onKeyDown = (event: KeyboardEvent) => {
    const next = stepOf(event.key, point, series?.at.length ?? 0)
    if (next === undefined) return
    event.preventDefault()
    plot.current?.pointTo(next)
  }
  return (
    <figure className={classes.chart} data-wide={spec.wide || undefined}>
      <figcaption className={classes.caption}>
        <span className={classes.title}>{spec.title}</span>
        <span className={classes.values}>
          {at !== undefined && <span className={classes.when}>{exactTime(new Date(at * 1000)).slice(5, 16)}</span>}
          {spec.lines.map(({ key, word, dashed }, index) => (
            <span key={key} className={classes.value}>
              {word && (
                <>
                  <span className={classes.sample} data-line={index} data-dashed={dashed || undefined} aria-hidden />
                  {word}{' '}
                </>
              )}
              <b>{spec.format(valueAt(series?.[key], point))}</b>
            </span>
          ))}
        </span>
      </figcaption>
      <div className={classes.field}>
        <div
          ref={host}
          className={classes.host}
          role="slider"
          tabIndex={measured ? 0 : -1}
          aria-label={series ? chartSummary(spec, series, range) : `${spec.title}: loading`}
          aria-valuemin={0}
          aria-valuemax={Math.max(0, (series?.at.length ?? 1) - 1)}
          aria-valuenow={point ?? Math.max(0, (series?.at.length ?? 1) - 1)}
          aria-valuetext={pointWords(spec, series, point)}
          onKeyDown={onKeyDown}
          onBlur={() => plot.current?.pointTo(null)}
        />
        {series && !measured && <p className={classes.empty}>Nothing measured in this time</p>}
        {failed && <p className={classes.empty}>The chart could not be loaded; the numbers above are right.</p>}
      </div>
    </figure>
  )
}
