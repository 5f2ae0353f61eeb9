'use client'

import { ActionButton } from '~/ui/action-button.tsx'
import { Panel } from '~/ui/panel.tsx'
import { StatusMark } from '~/ui/status-mark.tsx'
import { count, formatMs } from '~/ui/units.ts'
import type { CellFinder } from './cell-finder.ts'
import { valueWords } from './measure.ts'
import type { Cell, Matrix } from './path-shapes.ts'
import { KIND_WORDS, STATUS_MARKS, STATUS_WORDS } from './path-words.ts'
import classes from './paths.module.css'

type Props = {
  matrix: Matrix
  find: CellFinder
  sites: readonly [string, string]
  onOpen: (site: string) => void
  onClose: () => void
}

/** How two sites reach each other, by a few of their pairs; and the way into each. */
export function SitesPanel({ matrix, find, sites, onOpen, onClose }: Props) {
  const [from, to] = sites.map((id) => matrix.rows.findIndex((row) => row.id === id)) as [number, number]
  const [a, b, cell] = [matrix.rows[from], matrix.rows[to], find(from, to)]
  if (!a || !b || !cell) {
    return (
      <Panel title="Two sites" label="Two sites" onClose={onClose}>
        <p className={classes.quiet}>One of these two sites has no nodes any more.</p>
      </Panel>
    )
  }
  const title = `${a.name} → ${b.name}`
  return (
    <Panel
      title={title}
      label={`Paths ${title}`}
      onClose={onClose}
      footer={[a, b].map((site) => (
        <ActionButton key={site.id} variant="default" onClick={() => onOpen(site.id)}>
          Open {site.name}
        </ActionButton>
      ))}
    >
      <p className={classes.verdict}>
        <StatusMark status={STATUS_MARKS[cell.status]} size={14} />
        <span>{howOf(cell)}</span>
      </p>
      <dl className={classes.pairs}>
        <dt>State</dt>
        <dd>{STATUS_WORDS[cell.status]}</dd>
        <dt>Round trip</dt>
        <dd>{formatMs(cell.rttMs)}, the median of a few pairs</dd>
        <dt>Lost</dt>
        <dd>{valueWords('loss', cell.loss)}</dd>
      </dl>
      <p className={classes.hint}>For two of their nodes, type both names above and ask why.</p>
    </Panel>
  )
}

function howOf({ direct, pairs }: Cell): string {
  if (direct === 0) return `${pairs === 1 ? 'Its pair goes' : `All ${count(pairs, 'pair')} go`} ${KIND_WORDS.relayed}.`
  if (direct === pairs) return `All ${count(pairs, 'pair')} direct.`
  return `${direct.toLocaleString('en')} of ${count(pairs, 'pair')} direct; the rest goes ${KIND_WORDS.relayed}.`
}
