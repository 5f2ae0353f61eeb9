import type { Column } from '~/ui/data-table.tsx'
import { Sparkline } from '~/ui/sparkline.tsx'
import { StatusMark } from '~/ui/status-mark.tsx'
import { count, formatRate } from '~/ui/units.ts'
import { CountFact } from './count-fact.tsx'
import classes from './network-columns.module.css'
import type { NetworkRow } from './network-row.ts'
import { severityOf } from './problem.ts'

export const networkColumns: Column<NetworkRow>[] = [
  {
    id: 'name',
    header: 'Network',
    width: 120,
    grow: 1,
    sortBy: (row) => row.name,
    cell: (row) => (
      <span className={classes.two}>
        <span className={classes.name}>
          {row.name}
          {row.simulated && <span className={classes.tag}>simulated</span>}
        </span>
        <span className={classes.under}>{row.cidr4}</span>
      </span>
    ),
  },
  {
    id: 'problem',
    header: 'Worst problem',
    width: 140,
    grow: 3,
    sortBy: (row) => severityOf(row) || null,
    cell: (row) => (
      <span className={classes.problem}>
        <StatusMark status={row.problem?.severity ?? (row.counts.nodes === 0 ? 'none' : 'good')} />
        <span>{row.problem?.text ?? (row.counts.nodes === 0 ? 'No node has joined yet' : 'None')}</span>
      </span>
    ),
  },
  {
    id: 'nodes',
    header: 'Reporting',
    width: 104,
    from: 480,
    sortBy: (row) => row.counts.nodes,
    cell: (row) => (
      <CountFact good={row.counts.reporting} all={row.counts.nodes} noun="node reports" plural="nodes report" />
    ),
  },
  {
    id: 'tunnels',
    header: 'Tunnels alive',
    width: 112,
    from: 640,
    sortBy: (row) => row.counts.tunnelsKnown,
    cell: (row) => (
      <CountFact
        good={row.counts.tunnelsUp}
        all={row.counts.tunnelsKnown}
        noun="tunnel is alive"
        plural="tunnels are alive"
      />
    ),
  },
  {
    id: 'sites',
    header: 'Sites',
    width: 96,
    from: 960,
    sortBy: (row) => row.counts.sites,
    cell: (row) => (row.counts.sites === 0 ? '–' : count(row.counts.sites, 'site')),
  },
  {
    id: 'traffic',
    header: 'Traffic, last hour',
    width: 192,
    from: 800,
    align: 'end',
    sortBy: (row) => row.rates.rx + row.rates.tx,
    cell: (row) => (
      <span className={classes.traffic}>
        <Sparkline values={row.traffic} />
        <span>{formatRate(row.rates.rx + row.rates.tx)}</span>
      </span>
    ),
  },
]
