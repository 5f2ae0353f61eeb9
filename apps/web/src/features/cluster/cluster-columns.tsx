import { Ago } from '~/ui/ago.tsx'
import type { Column } from '~/ui/data-table.tsx'
import { Mono } from '~/ui/mono.tsx'
import { StatusMark } from '~/ui/status-mark.tsx'
import { formatMs } from '~/ui/units.ts'
import type { ClusterNode } from './cluster-detail.ts'
import classes from './cluster-nodes.module.css'
import { foundWord } from './found-word.ts'
import { readyWord } from './ready-word.ts'

/** The worst first: what an ascending sort begins with. */
const RANK = { bad: 0, warn: 1, unknown: 2, none: 3, good: 4 } as const satisfies Record<ClusterNode['status'], number>

export const worstNodesFirst = (nodes: readonly ClusterNode[]): ClusterNode[] =>
  nodes.toSorted((a, b) => RANK[a.status] - RANK[b.status])

export const clusterColumns: Column<ClusterNode>[] = [
  {
    id: 'name',
    header: 'Node',
    width: 132,
    grow: 1,
    sortBy: (node) => node.nodeName,
    cell: (node) => (
      <span className={classes.two}>
        <span>{node.nodeName}</span>
        <span className={classes.under}>
          {node.role}
          {node.first && ', first'}
          <Found counts={node.preflight} />
          {node.kubernetesName !== node.nodeName && ` · ${node.kubernetesName}`}
        </span>
      </span>
    ),
  },
  {
    id: 'ready',
    header: 'Kubernetes',
    width: 164,
    grow: 1,
    sortBy: (node) => RANK[node.status],
    cell: (node) =>
      waits(node) ? (
        <span className={classes.waits} title={node.doing}>
          <StatusMark status={node.status} />
          <span>{node.doing}</span>
        </span>
      ) : (
        <span className={classes.two} title={node.text}>
          <span className={classes.marked}>
            <StatusMark status={node.status} />
            {readyWord(node)}
          </span>
          <span className={classes.under} data-status={node.ready === false ? 'bad' : undefined}>
            {node.since ? (
              <>
                {node.ready === false && node.reason ? `${node.reason}, ` : ''}since{' '}
                <Ago at={node.since} suffix={false} />
              </>
            ) : (
              whatItDoes(node)
            )}
          </span>
        </span>
      ),
  },
  {
    id: 'address',
    header: 'INTERNAL-IP',
    width: 128,
    from: 640,
    sortBy: (node) => node.internalIp,
    cell: (node) => (
      <span className={classes.two}>
        {node.internalIp ? <Mono copy>{node.internalIp}</Mono> : <span>–</span>}
        <span className={classes.under} data-status={node.addressFits === false ? 'bad' : undefined}>
          {node.addressFits === null
            ? node.address4
              ? `overlay ${node.address4}`
              : 'no address yet'
            : node.addressFits
              ? 'its overlay address'
              : `not ${node.address4}`}
        </span>
      </span>
    ),
  },
  {
    id: 'pods',
    header: 'Pods',
    width: 148,
    grow: 1,
    from: 480,
    sortBy: (node) => node.podRttMs,
    cell: (node) => (
      <span className={classes.two} title={node.podRanges.join(', ')}>
        {node.podRanges[0] ? <Mono copy>{node.podRanges[0]}</Mono> : <span className={classes.none}>no range yet</span>}
        <span className={classes.under}>
          {node.podAnsweredAt ? (
            <>
              answered {node.podRttMs === null ? '' : `in ${formatMs(node.podRttMs)}, `}
              <Ago at={node.podAnsweredAt} />
            </>
          ) : (
            node.podRanges[0] && 'no pod has answered'
          )}
        </span>
      </span>
    ),
  },
  {
    id: 'version',
    header: 'k3s',
    width: 136,
    from: 800,
    sortBy: (node) => node.version,
    cell: (node) => (
      <span className={classes.two} title={node.certificate?.text}>
        <span>{node.version ?? '–'}</span>
        <span
          className={classes.under}
          data-status={node.certificate && node.certificate.status !== 'good' ? node.certificate.status : undefined}
        >
          {node.certificateUntil ? (
            <>
              cert ends <Ago at={node.certificateUntil} />
            </>
          ) : (
            (SERVICE_WORDS[node.service ?? ''] ?? node.service ?? '')
          )}
        </span>
      </span>
    ),
  },
  {
    id: 'doing',
    header: 'Does',
    width: 128,
    grow: 1,
    from: 960,
    cell: (node) => <span title={node.doing}>{whatItDoes(node)}</span>,
  },
]

/** What was found on its machine; its page has the words. */
function Found({ counts }: { counts: ClusterNode['preflight'] }) {
  const found = foundWord(counts)
  return (
    found && (
      <>
        {' · '}
        <span className={classes.under} data-status={found.status} title="Found on its machine; its page has the words">
          {found.text}
        </span>
      </>
    )
  )
}

const SERVICE_WORDS: Record<string, string> = { absent: 'not there yet', activating: 'starting' }

/** Before Kubernetes lists it, what it waits for is all there is to say. */
const waits = ({ ready, failure, removal }: ClusterNode): boolean =>
  ready === null && failure === null && removal === null

/** Of a failure the words stand above the table. */
const whatItDoes = ({ failure, doing }: ClusterNode): string => (failure ? 'stopped' : doing)
