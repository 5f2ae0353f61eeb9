import { Ago } from '~/ui/ago.tsx'
import { type Column, DataTable } from '~/ui/data-table.tsx'
import { Empty } from '~/ui/empty.tsx'
import { paths } from '~/ui/paths.ts'
import { StatusMark } from '~/ui/status-mark.tsx'
import { formatMs, formatPercent, formatRate } from '~/ui/units.ts'
import { LOOKS, type Look, lookMark, lookOf, lookWords } from './edge-look.ts'
import type { Graph, GraphEdge } from './graph.ts'
import classes from './topology.module.css'

interface Props {
  network: string
  graph: Graph
}

interface Row {
  id: string
  href: string
  name: string
  look: Look
  site: string
  edge: GraphEdge
}

const columns: Column<Row>[] = [
  { id: 'tunnel', header: 'Tunnel', width: 240, grow: 1, sortBy: ({ name }) => name, cell: ({ name }) => name },
  {
    id: 'state',
    header: 'State',
    width: 180,
    sortBy: ({ look }) => -LOOKS.indexOf(look),
    cell: ({ look, edge }) => (
      <span className={classes.state} title={edge.text}>
        <StatusMark status={lookMark(look)} />
        {lookWords(look)}
      </span>
    ),
  },
  { id: 'site', header: 'Site', width: 110, from: 800, sortBy: ({ site }) => site, cell: ({ site }) => site || '–' },
  {
    id: 'rtt',
    header: 'Round trip',
    width: 90,
    align: 'end',
    sortBy: ({ edge }) => edge.rttMs,
    cell: ({ edge }) => formatMs(edge.rttMs),
  },
  {
    id: 'loss',
    header: 'Lost',
    width: 64,
    align: 'end',
    from: 640,
    sortBy: ({ edge }) => edge.loss,
    cell: ({ edge }) => formatPercent(edge.loss),
  },
  {
    id: 'rate',
    header: 'Traffic',
    width: 96,
    align: 'end',
    from: 480,
    sortBy: ({ edge }) => edge.rate,
    cell: ({ edge }) => formatRate(edge.rate),
  },
  {
    id: 'measured',
    header: 'Measured',
    width: 110,
    from: 480,
    sortBy: ({ edge }) => (edge.evidenceAt ? -Date.parse(edge.evidenceAt) : null),
    cell: ({ edge }) => (edge.evidenceAt ? <Ago at={edge.evidenceAt} /> : 'never'),
  },
]

/** The picture for those who read rather than look: each measured tunnel a row, what is not well first. */
export function TopologyTable({ network, graph }: Props) {
  return (
    <div className={classes.tableWrap}>
      <DataTable
        label="Measured tunnels"
        rows={rowsOf(network, graph)}
        columns={columns}
        rowId={idOf}
        rowHref={hrefOf}
        rowName={nameOf}
        empty={<Empty title="No tunnel here" text="No tunnel of these nodes has been measured yet." />}
        rowKeys
      />
    </div>
  )
}

const idOf = ({ id }: Row) => id
const hrefOf = ({ href }: Row) => href
const nameOf = ({ name }: Row) => name

/** A row leads to the member's page: the gateway has many tunnels, a member few. */
function rowsOf(network: string, { nodes, edges }: Graph): Row[] {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  return edges
    .map((edge): Row => {
      const ends = [byId.get(edge.a), byId.get(edge.b)]
      const member = ends.find((node) => node?.role === 'member') ?? ends[0]
      const other = ends.find((node) => node !== member)
      return {
        ...{ id: edge.id, edge, look: lookOf(edge), site: member?.siteName ?? '' },
        href: paths.node(network, member?.id ?? edge.a),
        name: `${member?.name ?? '?'} ↔ ${other?.name ?? '?'}`,
      }
    })
    .sort((a, b) => LOOKS.indexOf(b.look) - LOOKS.indexOf(a.look) || (a.name < b.name ? -1 : 1))
}
