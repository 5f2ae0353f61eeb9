'use client'

import { Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { paths } from '~/ui/paths.ts'
import { Section } from '~/ui/section.tsx'
import { ClusterFacts } from './cluster-facts.tsx'
import { ClusterFailure } from './cluster-failure.tsx'
import type { NodeDetail } from './node-detail.ts'
import { RemovalSteps } from './removal-steps.tsx'

// They open on a click: their scripts come with it.
const JoinClusterDialog = dynamic(
  () => import('./join-cluster-dialog.tsx').then((module) => module.JoinClusterDialog),
  { ssr: false },
)
const LeaveClusterDialog = dynamic(
  () => import('./leave-cluster-dialog.tsx').then((module) => module.LeaveClusterDialog),
  { ssr: false },
)

const PlacementDialog = dynamic(() => import('./placement-dialog.tsx').then((module) => module.PlacementDialog), {
  ssr: false,
})

/** What a node does that has nothing left to do: its facts stand below. */
const IN_IT = 'is in the cluster'

/** What the node is in Kubernetes. Nothing stands here in a network without a cluster. */
export function ClusterSection({ node }: { node: NodeDetail }) {
  const whyNot = useWhyNot('operator')
  const [open, setOpen] = useState<'join' | 'leave' | 'place' | null>(null)
  const { data: cluster } = useQuery(useTRPC().cluster.get.queryOptions({ networkId: node.networkId }))
  if (!cluster) return null
  const row = cluster.nodes.find(({ nodeId }) => nodeId === node.id)
  const { name } = cluster.settings
  const link = <Link href={paths.cluster(node.networkId)}>{name}</Link>
  const close = () => setOpen(null)
  if (!row) {
    return (
      <Section
        title="In Kubernetes"
        text={<>It takes part in the network only, not in {link}.</>}
        actions={
          whyNot === null && (
            <ActionButton variant="default" onClick={() => setOpen('join')}>
              Add to the cluster
            </ActionButton>
          )
        }
      >
        {open === 'join' && <JoinClusterDialog node={node} onClose={close} />}
      </Section>
    )
  }
  const whyLeaving = row.removal ? 'It is on its way out already: its steps stand below.' : null
  return (
    <Section
      title="In Kubernetes"
      text={
        <>
          {row.role === 'server' ? 'A server' : 'An agent'} of {link}
          {row.failure || row.doing === IN_IT ? '.' : `: ${row.doing}.`}
        </>
      }
      actions={
        whyNot === null && (
          <Group gap="xs">
            <ActionButton variant="default" why={whyLeaving} onClick={() => setOpen('place')}>
              Labels and taints
            </ActionButton>
            <ActionButton variant="default" why={whyLeaving} onClick={() => setOpen('leave')}>
              Remove from cluster
            </ActionButton>
          </Group>
        )
      }
    >
      {row.failure && <ClusterFailure node={node} failure={row.failure} />}
      {row.removal && <RemovalSteps node={node} steps={row.removal} />}
      <ClusterFacts row={row} />
      {open === 'place' && <PlacementDialog row={row} onClose={close} />}
      {open === 'leave' && <LeaveClusterDialog node={node} name={name} onClose={close} />}
    </Section>
  )
}
