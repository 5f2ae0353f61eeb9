'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import Link from 'next/link'
import { useRef } from 'react'
import { Ago } from '~/ui/ago.tsx'
import { paths } from '~/ui/paths.ts'
import { formatRate } from '~/ui/units.ts'
import { FactMarks } from './fact-marks.tsx'
import classes from './node-cards.module.css'
import type { NodeRow } from './node-row.ts'

const HEIGHT = 84

/** The same nodes for a thumb: a card each, only those in sight. */
export function NodeCards({ rows, empty }: { rows: readonly NodeRow[]; empty: React.ReactNode }) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => HEIGHT,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
  })
  return (
    <section ref={scroller} className={classes.scroller} aria-label="Nodes">
      <ul className={classes.list} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const row = rows[item.index]
          return row ? (
            <li
              key={row.id}
              className={classes.card}
              style={{ height: HEIGHT, transform: `translateY(${item.start}px)` }}
            >
              <Card row={row} />
            </li>
          ) : null
        })}
      </ul>
      {rows.length === 0 && empty}
    </section>
  )
}

function Card({ row }: { row: NodeRow }) {
  const invited = row.state === 'invited'
  const worst = worstSentence(row)
  return (
    <>
      <div className={classes.head}>
        <Link
          className={classes.name}
          href={invited ? paths.addNodeOf(row.networkId, row.id) : paths.node(row.networkId, row.id)}
          prefetch={false}
        >
          {row.name}
        </Link>
        <FactMarks facts={row.facts} />
      </div>
      <p className={classes.about}>{[row.role, row.siteName, row.address4].filter(Boolean).join(' · ')}</p>
      <p className={classes.about}>
        {worst ??
          (invited ? (
            'invited: continue with its line'
          ) : (
            <>
              {row.reportedAt && <Ago at={row.reportedAt} />}
              {row.rxRate !== null && ` · in ${formatRate(row.rxRate)}, out ${formatRate(row.txRate)}`}
            </>
          ))}
      </p>
    </>
  )
}

/** The three facts are not mixed: the one that is worst speaks for itself. */
function worstSentence(row: NodeRow): string | null {
  if (row.state === 'quarantined') return 'quarantined: a possible clone'
  const facts = Object.values(row.facts)
  return (facts.find((fact) => fact.status === 'bad') ?? facts.find((fact) => fact.status === 'warn'))?.text ?? null
}
