import type { Metadata } from 'next'
import { NodeDrops } from '~/features/access/node-drops.tsx'
import { SubjectActivity } from '~/features/activity/subject-activity.tsx'
import { NodeView } from '~/features/node/node-view.tsx'
import { HydrateClient, prefetch, trpc } from '~/trpc/server.tsx'

type Props = { params: Promise<{ network: string; node: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const node = await prefetch(trpc.node.get.queryOptions({ id: (await params).node }))
  return { title: node?.name ?? 'Node' }
}

export default async function NodePage({ params }: Props) {
  const { network, node } = await params
  await prefetch(trpc.node.get.queryOptions({ id: node }))
  return (
    <HydrateClient>
      <NodeView
        network={network}
        id={node}
        events={<SubjectActivity network={network} subject={node} />}
        drops={<NodeDrops network={network} node={node} />}
      />
    </HydrateClient>
  )
}
