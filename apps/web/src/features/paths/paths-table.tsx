'use client'

import { useMemo } from 'react'
import { Ago } from '~/ui/ago.tsx'
import { type Column, DataTable } from '~/ui/data-table.tsx'
import { Empty } from '~/ui/empty.tsx'
import { paths } from '~/ui/paths.ts'
import { StatusMark } from '~/ui/status-mark.tsx'
import { formatMs } from '~/ui/units.ts'
import { valueWords } from './measure.ts'
import type { Cell, Matrix } from './path-shapes.ts'
import { KIND_WORDS, SIGNS, STATUS_MARKS, STATUS_WORDS, signOf } from './path-words.ts'
import classes from './paths.module.css'

type Row = { id: string; from: string; to: string; href: string; cell: Cell }

const columns: Column<Row>[] = [
  {
    id: 'from',
    header: 'Pair',
    width: 130,
    grow: 1,
    sortBy: ({ from }) => from,
    cell: ({ from, to }) => <span className={classes.ends}>{from === to ? `inside ${from}` : `${from} ↔ ${to}`}</span>,
  },
  {
    id: 'way',
    header: 'Path',
    width: 150,
    sortBy: ({ cell }) => -SIGNS.indexOf(signOf(cell)),
    cell: ({ cell }) => (
      <span className={classes.state}>
        <StatusMark
          status={cell.kind === 'none' ? 'none' : STATUS_MARKS[cell.status]}
          label={STATUS_WORDS[cell.status]}
        />
        {signOf(cell) === 'dead' ? 'dead' : signOf(cell) === 'one-way' ? 'one way only' : KIND_WORDS[cell.kind]}
      </span>
    ),
  },
  {
    id: 'rtt',
    header: 'Round trip',
    width: 88,
    align: 'end',
    from: 480,
    sortBy: ({ cell }) => cell.rttMs,
    cell: ({ cell }) => formatMs(cell.rttMs),
  },
  {
    id: 'loss',
    header: 'Lost',
    width: 64,
    align: 'end',
    from: 480,
    sortBy: ({ cell }) => cell.loss,
    cell: ({ cell }) => valueWords('loss', cell.loss),
  },
  {
    id: 'proven',
    header: 'Proven',
    width: 110,
    from: 640,
    sortBy: ({ cell }) => (cell.evidenceAt === null ? null : -cell.evidenceAt),
    cell: ({ cell }) => (cell.evidenceAt === null ? '–' : <Ago at={cell.evidenceAt} />),
  },
]

type Props = { network: string; matrix: Matrix; shown: ReadonlySet<number> }

/** The matrix for those who read rather than look: each pair a row, what is not well first. */
export function PathsTable({ network, matrix, shown }: Props) {
  const rows = useMemo(() => rowsOf(network, matrix, shown), [network, matrix, shown])
  return (
    <div className={classes.table}>
      <DataTable
        label="Paths"
        rows={rows}
        columns={columns}
        rowId={idOf}
        rowHref={hrefOf}
        empty={<Empty title="No pair here" text="A path has two ends: nothing here has another one." />}
        rowKeys
      />
    </div>
  )
}

const idOf = ({ id }: Row) => id
const hrefOf = ({ href }: Row) => href

function rowsOf(network: string, { by, rows, cells }: Matrix, shown: ReadonlySet<number>): Row[] {
  return cells
    .filter(({ a, b }) => shown.has(a) || shown.has(b))
    .flatMap((cell) => {
      const [from, to] = [rows[cell.a], rows[cell.b]]
      if (!from || !to) return []
      const href =
        by === 'node' ? paths.pathOf(network, from.id, to.id, { table: true }) : paths.pathsOfSite(network, from.id)
      return [{ id: `${from.id} ${to.id}`, from: from.name, to: to.name, href, cell }]
    })
    .sort((x, y) => rank(y.cell) - rank(x.cell) || (x.from < y.from ? -1 : 1))
}

function rank(cell: Cell): number {
  const sign = signOf(cell)
  return sign === 'dead' ? 2 : sign === 'one-way' ? 1 : 0
}
