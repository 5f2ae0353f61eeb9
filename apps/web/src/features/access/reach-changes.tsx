'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import { StatusMark } from '~/ui/status-mark.tsx'
import { count } from '~/ui/units.ts'
import classes from './access.module.css'
import type { ReachChange } from './policy-shapes.ts'

type Props = {
  title: string
  kind: 'gained' | 'lost'
  changes: readonly ReachChange[]
  /** lines beyond those listed */
  more: number
}

/** Who gains or loses what, by pair and port, the most pairs first. However long, only what is in sight exists. */
export function ReachChanges({ title, kind, changes, more }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: changes.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 44,
    overscan: 8,
    initialRect: { width: 800, height: 320 },
  })
  const pairs = changes.reduce((all, change) => all + change.pairs, 0)
  return (
    <section className={classes.changes} aria-label={title}>
      <h2 className={classes.changesTitle}>
        <StatusMark status={changes.length === 0 ? 'none' : kind === 'lost' ? 'bad' : 'good'} />
        {title}: {changes.length === 0 ? 'nothing' : `${more > 0 ? 'over ' : ''}${count(pairs, 'pair')}`}
      </h2>
      {changes.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long list scrolls, also by keyboard
        <section ref={scroller} className={classes.changesScroller} tabIndex={0} aria-label={`${title}, line by line`}>
          <ul className={classes.changesList} style={{ height: virtualizer.getTotalSize() }}>
            {virtualizer.getVirtualItems().map((item) => {
              const change = changes[item.index]
              if (!change) return null
              return (
                <li
                  key={item.key}
                  ref={virtualizer.measureElement}
                  data-index={item.index}
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  <p className={classes.changeWho}>
                    <b>{namesOf(change.from)}</b> → <b>{namesOf(change.to)}</b>
                  </p>
                  <p className={classes.changeWhat}>
                    <span>{change.services}</span>
                    {change.families !== 'both' && <span>IPv{change.families} only</span>}
                    <span>{count(change.pairs, 'pair')}</span>
                  </p>
                </li>
              )
            })}
          </ul>
        </section>
      )}
      {more > 0 && <p className={classes.quiet}>And {count(more, 'more line')}, smaller than these.</p>}
    </section>
  )
}

/** As many as are read in one line. */
const NAMED = 5

function namesOf({ names, more }: ReachChange['from']): string {
  const rest = more + Math.max(0, names.length - NAMED)
  const shown = names.slice(0, NAMED).join(', ')
  return rest > 0 ? `${shown} and ${rest} more` : shown
}
