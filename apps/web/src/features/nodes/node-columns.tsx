import { Ago } from '~/ui/ago.tsx'
import type { Column } from '~/ui/data-table.tsx'
import { Mono } from '~/ui/mono.tsx'
import { StatusMark } from '~/ui/status-mark.tsx'
import { formatPercent, formatRate } from '~/ui/units.ts'
import { FactMarks } from './fact-marks.tsx'
import { InvitedCell } from './invited-cell.tsx'
import classes from './node-columns.module.css'
import type { NodeRow } from './node-row.ts'
import { trouble } from './trouble.ts'

export const nodeColumns = [
  {
    id: 'name',
    header: 'Node',
    width: 148,
    grow: 2,
    sortBy: (row) => row.name,
    cell: (row) => (
      <>
        {row.name}
        {row.state !== 'active' && row.state !== 'enrolled' && <span className={classes.state}>{row.state}</span>}
      </>
    ),
  },
  {
    id: 'facts',
    header: 'Facts',
    width: 72,
    // The first click brings the trouble up.
    sortBy: (row) => -trouble(row),
    cell: (row) => <FactMarks facts={row.facts} />,
  },
  { id: 'role', header: 'Role', width: 72, from: 800, sortBy: (row) => row.role, cell: (row) => row.role },
  {
    id: 'site',
    header: 'Site',
    width: 88,
    grow: 1,
    from: 640,
    sortBy: (row) => row.siteName,
    cell: (row) => <Quiet>{row.siteName}</Quiet>,
  },
  {
    id: 'address',
    header: 'Address',
    width: 104,
    from: 480,
    sortBy: (row) => addressOrder(row.address4),
    cell: (row) => (row.address4 ? <Mono copy>{row.address4}</Mono> : <Quiet>{null}</Quiet>),
  },
  {
    id: 'cpu',
    header: 'CPU',
    width: 60,
    align: 'end',
    from: 960,
    sortBy: (row) => row.cpu,
    cell: (row) => <Share of={row.cpu} />,
  },
  {
    id: 'memory',
    header: 'Memory',
    width: 72,
    align: 'end',
    from: 960,
    sortBy: (row) => row.memoryUsed,
    cell: (row) => <Share of={row.memoryUsed} />,
  },
  {
    id: 'disk',
    header: 'Disk',
    width: 60,
    align: 'end',
    from: 960,
    sortBy: (row) => row.diskUsed,
    cell: (row) => <Share of={row.diskUsed} />,
  },
  {
    id: 'rate',
    header: 'In, out',
    width: 172,
    align: 'end',
    from: 800,
    sortBy: (row) => (row.rxRate === null ? null : row.rxRate + (row.txRate ?? 0)),
    cell: (row) => (
      <span className={classes.rate}>
        <span>{formatRate(row.rxRate)}</span>
        <span>{formatRate(row.txRate)}</span>
      </span>
    ),
  },
  {
    id: 'report',
    header: 'Last report',
    width: 112,
    from: 640,
    sortBy: (row) => (row.reportedAt ? -Date.parse(row.reportedAt) : null),
    cell: (row) =>
      row.state === 'invited' ? (
        <InvitedCell row={row} />
      ) : row.reportedAt ? (
        <Ago at={row.reportedAt} />
      ) : (
        <Quiet>{null}</Quiet>
      ),
  },
  {
    id: 'version',
    header: 'Version',
    width: 60,
    from: 1120,
    sortBy: (row) => row.scriptVersion,
    cell: (row) => (
      <span
        title={[row.os, row.kernel && `kernel ${row.kernel}`, row.wireguard && `WireGuard: ${row.wireguard}`]
          .filter(Boolean)
          .join(', ')}
      >
        <Quiet>{row.scriptVersion}</Quiet>
      </span>
    ),
  },
  {
    id: 'revision',
    header: 'Revision',
    width: 96,
    from: 1120,
    sortBy: (row) => (row.revision.applied === null ? null : row.revision.desired - row.revision.applied),
    cell: (row) => <Revision row={row} />,
  },
  {
    id: 'load',
    header: 'Load',
    width: 64,
    align: 'end',
    sortBy: (row) => row.load1,
    cell: (row) => <Quiet>{row.load1?.toFixed(2) ?? null}</Quiet>,
  },
  {
    id: 'address6',
    header: 'IPv6',
    width: 176,
    sortBy: (row) => row.address6,
    cell: (row) => (row.address6 ? <Mono copy>{row.address6}</Mono> : <Quiet>{null}</Quiet>),
  },
  {
    id: 'endpoint',
    header: 'Endpoint',
    width: 168,
    sortBy: (row) => row.endpoint,
    cell: (row) => (row.endpoint ? <Mono copy>{row.endpoint}</Mono> : <Quiet>{null}</Quiet>),
  },
  { id: 'os', header: 'System', width: 200, grow: 1, sortBy: (row) => row.os, cell: (row) => <Quiet>{row.os}</Quiet> },
  {
    id: 'kernel',
    header: 'Kernel',
    width: 132,
    sortBy: (row) => row.kernel,
    cell: (row) => <Quiet>{row.kernel}</Quiet>,
  },
] satisfies Column<NodeRow>[] as Column<NodeRow>[]

/** What stands in the table until somebody chooses otherwise. */
export const DEFAULT_COLUMNS = nodeColumns
  .map((column) => column.id)
  .filter((id) => !['load', 'address6', 'endpoint', 'os', 'kernel'].includes(id))

function Quiet({ children }: { children: string | null }) {
  return children === null ? <span className={classes.quiet}>–</span> : children
}

/** A share as number and bar; past nine tenths it is said by weight too. */
function Share({ of }: { of: number | null }) {
  if (of === null) return <span className={classes.quiet}>–</span>
  return (
    <span className={classes.share} data-full={of >= 0.9 || undefined}>
      {formatPercent(of)}
      <span className={classes.bar} aria-hidden>
        <span style={{ width: `${of * 100}%` }} />
      </span>
    </span>
  )
}

function Revision({ row: { revision, state } }: { row: NodeRow }) {
  if (state === 'invited' || revision.applied === null) return <span className={classes.quiet}>–</span>
  if (revision.current) return <span title="It has the present configuration">{revision.applied}</span>
  return (
    <span className={classes.behind} title={`Applied ${revision.applied} of ${revision.desired}`}>
      <StatusMark status="warn" />
      {revision.desired - revision.applied > 0 ? `${revision.desired - revision.applied} behind` : 'behind'}
    </span>
  )
}

/** 10.77.0.9 before 10.77.0.10 */
function addressOrder(address: string | null): number | null {
  return address === null ? null : address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}
