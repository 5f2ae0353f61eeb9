import Link from 'next/link'
import { Ago } from '~/ui/ago.tsx'
import { paths } from '~/ui/paths.ts'
import { StatusMark } from '~/ui/status-mark.tsx'
import { formatMs, formatRate } from '~/ui/units.ts'
import { edgeMark, edgeWord } from './edge-words.ts'
import type { Graph } from './graph.ts'
import classes from './topology.module.css'

interface Props {
  network: string
  graph: Graph
  kept: ReadonlySet<string> | null
}

/** The picture for those who read rather than look: each measured tunnel a row, what is not well first. */
export function TopologyTable({ network, graph, kept }: Props) {
  const names = new Map(graph.nodes.map((node) => [node.id, node.name]))
  const order = { down: 0, 'one-way': 1, stale: 2, unknown: 3, up: 4 }
  const rows = graph.edges
    .filter((edge) => kept === null || kept.has(edge.a) || kept.has(edge.b))
    .sort((left, right) => order[left.status] - order[right.status] || left.id.localeCompare(right.id))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={classes.tableWrap} tabIndex={0} aria-label="Measured tunnels">
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Tunnel</th>
            <th scope="col">State</th>
            <th scope="col">Round trip</th>
            <th scope="col">Traffic</th>
            <th scope="col">Measured</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((edge) => (
            <tr key={edge.id}>
              <td>
                <Link href={paths.node(network, edge.a)}>{names.get(edge.a)}</Link> ↔{' '}
                <Link href={paths.node(network, edge.b)}>{names.get(edge.b)}</Link>
              </td>
              <td title={edge.text}>
                <StatusMark status={edgeMark(edge)} label={edge.status} /> {edgeWord(edge)}
              </td>
              <td>{formatMs(edge.rttMs)}</td>
              <td>{formatRate(edge.rate)}</td>
              <td>{edge.evidenceAt ? <Ago at={edge.evidenceAt} /> : 'never'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p className={classes.text}>No tunnel here has been measured yet.</p>}
    </section>
  )
}
