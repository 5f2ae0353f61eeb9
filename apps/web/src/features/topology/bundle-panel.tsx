import { Panel } from '~/ui/panel.tsx'
import { StatusMark } from '~/ui/status-mark.tsx'
import { count, formatRate } from '~/ui/units.ts'
import { LOOKS, type Look, lookMark, lookOf, lookWords } from './edge-look.ts'
import type { Graph } from './graph.ts'
import type { Selection } from './selection.ts'
import classes from './topology.module.css'
import { TunnelList } from './tunnel-list.tsx'

interface Props {
  graph: Graph
  /** 'site~gateway', as in the URL */
  id: string
  onSelect(selection: Selection): void
  onClose(): void
}

/** The tunnels between one site and one gateway: how many of each kind, then each. */
export function BundlePanel({ graph, id, onSelect, onClose }: Props) {
  const [site, gateway] = id.split('~')
  const members = new Map(graph.nodes.filter((node) => node.siteId === site).map((node) => [node.id, node]))
  const edges = graph.edges.filter(({ a, b }) => (a === gateway && members.has(b)) || (b === gateway && members.has(a)))
  const title = `${[...members.values()][0]?.siteName ?? 'a site'} ↔ ${graph.nodes.find((node) => node.id === gateway)?.name ?? 'a gateway'}`
  const counts = new Map<Look, number>()
  for (const edge of edges) counts.set(lookOf(edge), (counts.get(lookOf(edge)) ?? 0) + 1)
  return (
    <Panel title={title} label={`Tunnels ${title}`} onClose={onClose}>
      <ul className={classes.counts}>
        {LOOKS.filter((look) => counts.has(look))
          .toReversed()
          .map((look) => (
            <li key={look}>
              <StatusMark status={lookMark(look)} />
              {count(counts.get(look) ?? 0, 'tunnel')}: {lookWords(look).toLowerCase()}
            </li>
          ))}
      </ul>
      <dl className={classes.pairs}>
        <dt>Together</dt>
        <dd>{formatRate(edges.reduce((sum, { rate }) => sum + rate, 0))}, both ways</dd>
      </dl>
      <TunnelList graph={graph} edges={edges} from={gateway ?? null} onSelect={onSelect} />
    </Panel>
  )
}
