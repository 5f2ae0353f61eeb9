'use client'

import { useMemo } from 'react'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { DataTable } from '~/ui/data-table.tsx'
import { Empty } from '~/ui/empty.tsx'
import { paths } from '~/ui/paths.ts'
import { clusterColumns, worstNodesFirst } from './cluster-columns.tsx'
import type { ClusterDetail } from './cluster-detail.ts'
import classes from './cluster-nodes.module.css'
import { NodeTrouble } from './node-trouble.tsx'

const ROW = 56
/** as many rows as are read at once; more scroll */
const SHOWN = 14

type Props = { network: string; cluster: ClusterDetail }

/** The machines of the cluster: those in trouble in words first, then each as a row. */
export function ClusterNodes({ network, cluster }: Props) {
  const whyNot = useWhyNot('operator')
  const nodes = useMemo(() => worstNodesFirst(cluster.nodes), [cluster.nodes])
  if (nodes.length === 0) {
    return (
      <Empty
        title="No machine has a part in it yet"
        text="The first one is a server: it makes the cluster, and its API and datastore begin there. Agents join it."
        action={whyNot === null && <ActionButton href={paths.addNode(network)}>Add its first server</ActionButton>}
      />
    )
  }
  return (
    <>
      <NodeTrouble network={network} nodes={nodes} told={cluster.rollout?.sentence ?? ''} />
      <div className={classes.table} style={{ height: 38 + ROW * Math.min(nodes.length, SHOWN) + 17 }}>
        <DataTable
          label="Nodes of the cluster"
          rows={nodes}
          columns={clusterColumns}
          rowId={(node) => node.nodeId}
          rowHref={(node) => paths.node(network, node.nodeId)}
          rowHeight={ROW}
          rowKeys
        />
      </div>
    </>
  )
}
